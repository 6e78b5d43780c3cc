"""Draws charts as inline SVG that need no script, no colour and no fixed width.

Lengths along the page are percentages and text keeps its size, so a chart is as readable at 360 pixels as at 1200.
Series differ by pattern, dash and mark as well as by colour (styles in templates/report/), and values are written out.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

from markupsafe import Markup

from ticketctl.reports.formats import formatting
from ticketctl.reports.model import Chart
from ticketctl.safe import terminal_line

PATTERNS = 6  # distinct styles of series; a seventh looks like the first
_ROW = 28  # pixels of a horizontal bar with its margin
_HEIGHT = 170  # pixels of a plot with columns or lines, without its axis
_TOP, _AXIS = 18, 22  # pixels above it for a value, below it for labels
_NAMES, _BARS, _LEFT = (
    33.0,
    49.0,
    11.0,
)  # per cent: names left of bars, the longest bar, values left of a plot
_FULL = 100.0
_ROWS_AT_MOST = 12  # labels of horizontal bars; more become columns
_NARROW = 285  # pixels under a plot on a narrow screen
_SIGN, _GAP = 5.7, 4  # pixels of a character of a label there, and after it
_SIGNS = 38  # characters of values that fit above all columns
_INSIDE = 0.13  # share of the longest bar with room for its value
_UTC = ZoneInfo("UTC")


def figure(chart: Chart, heading: str = "") -> Markup:
    """A `<figure>` with a legend for several series, and a caption unless it repeats `heading`.

    Empty if there is no value to show.
    """
    if not any(value for _, values in chart.series for value in values):
        return Markup("")
    several = len(chart.series) > 1
    title = Markup("<figcaption>{}</figcaption>").format(terminal_line(chart.title))
    return Markup('<figure class="chart">{}{}{}</figure>').format(
        title if chart.title != heading else "",
        _legend(chart) if several else "",
        _across(chart) if _is_across(chart) else _upright(chart),
    )


def _is_across(chart: Chart) -> bool:
    return chart.shape in ("bars", "stacked") and len(chart.labels) <= _ROWS_AT_MOST


def _legend(chart: Chart) -> Markup:
    key = (
        Markup('<line class="l{0}" x1="0" y1="7" x2="22" y2="7"/>')
        if chart.shape == "line"
        else Markup('<rect class="f{0}" width="22" height="14"/>')
    )
    items = Markup().join(
        Markup('<li><svg width="22" height="14" aria-hidden="true">{}</svg>{}</li>').format(
            key.format(_look(n)), terminal_line(title)
        )
        for n, (title, _) in enumerate(chart.series)
    )
    return Markup('<ul class="legend">{}</ul>').format(items)


def _drawing(chart: Chart, height: int, parts: Iterator[Markup]) -> Markup:
    return Markup('<svg role="img" aria-label="{}" width="100%" height="{}">{}</svg>').format(
        _spoken(chart), height, Markup().join(parts)
    )


def _spoken(chart: Chart) -> str:
    """The chart in words, for screen readers."""
    series = (
        f"{title}: "
        + ", ".join(
            f"{formatting.label(label)} {_value(chart, value)}"
            for label, value in zip(chart.labels, values, strict=True)
        )
        for title, values in chart.series
    )
    return terminal_line(f"{chart.title}. {'; '.join(series)}.")


# ---- bars from left to right ---------------------------------------------------------------------


def _across(chart: Chart) -> Markup:
    most = max(_total(chart, n) for n in range(len(chart.labels)))
    rows = (part for n in range(len(chart.labels)) for part in _row(chart, n, most))
    return _drawing(chart, _ROW * len(chart.labels), rows)


def _row(chart: Chart, place: int, most: float) -> Iterator[Markup]:
    top, text = place * _ROW, place * _ROW + _ROW // 2 + 4
    name = formatting.label(chart.labels[place])
    # A nested drawing clips what is too long for its width.
    yield Markup(
        '<svg width="{}%" height="{}"><text x="0" y="{}">{}<title>{}</title></text></svg>'
    ).format(_NAMES - 2, top + _ROW, text, name, name)
    left = _NAMES
    for number, (_, values) in enumerate(chart.series):
        width = _BARS * (values[place] or 0) / most
        if not width:
            continue
        yield _box(number, left, top + 4, width, _ROW - 8)
        if len(chart.series) > 1 and width >= _INSIDE * _BARS:
            yield _label(
                left + width / 2,
                text,
                _value(chart, values[place]),
                "middle",
                "in1" if _look(number) == 1 else "in",
            )
        left += width
    unknown = all(values[place] is None for _, values in chart.series)
    total = None if unknown else _total(chart, place)
    yield Markup(
        '<svg x="{}%" width="{}%" height="100%"><text x="6" y="{}">{}</text></svg>'
    ).format(round(left, 2), round(_FULL - left, 2), text, _value(chart, total))


# ---- columns and lines ---------------------------------------------------------------------------


def _upright(chart: Chart) -> Markup:
    return _drawing(chart, _TOP + _HEIGHT + _AXIS, _plot(chart))


def _plot(chart: Chart) -> Iterator[Markup]:
    lines = chart.shape == "line"
    places = range(len(chart.labels))
    peak = max(
        _total(chart, n) if not lines else max(v[n] or 0 for _, v in chart.series) for n in places
    )
    most = _round_up(peak, chart)
    for share in (0.0, 0.5, 1.0):
        y = _y(share * most, most)
        yield Markup('<line class="rule" x1="{}%" y1="{}" x2="100%" y2="{}"/>').format(_LEFT, y, y)
        yield _label(_LEFT - 1.5, y + 4, _value(chart, share * most), "end", "axis")
    if lines:
        yield from _lines(chart, most)
    else:
        yield from _columns(chart, most)
    names = [formatting.label(label) for label in chart.labels]
    fitting = _NARROW // (max(map(len, names)) * _SIGN + _GAP)
    for n in places[:: math.ceil(len(names) / max(1, fitting))]:
        x, anchor = (_middle(chart, n), "middle")
        if x > 96:
            x, anchor = _FULL, "end"
        yield _label(x, _TOP + _HEIGHT + 16, names[n], anchor, "axis")


def _columns(chart: Chart, most: float) -> Iterator[Markup]:
    room = (_FULL - _LEFT) / len(chart.labels)
    gap = room * (0.04 if chart.shape == "histogram" else 0.2)
    told = _told([_total(chart, n) for n in range(len(chart.labels))], chart)
    for n in range(len(chart.labels)):
        base = 0.0
        for number, (_, values) in enumerate(chart.series):
            value = values[n] or 0
            if value:
                top = _y(base + value, most)
                height = _y(base, most) - top
                yield _box(number, _LEFT + n * room + gap / 2, top, room - gap, height)
            base += value
        if n in told:
            yield _label(_middle(chart, n), _y(base, most) - 5, _value(chart, base), "middle")


def _lines(chart: Chart, most: float) -> Iterator[Markup]:
    for number, (_, values) in enumerate(chart.series):
        look = _look(number)
        points = [
            None if value is None else (_middle(chart, n), _y(value, most))
            for n, value in enumerate(values)
        ]
        for one, two in pairwise(points):
            if one and two:
                yield Markup('<line class="l{}" x1="{}%" y1="{}" x2="{}%" y2="{}"/>').format(
                    look, one[0], one[1], two[0], two[1]
                )
        told = _told(values, chart)
        for n, point in enumerate(points):
            if point:
                yield Markup('<circle class="p{}" cx="{}%" cy="{}" r="3"/>').format(look, *point)
                if n in told:
                    yield _label(point[0], point[1] - 8, _value(chart, values[n]), "middle")


def _told(values: Sequence[float | None], chart: Chart) -> frozenset[int]:
    """The positions whose value is written: all if there is room, else the greatest and the last."""
    known = [n for n, value in enumerate(values) if value]
    signs = sum(len(_value(chart, values[n])) + 1 for n in known)
    if signs <= _SIGNS and (len(chart.series) == 1 or chart.shape != "line"):
        return frozenset(known)
    if not known:
        return frozenset()
    greatest = max(known, key=lambda n: values[n] or 0)
    last = {known[-1]} if known[-1] - greatest > len(values) // 8 else set()
    return frozenset({greatest} | last)


def _middle(chart: Chart, place: int) -> float:
    room = (_FULL - _LEFT) / len(chart.labels)
    return round(_LEFT + (place + 0.5) * room, 2)


def _y(value: float, most: float) -> float:
    return round(_TOP + _HEIGHT * (1 - value / most), 1)


def _round_up(peak: float, chart: Chart) -> float:
    """The top of the axis: the next round number of hours, minutes, per cent or items."""
    if chart.kind == "rate":
        return next(share for share in (0.1, 0.2, 0.5, 1.0, peak) if share >= peak)
    unit = 1 if chart.kind != "duration" else 60 if peak < 7200 else 3600
    size = 1
    while True:
        for step in (2, 4, 6, 10):
            if step * size * unit >= peak:
                return step * size * unit
        size *= 10


# ---- pieces --------------------------------------------------------------------------------------


def _box(number: int, x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="f{}" x="{}%" y="{}" width="{}%" height="{}"/>').format(
        _look(number), round(x, 2), round(y, 1), round(width, 2), round(height, 1)
    )


def _label(x: float, y: float, text: str, anchor: str, look: str = "") -> Markup:
    return Markup('<text x="{}%" y="{}" text-anchor="{}"{}>{}</text>').format(
        round(x, 2), round(y, 1), anchor, Markup(' class="{}"').format(look) if look else "", text
    )


def _value(chart: Chart, value: float | None) -> str:
    if value is not None and value == int(value):
        value = int(value)
    return formatting.cell(value, chart.kind, _UTC)


def _total(chart: Chart, place: int) -> float:
    return sum(values[place] or 0 for _, values in chart.series)


def _look(number: int) -> int:
    return number % PATTERNS + 1
