"""Makes pictures from frames."""

from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from components.output_files import write_output
from pipeline.score.explain.gif import gif_bytes

Frames = Sequence[np.ndarray] | np.ndarray
"""uint8 [height, width, 3] RGB each, all of the same shape, at least one."""

_GAP = 6
_FONT_SIZE = 12
_CAPTION_HEIGHT = 18
_PAPER = "white"
_INK = "black"


def frame_grid(frames: Frames, captions: Iterable[object], *, columns: int = 4, width: int = 224) -> Image.Image:
    """Lays out frames in rows, with a line of text under each.

    Args:
        frames: the frames.
        captions: one per frame, cut off if it is wider than the frame.
        columns: the most frames in a row.
        width: width of each frame in the picture, in pixels.
    """
    height = round(width * frames[0].shape[0] / frames[0].shape[1])
    columns = min(columns, len(frames))
    rows = -(-len(frames) // columns)
    across, down = width + _GAP, height + _CAPTION_HEIGHT + _GAP
    picture = Image.new("RGB", (columns * across - _GAP, rows * down - _GAP), _PAPER)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(_FONT_SIZE)
    for place, (frame, caption) in enumerate(zip(frames, captions, strict=True)):
        left, top = place % columns * across, place // columns * down
        picture.paste(Image.fromarray(frame).resize((width, height)), (left, top))
        draw.text((left, top + height + 2), _cut(str(caption), font, width), fill=_INK, font=font)
    return picture


def write_gif(frames: Frames, path: str, *, frames_per_second: float = 10.0) -> None:
    """Writes frames as an endlessly repeating GIF."""
    write_output(path, gif_bytes(frames, round(1000 / frames_per_second)))


def _cut(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}...") > width:
        text = text[:-1]
    return f"{text}..."
