import numpy as np
import pytest

from components.report_gen.occlusion import GRID, occlude
from components.report_gen.overlay import draw_overlay
from components.video_decoding.clip import Clip

SIZE, FRAMES = 50, 3
TAKEN = 5
PLACE = SIZE // GRID


def clip() -> Clip:
    frames = np.zeros((FRAMES, SIZE, SIZE, 3), np.uint8)
    return Clip(frames, np.arange(FRAMES, dtype=np.float32), "not_wanted", FRAMES, False)


def sees_row_1_column_3(frames: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A model that sees only one grid cell of the unmasked frames."""
    assert mask.sum(axis=1).tolist() == [FRAMES] * len(mask)
    seen = frames[:, :FRAMES, PLACE : 2 * PLACE, 3 * PLACE : 4 * PLACE]
    return np.where(seen.max(axis=(1, 2, 3, 4)) > 0, 0.3, 0.9)


def test_only_the_place_that_the_model_looks_at_changes_the_verdict():
    found = occlude(sees_row_1_column_3, clip(), TAKEN)
    assert found.probability == 0.9
    expected = np.zeros((GRID, GRID))
    expected[1, 3] = 0.6
    np.testing.assert_allclose(found.drops, expected)


def test_overlay_marks_that_place_and_says_so():
    overlay = draw_overlay(clip(), occlude(sees_row_1_column_3, clip(), TAKEN))
    assert overlay.svg.count("<rect") == 1
    assert f'x="{3 * PLACE}" y="{PLACE}" width="{PLACE}"' in overlay.svg
    assert "row 2, column 4" in overlay.caption


def test_overlay_of_a_model_that_looks_nowhere_marks_nothing():
    overlay = draw_overlay(clip(), occlude(lambda frames, mask: np.full(len(frames), 0.99), clip(), TAKEN))
    assert not overlay.marked
    assert "next to nothing" in overlay.caption


def test_clip_itself_is_left_as_it_is():
    given = clip()
    occlude(sees_row_1_column_3, given, TAKEN)
    assert given.frames.max() == 0
    assert draw_overlay(given, occlude(sees_row_1_column_3, given, TAKEN)).caption == pytest.approx(
        "Covering row 2, column 4 of 5 changes it most: 0.900 becomes 0.300."
    )
