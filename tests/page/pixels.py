"""Colours as they are on the glass."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from playwright.sync_api import Page

Colour = tuple[int, int, int]

COUNT = """async ({ png, boxes }) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const drawn = canvas.getContext("2d");
  drawn.drawImage(picture, 0, 0);
  return boxes.map(([x, y, width, height]) => {
    const { data } = drawn.getImageData(x + 3, y + 3, width - 6, height - 6);
    const seen = new Map();
    for (let i = 0; i < data.length; i += 4) {
      const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
      seen.set(colour, (seen.get(colour) ?? 0) + 1);
    }
    const common = [...seen].sort((a, b) => b[1] - a[1]).slice(0, 12);
    return common.map(([colour]) => [colour >> 16, (colour >> 8) & 255, colour & 255]);
  });
}"""


def fills(view: Page, boxes: Sequence[Sequence[float]]) -> list[tuple[Colour, Colour]]:
    """For each box (x, y, width, height): its fill, the commonest colour, and its ink, the farthest from it."""
    png = base64.b64encode(view.screenshot()).decode()
    blank = view.context.new_page()  # the page itself forbids pictures from elsewhere
    try:
        counted = blank.evaluate(COUNT, {"png": png, "boxes": boxes})
    finally:
        blank.close()
    return [_fill_and_ink([(r, g, b) for r, g, b in colours]) for colours in counted]


def _fill_and_ink(common: list[Colour]) -> tuple[Colour, Colour]:
    return common[0], max(common, key=lambda colour: contrast(common[0], colour))


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of WCAG 2, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
