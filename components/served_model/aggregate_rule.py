"""The names of the rules by which the scores of a video's clips become that of the video."""

from typing import Literal

AggregateRule = Literal["largest", "mean", "top3"]
