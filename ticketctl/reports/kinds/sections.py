"""Formats groups and lists as tables with a heading."""

from collections.abc import Iterable, Sequence

from ticketctl.reports.figures.frame import Key
from ticketctl.reports.formats.formatting import figure
from ticketctl.reports.model import Cell, Chart, Kind, ReportColumn, ReportGroup, Section

ALL = "all"
MOST_BARS = 40


def of_groups(
    title: str,
    by: Key,
    groups: Sequence[ReportGroup],
    total: ReportGroup,
    names: Sequence[str],
    *,
    note: str = "",
    chart: Sequence[str] = (),
    chart_title: str = "",
) -> Section:
    """A line for each group, then one for all; `chart` names the figures to draw, one or several to stack."""
    lines = [(*(group.by[name] for name in by), *_of(group, names)) for group in groups]
    every: tuple[Cell, ...] = (ALL, *("",) * (len(by) - 1), *_of(total, names))
    return Section(
        title=title,
        columns=(*(ReportColumn(name, _heading(name)) for name in by), *map(figure, names)),
        rows=(*lines, every),
        chart=bars(chart_title or figure(chart[0]).title, by, groups, chart) if chart else None,
        note=note,
        of_groups=True,
    )


def bars(title: str, by: Key, groups: Sequence[ReportGroup], names: Sequence[str]) -> Chart | None:
    """The groups as bars, or stacked bars of several figures; None for too few or too many of them."""
    if not 1 < len(groups) <= MOST_BARS:
        return None
    labels = tuple(" · ".join(group.by[name] for name in by) for group in groups)
    series = tuple(
        (figure(name).title, tuple(_number(group.figures[name]) for group in groups))
        for name in names
    )
    shape = "stacked" if len(names) > 1 else "bars"
    return Chart(title, labels, series, figure(names[0]).kind, shape)  # type: ignore[arg-type]


def of_rows(
    title: str,
    columns: Sequence[tuple[str, str, Kind]],
    rows: Iterable[dict[str, Cell]],
    *,
    note: str = "",
    chart: Chart | None = None,
) -> Section:
    """A list: for each row the columns (name, heading, kind)."""
    return Section(
        title=title,
        columns=tuple(ReportColumn(*column) for column in columns),
        rows=tuple(tuple(row[name] for name, *_ in columns) for row in rows),
        note=note,
        chart=chart,
    )


def histogram(title: str, values: Iterable[int], edges: Sequence[tuple[str, int | None]]) -> Chart:
    """How many values are below each edge and not below the one before; None is the last."""
    counts = [0] * len(edges)
    for value in values:
        counts[next(n for n, (_, edge) in enumerate(edges) if edge is None or value < edge)] += 1
    labels = tuple(label for label, _ in edges)
    return Chart(title, labels, (("Tickets", tuple(map(float, counts))),))


def _of(group: ReportGroup, names: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(group.figures[name] for name in names)


def _heading(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _number(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None
