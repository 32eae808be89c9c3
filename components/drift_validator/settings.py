"""The section `drift` of the config."""

import pydantic

from components.settings import Settings


class DriftSettings(Settings):
    """When a distance from training counts as drift."""

    min_videos: int = pydantic.Field(50, ge=2, description="on either side, without which a distance is not judged")
    categorical: float = pydantic.Field(
        0.15, gt=0, le=1, description="largest difference of a share, such as that of a codec (L-infinity)"
    )
    numeric: float = pydantic.Field(
        0.1, gt=0, le=1, description="largest Jensen-Shannon divergence of a number, such as the duration"
    )
    scores: float = pydantic.Field(0.1, gt=0, le=1, description="the same of the scores, against those of the test")
    fail: bool = pydantic.Field(False, description="whether drift fails the run, once its scores are written")
