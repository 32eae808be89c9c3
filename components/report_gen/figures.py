"""The report's charts."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from components.report_gen.score_curves import Bin, Points, thin
from components.report_gen.svg_plot import Axis, Plot, round_ticks

_DIAGONAL = [(0.0, 0.0), (1.0, 1.0)]


def roc_figure(curves: Mapping[str, Points], here: tuple[float, float] | None = None) -> Markup:
    """Draws ROC curves by name; `here` holds the rates at the model's threshold."""
    plot = Plot(Axis("real videos called fake (false positive rate)"), Axis("fakes found (true positive rate)"))
    parts = [plot.line(_DIAGONAL, "chance"), *_curves(plot, curves)]
    if here:
        parts.append(_marker(plot, here))
    return plot.svg(
        "ROC curve", _told(curves, "at a false positive rate of {x:.2f} fakes are found {y:.0%}"), parts, "roc"
    )


def precision_recall_figure(points: Points, share_of_fakes: float, here: tuple[float, float] | None) -> Markup:
    """Draws the precision-recall curve; a random model's precision is the share of fakes."""
    plot = Plot(Axis("fakes found (recall)"), Axis("right among called fake (precision)"))
    parts = [plot.line([(0, share_of_fakes), (1, share_of_fakes)], "chance"), plot.line(points, "curve first")]
    if here:
        parts.append(_marker(plot, here))
    words = _told({"": points}, "at a recall of {x:.2f} the precision is {y:.0%}")
    return plot.svg("Precision-recall curve", words, parts, "precision-recall")


def reliability_figure(bins: Sequence[Bin]) -> Markup:
    """Draws the observed share of FAKE videos against the predicted probability, by bin."""
    plot = Plot(Axis("probability of fake, as the model says"), Axis("share that is fake"))
    parts = [plot.line(_DIAGONAL, "chance")]
    parts += [plot.line([(one.mean, one.low), (one.mean, one.high)], "whisker") for one in bins]
    parts += [plot.dot(one.mean, one.share, "dot", 4) for one in bins]
    told = "; ".join(f"said {one.mean:.2f}, was {one.share:.2f} of {one.count} videos" for one in bins)
    return plot.svg("Reliability diagram", told, parts, "reliability")


def score_figure(real: Sequence[int], fake: Sequence[int], threshold: float, band: Sequence[float] | None) -> Markup:
    """Draws the histograms of the probabilities, FAKE videos above the axis and REAL ones below it."""
    most = max(*real, *fake, 1)
    width = 1 / len(real)
    ticks = [tick for tick in round_ticks(-most, most, 6) if tick == int(tick)]
    plot = Plot(
        Axis("probability of fake"), Axis("real ↓   videos   ↑ fake", -most, most, ticks, both_sides=True), width=480
    )
    parts = []
    if band:
        parts.append(plot.box((band[0], -most), (band[1], most), "band"))
    for index, (below, above) in enumerate(zip(real, fake, strict=True)):
        start, end = index * width + width * 0.08, (index + 1) * width - width * 0.08
        if above:
            parts.append(plot.box((start, 0), (end, above), "bar fake"))
        if below:
            parts.append(plot.box((start, -below), (end, 0), "bar real"))
    parts.append(plot.line([(0, 0), (1, 0)], "axis"))
    parts.append(plot.line([(threshold, -most), (threshold, most)], "threshold"))
    told = f"{sum(fake)} fake and {sum(real)} real videos; the threshold is {threshold:.3f}"
    return plot.svg("Distribution of scores", told, parts, "scores")


def training_figure(name: str, curves: Mapping[str, Sequence[Sequence[float]]]) -> Markup:
    """Draws one metric over the epochs, by split, with a curve for each of the model's members."""
    values = [value for members in curves.values() for curve in members for value in curve if value == value]
    low, high = min(values), max(values)
    spare = (high - low) * 0.06 or 0.1
    epochs = max(len(curve) for members in curves.values() for curve in members)
    plot = Plot(
        Axis("epoch", 1, max(epochs, 2), [tick for tick in round_ticks(1, max(epochs, 2)) if tick == int(tick)]),
        Axis(name, low - spare, high + spare, round_ticks(low, high)),
    )
    of_members = [
        {split: _finite(members[number]) for split, members in curves.items()}
        for number in range(len(next(iter(curves.values()))))
    ]
    told = [_told(points, "{y:.3f} after epoch {x:.0f}", -1) for points in of_members]
    parts = [part for points in of_members for part in _curves(plot, points)]
    return plot.svg(f"{name} over the epochs", "; ".join(told), parts)


def families_figure(counts: Mapping[int, int]) -> Markup:
    """Draws how many originals have how many fakes."""
    most, widest = max(counts.values()), max(counts)
    step = max(1, -(-(widest + 1) // 12))
    plot = Plot(
        Axis("fakes of one original", -0.5, widest + 0.5, range(0, widest + 1, step)),
        Axis("originals", 0, most, [tick for tick in round_ticks(0, most, 4) if tick == int(tick)]),
        height=220,
    )
    parts = [plot.box((fakes - 0.4, 0), (fakes + 0.4, count), "bar fake") for fakes, count in sorted(counts.items())]
    told = "; ".join(f"{count} with {fakes}" for fakes, count in sorted(counts.items()))
    return plot.svg("Fakes of one original", told, parts)


def timeline_figure(times: Sequence[float], scores: Sequence[float], threshold: float, unit: str) -> Markup:
    """Draws one video's scores frame by frame; `unit` is the unit of the times."""
    end = max(times[-1], 0.04)
    plot = Plot(
        Axis(unit, 0, end, round_ticks(0, end, 8)),
        Axis("score", ticks=(0.0, 0.5, 1.0)),
        width=640,
        height=132,
        bottom=38,
    )
    points = list(zip(times, scores, strict=True))
    parts = [
        plot.line([(0, threshold), (end, threshold)], "threshold"),
        plot.line(points, "curve first"),
        *(plot.dot(x, y, "dot", 2.5) for x, y in points),
    ]
    told = ", ".join(f"{y:.2f} at {x:.1f}" for x, y in points)
    return plot.svg("Score after each frame", told, parts)


def _curves(plot: Plot, curves: Mapping[str, Points]) -> list[Markup]:
    orders = ("first", "second")
    return [plot.line(points, f"curve {order}") for order, points in zip(orders, curves.values(), strict=False)]


def _finite(curve: Sequence[float]) -> Points:
    return thin([(index + 1.0, value) for index, value in enumerate(curve) if value == value])


def _marker(plot: Plot, here: tuple[float, float]) -> Markup:
    return plot.dot(*here, "here", 5)


def _told(curves: Mapping[str, Points], form: str, only: int | None = None) -> str:
    def told(points: Points) -> str:
        picked = [points[only]] if only is not None else points[:: max(1, len(points) // 4)]
        return ", ".join(form.format(x=x, y=y) for x, y in picked)

    return "; ".join(f"{name}: {told(points)}" if name else told(points) for name, points in curves.items() if points)
