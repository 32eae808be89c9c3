"""Which faces of a window become clips, as a model remembers it."""

from typing import Literal

import pydantic

from components.video_decoding.faces.track_choice import TrackChoice


class FaceTracks(pydantic.BaseModel):
    """Which faces of a window became clips."""

    model_config = pydantic.ConfigDict(frozen=True)

    min_frames: int = pydantic.Field(ge=1)
    max_tracks: int = pydantic.Field(ge=1)
    train_on: Literal["main", "all"]

    @property
    def choice(self) -> TrackChoice:
        """The tracks that become clips, as they are decoded."""
        return TrackChoice(self.min_frames, self.max_tracks)
