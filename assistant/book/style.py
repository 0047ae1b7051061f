"""How the book looks: sizes, paper, the letters at the edge. Black on white, so that every printer will do."""

from __future__ import annotations

from collections.abc import Sequence

PAPERS: dict[str, tuple[str, float]] = {"a4": ("A4", 297.0), "letter": ("Letter", 279.4)}
"""Name of the paper in CSS, and its height in mm."""
SIZES_PT = (18, 24, 32)
SMALLEST_PT = 18
"""Nothing in the book is smaller, page numbers included."""
TOP_MM, RIGHT_MM, BOTTOM_MM, LEFT_MM = 18, 22, 18, 18
TAB_MM = 16
"""Side of the black square at the edge that holds the group's letter. Printers leave about 5 mm white, so the letter
stands clear of that."""

FONTS = (
    '"Atkinson Hyperlegible Next", "Atkinson Hyperlegible", Arial, "Liberation Sans", Verdana, '
    '"DejaVu Sans", sans-serif'
)
MARGIN_TEXT = f"font: {SMALLEST_PT}pt {FONTS}; color: #000;"

LAYOUT = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
/* pre-wrap: a heading on two lines keeps its space in the outline */
html { background: #fff; color: #000; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body { margin: 0; font: 400 var(--text)/1.36 FONTS; text-align: left; hyphens: manual;
  overflow-wrap: break-word; font-variant-ligatures: none; }
h1, h2, h3, p, ul, ol, dl, dd { margin: 0; padding: 0; }
h1 { font-size: var(--chapter); line-height: 1.2; margin-bottom: .5em; }
h2 { font-size: var(--heading); line-height: 1.25; margin-bottom: .35em; }
h3 { font-size: var(--text); line-height: 1.35; margin-bottom: .1em; }
h1, h2, h3 { font-weight: 700; break-after: avoid; break-inside: avoid; text-wrap: balance; white-space: pre-wrap; }
p, li { orphans: 3; widows: 3; }
p + p { margin-top: .45em; }
a { color: inherit; text-decoration: none; }
.chapter { break-before: page; }
.chapter:first-child { break-before: auto; }
.code { font-weight: 700; }

/* lists to read aloud: code in a column of its own, a line of air between two */
.list { list-style: none; margin-top: .6em; }
.list li { display: flex; gap: .7em; padding: .32em 0; border-top: 1.5pt solid #000; break-inside: avoid; }
.list li:last-child { border-bottom: 1.5pt solid #000; }
.list .code { flex: none; min-width: 2.1em; }
.list .label { min-width: 0; }
.aloud { padding-left: .6em; border-left: 5pt solid #000; }
.section { margin-top: .8em; }

/* answers */
.card { margin-bottom: 1.1em; }
.card + .card { border-top: 4pt solid #000; padding-top: .7em; }
.short { font-size: 1.12em; }
.part { margin-top: .55em; }
.small { break-inside: avoid; }
.box { margin-top: .65em; border: 2.5pt solid #000; padding: .4em .6em; break-inside: avoid; }
.aside { margin-top: .55em; padding-left: .7em; border-left: 2pt solid #000; break-inside: avoid; }
.aside p + p { margin-top: .1em; }
.lead { break-inside: avoid; }

/* the page to point at */
.points { list-style: none; display: grid; grid-template-columns: 1fr 1fr; gap: 5mm; margin-top: 6mm; }
.points li {
  display: flex; align-items: center; justify-content: center; text-align: center; min-height: 42mm; padding: 3mm;
  border: 4pt solid #000; border-radius: 5mm; font-weight: 700; font-size: max(28pt, var(--text)); line-height: 1.15;
  break-inside: avoid;
}

/* things to write down */
.number { font-size: 44pt; line-height: 1.1; font-weight: 700; margin: .1em 0 .3em; }
.write { list-style: none; margin-top: .5em; }
.write li { break-inside: avoid; padding-top: .35em; }
.line { display: block; height: 11mm; border-bottom: 1.5pt solid #000; }
.steps { padding-left: 1.6em; }
.steps li { padding: .22em 0; break-inside: avoid; }
.rules { padding-left: 1.1em; }
.rules li { padding: .22em 0; break-inside: avoid; }
.cover h1 { margin-top: 12mm; font-size: calc(var(--chapter) * 1.25); }
.note { margin-top: .8em; }

@media screen { body { max-width: 38em; margin: 0 auto; padding: 1em; } .chapter { margin-top: 3em; } }
"""


def style(text_pt: int, paper: str, tabs: Sequence[tuple[str, str]], header: str, page: str) -> str:
    """The book's style sheet.

    Args:
        text_pt: size of the text; headings follow.
        paper: "a4" or "letter".
        tabs: (letter, title) of each group, in order; chapters of class `group-0`, `group-1` ... have them.
        header: stands on top of every page; empty for none.
        page: the word before the page number.
    """
    name, height_mm = PAPERS[paper]
    variables = (
        f":root {{ --text: {text_pt}pt; --heading: {max(24, text_pt * 1.25):g}pt; --chapter: {text_pt * 1.5:g}pt; }}"
    )
    margins = f"{TOP_MM}mm {RIGHT_MM}mm {BOTTOM_MM}mm {LEFT_MM}mm"
    number = f"@bottom-right {{ content: {_quoted(page + ' ')} counter(page); {MARGIN_TEXT} }}"
    top = f"@top-left {{ content: {_quoted(header)}; {MARGIN_TEXT} }}" if header else ""
    pages = f"@page {{ size: {name}; margin: {margins}; {number} {top} }}"
    room_mm = height_mm - TOP_MM - BOTTOM_MM - TAB_MM
    steps = max(len(tabs) - 1, 1)
    places = [_tab(place, *tab, room_mm * place / steps) for place, tab in enumerate(tabs)]
    return "\n".join([pages, *places, variables, LAYOUT.replace("FONTS", FONTS)])


def _tab(place: int, letter: str, title: str, down_mm: float) -> str:
    """The pages of one group: its letter at the edge, further down than the one before, its name at the foot."""
    square = (
        f"content: {_quoted(letter)}; width: {TAB_MM}mm; height: {TAB_MM}mm; "
        f"margin: {down_mm:.1f}mm 0 0 {RIGHT_MM - TAB_MM}mm; background: #000; color: #fff; "
        f"font: 700 24pt {FONTS}; text-align: center; vertical-align: middle;"
    )
    foot = f"content: {_quoted(f'{letter} {title}')}; {MARGIN_TEXT}"
    return (
        f"@page group-{place} {{ @right-top {{ {square} }} @bottom-left {{ {foot} }} }}\n"
        f".group-{place} {{ page: group-{place}; }}"
    )


def _quoted(text: str) -> str:
    """A string of CSS. Letters that could end it, or the style sheet, are written as numbers."""
    return '"' + "".join(c if c.isalnum() or c in " ,.-" else f"\\{ord(c):x} " for c in text) + '"'
