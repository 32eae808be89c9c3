"""A plot's frame in SVG: axes, grid and coordinates. Colours come from the page's style."""

import dataclasses
import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclasses.dataclass(frozen=True)
class Axis:
    """One axis: its range, its ticks, its label, and whether it counts in both directions."""

    label: str
    low: float = 0.0
    high: float = 1.0
    ticks: Sequence[float] = SHARES
    both_sides: bool = False

    def share(self, value: float) -> float:
        """Returns the position of a value along the axis, from 0 to 1."""
        clipped = min(max(value, self.low), self.high)
        return (clipped - self.low) / ((self.high - self.low) or 1.0)


@dataclasses.dataclass(frozen=True)
class Plot:
    """The plot's frame; lengths are in units of the SVG's view box."""

    x: Axis
    y: Axis
    width: int = 380
    height: int = 290
    left: int = 56
    right: int = 14
    top: int = 12
    bottom: int = 44

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Returns where a data point is drawn."""
        return (
            self.left + self.x.share(x) * (self.width - self.left - self.right),
            self.height - self.bottom - self.y.share(y) * (self.height - self.top - self.bottom),
        )

    def line(self, points: Iterable[tuple[float, float]], style: str) -> Markup:
        """Returns a line through the points, of the CSS class `style`."""
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.place(*point) for point in points))
        return Markup('<polyline class="{}" points="{}"/>').format(style, places)

    def dot(self, x: float, y: float, style: str, radius: float = 3.5) -> Markup:
        """Returns a dot of the CSS class `style`."""
        across, down = self.place(x, y)
        return Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{}"/>').format(style, across, down, radius)

    def box(self, low: tuple[float, float], high: tuple[float, float], style: str) -> Markup:
        """Returns a rectangle between two corners in data coordinates."""
        (left, bottom), (right, top) = self.place(*low), self.place(*high)
        return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            style, left, top, max(right - left, 0.5), max(bottom - top, 0.0)
        )

    def svg(self, title: str, description: str, parts: Sequence[Markup], name: str = "") -> Markup:
        """Returns the whole picture; `description` is the text alternative."""
        (left, bottom), (right, top) = self.place(self.x.low, self.y.low), self.place(self.x.high, self.y.high)
        return Markup(
            '<svg viewBox="0 0 {} {}" role="img" aria-label="{}. {}" data-plot="{}" data-left="{}" data-right="{}" '
            'data-top="{}" data-bottom="{}">{}{}</svg>'
        ).format(
            self.width,
            self.height,
            title,
            description,
            name,
            left,
            right,
            top,
            bottom,
            self._frame(),
            Markup("").join(parts),
        )

    def _frame(self) -> Markup:
        parts = []
        for tick in self.y.ticks:
            across, down = self.place(self.x.low, tick)
            parts.append(self.line([(self.x.low, tick), (self.x.high, tick)], "grid"))
            parts.append(
                Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="end">{:g}</text>').format(
                    across - 8, down + 4, abs(tick) if self.y.both_sides else tick
                )
            )
        for tick in self.x.ticks:
            across, down = self.place(tick, self.y.low)
            parts.append(
                Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{:g}</text>').format(across, down + 17, tick)
            )
        parts.append(self.line([(self.x.low, self.y.low), (self.x.high, self.y.low)], "axis"))
        middle = (self.left + self.width - self.right) / 2
        parts.append(
            Markup('<text class="label" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                middle, self.height - 7, self.x.label
            )
        )
        centre = (self.top + self.height - self.bottom) / 2
        parts.append(
            Markup(
                '<text class="label" transform="translate(13 {}) rotate(-90)" text-anchor="middle">{}</text>'
            ).format(centre, self.y.label)
        )
        return Markup("").join(parts)


def round_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Returns about `count` round numbers from `low` to `high`."""
    if high <= low:
        return [low]
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    first = math.ceil(low / step) * step
    ticks = []
    while first <= high + step * 1e-6:
        ticks.append(round(first, 10))
        first += step
    return ticks
