import hypothesis
import numpy as np
import pytest
from hypothesis import strategies
from PIL import Image

from pipeline.exploration.pictures import frame_grid, write_gif

GREYS = strategies.lists(strategies.integers(0, 240), min_size=1, max_size=9)


def plain(grey: int) -> np.ndarray:
    return np.full((40, 60, 3), grey, np.uint8)


@hypothesis.given(GREYS, strategies.integers(1, 5))
def test_each_frame_is_in_its_place(greys, columns):
    picture = frame_grid([plain(grey) for grey in greys], greys, columns=columns, width=60)
    rows, shown = -(-len(greys) // columns), min(columns, len(greys))
    across, down = (picture.width + 6) // shown, (picture.height + 6) // rows
    centres = [(place % columns * across + 30, place // columns * down + 20) for place in range(len(greys))]
    assert [picture.getpixel(centre) for centre in centres] == [(grey,) * 3 for grey in greys]


def test_frames_keep_their_shape():
    assert frame_grid([plain(0)], [""], width=120).size[0] == 120
    assert frame_grid([plain(0)], [""], width=120).getpixel((60, 79)) == (0, 0, 0)


def test_caption_stays_under_its_frame():
    picture = np.asarray(frame_grid([plain(200), plain(200)], ["long " * 20, ""], columns=2, width=60))
    ink = np.argwhere((picture < 150).all(-1))
    assert len(ink) > 0
    assert ink[:, 1].max() < 60


def test_every_frame_needs_its_caption():
    with pytest.raises(ValueError, match="shorter"):
        frame_grid([plain(0), plain(1)], ["one"])


def test_gif_repeats_all_frames_at_their_pace(tmp_path):
    path = tmp_path / "made" / "clip.gif"
    write_gif([plain(grey) for grey in (0, 100, 200)], str(path), frames_per_second=5)
    with Image.open(path) as image:
        assert (image.format, image.n_frames, image.info["loop"]) == ("GIF", 3, 0)
        for index, grey in enumerate((0, 100, 200)):
            image.seek(index)
            assert image.info["duration"] == 200
            assert image.convert("RGB").getpixel((30, 20)) == pytest.approx((grey,) * 3, abs=4)
