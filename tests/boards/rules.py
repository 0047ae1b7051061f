"""The published rules of the Open Board Format 0.1, as checks: what is wrong with an archive, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.boards.archive import Archive
from assistant.boards.layout import FORMAT, Json

BOARD_NAMES = frozenset(
    {"format", "id", "locale", "url", "data_url", "name", "description_html", "default_layout", "buttons", "images"}
    | {"sounds", "grid", "license", "strings"}
)
BUTTON_NAMES = frozenset(
    {"id", "label", "vocalization", "image_id", "sound_id", "hidden", "background_color", "border_color", "action"}
    | {"actions", "load_board", "top", "left", "width", "height"}
)
COLOUR = re.compile(r"\s*rgba?\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*(,\s*[01]?\.?\d*\s*)?\)\s*")


def breaches(archive: Archive) -> list[str]:
    """Every rule that `archive` breaks; empty when it is as the format wants it."""
    paths = archive.manifest.get("paths")
    listed = paths.get("boards") if isinstance(paths, dict) else None
    listed = listed if isinstance(listed, dict) else {}
    found = [*archive.troubles, *_manifest(archive, listed)]
    for place, board in archive.boards.items():
        found += [f"{place}: {sentence}" for sentence in _board(board, archive)]
    return found


def _manifest(archive: Archive, listed: dict[str, object]) -> Iterator[str]:
    manifest = archive.manifest
    if manifest.get("format") != FORMAT:
        yield f"The manifest's format is not {FORMAT}."
    if str(manifest.get("root")) not in archive.boards:
        yield "The manifest's root is not one of its boards."
    yield from _strangers(manifest, frozenset({"format", "root", "paths"}), "The manifest")
    for name, place in listed.items():
        board = archive.boards.get(str(place))
        if board is not None and str(board.get("id")) != name:
            yield f"The manifest calls {place} '{name}', but its id is '{board.get('id')}'."
    unlisted = archive.names - {"manifest.json"} - {str(place) for place in listed.values()}
    yield from (f"{name} is in the archive and not in the manifest." for name in sorted(unlisted))


def _board(board: Json, archive: Archive) -> Iterator[str]:
    if board.get("format") != FORMAT:
        yield f"The format is not {FORMAT}."
    for name in ("id", "locale", "name", "description_html"):
        if not isinstance(board.get(name), str) or not board[name]:
            yield f"'{name}' is missing."
    for name in ("buttons", "images", "sounds"):
        if not isinstance(board.get(name), list):
            yield f"'{name}' is not a list."
    license_ = board.get("license")
    if not isinstance(license_, dict) or not license_.get("type"):
        yield "There is no licence."
    yield from _strangers(board, BOARD_NAMES, "The board")
    buttons = board.get("buttons")
    buttons = buttons if isinstance(buttons, list) else []
    for button in buttons:
        yield from _button(button, archive) if isinstance(button, dict) else ("A button is not an object.",)
    yield from _grid(board.get("grid"), [button.get("id") for button in buttons if isinstance(button, dict)])


def _button(button: Json, archive: Archive) -> Iterator[str]:
    name = button.get("id")
    if not name:
        yield "A button has no id."
    if not button.get("label"):
        yield f"Button '{name}' has no label."
    yield from _strangers(button, BUTTON_NAMES, f"Button '{name}'")
    for colour in ("background_color", "border_color"):
        if colour in button and not COLOUR.fullmatch(str(button[colour])):
            yield f"The {colour} of button '{name}' is not rgb(...)."
    if "action" in button and not str(button["action"]).startswith((":", "+")):
        yield f"The action of button '{name}' starts with neither : nor +."
    if not isinstance(button.get("hidden", False), bool):
        yield f"'hidden' of button '{name}' is not true or false."
    link = button.get("load_board")
    if link is not None:
        board = archive.boards.get(str(link.get("path"))) if isinstance(link, dict) else None
        if board is None or not isinstance(link, dict) or link.get("id", board.get("id")) != board.get("id"):
            yield f"Button '{name}' leads to a board that is not there."


def _grid(grid: object, ids: list[object]) -> Iterator[str]:
    if not isinstance(grid, dict):
        yield "There is no grid."
        return
    rows, columns, order = grid.get("rows"), grid.get("columns"), grid.get("order")
    if not (isinstance(rows, int) and isinstance(columns, int) and 1 <= rows <= 20 and 1 <= columns <= 20):
        yield "The grid's rows and columns are not numbers from 1 to 20."
        return
    if not isinstance(order, list) or len(order) != rows or any(not _is_row(row, columns) for row in order):
        yield f"The grid's order is not {rows} rows of {columns}."
        return
    placed = [cell for row in order for cell in row if cell is not None]
    yield from (f"The grid has a place for '{cell}', which is no button." for cell in placed if cell not in ids)
    yield from (f"Button '{name}' has no place in the grid." for name in ids if name not in placed)
    if len({str(name) for name in ids}) < len(ids) or len({str(cell) for cell in placed}) < len(placed):
        yield "Two buttons share an id or a place."


def _is_row(row: object, columns: int) -> bool:
    return isinstance(row, list) and len(row) == columns


def _strangers(found: Json, known: frozenset[str], where: str) -> Iterator[str]:
    for name in found:
        if name not in known and not name.startswith("ext_"):
            yield f"{where} has '{name}', which is neither in the format nor an ext_ field."
