"""The options that say which part of a video is looked at."""

import dataclasses
from typing import TYPE_CHECKING

from components.clock import read_clock
from components.errors import UserError
from components.video_decoding.windows import WHOLE, Windowing

if TYPE_CHECKING:
    from components.served_model.folder import ModelFolder

_WHOLE = "whole"
_SHORTEST_S = 0.2


@dataclasses.dataclass(frozen=True)
class WindowOptions:
    """As they were typed; what is empty, or 0, is left to the model.

    Attributes:
        windows: `whole`, or the length of a window in seconds.
        start: where to begin.
        end: where to end.
        most: the most windows of a video.
        names: of the first three, for errors.
    """

    windows: str = ""
    start: str = ""
    end: str = ""
    most: int = 0
    names: tuple[str, str, str] = ("--windows", "--from", "--to")

    def windowing(self, model: "ModelFolder") -> Windowing:
        """Returns the windows for videos that the model scores.

        Raises:
            UserError: if an option makes no sense, or the model cannot do it.
        """
        windows, begin, until = self.names
        chosen = self._chosen(model, windows)
        start, end = _seconds(begin, self.start), _seconds(until, self.end)
        if self.end and end <= start:
            raise UserError(f"{until} {self.end}: not after {begin} {self.start or 0}; type a later time")
        return dataclasses.replace(chosen, from_s=start, to_s=end, most=self.most)

    def _chosen(self, model: "ModelFolder", name: str) -> Windowing:
        # Imported late: a config is read without NumPy.
        from components.served_model.model_windows import require_aggregation, windowing_of

        if not self.windows:
            return windowing_of(model)
        if self.windows == _WHOLE:
            return WHOLE
        length = _seconds(name, self.windows)
        if length < _SHORTEST_S:
            raise UserError(f"{name} {self.windows}: type whole, or the length of a window, {_SHORTEST_S} s or more")
        require_aggregation(model, f"{name} {self.windows}")
        return Windowing(length)


def _seconds(option: str, text: str) -> float:
    try:
        return read_clock(text) if text else 0.0
    except ValueError as error:
        raise UserError(f"{option}: {error}") from error
