"""Computes the differences between a report and the one of the period before."""

from ticketctl.reports.model import Cell, Report, ReportGroup


def differences(report: Report) -> tuple[list[ReportGroup], ReportGroup]:
    """For each group, and for all: the difference now − before, None if either is None. Needs `previous`."""
    assert report.previous is not None
    before = {_key(group): group for group in report.previous.groups}
    none = ReportGroup({}, {})
    groups = [_less(group, before.get(_key(group), none)) for group in report.groups]
    return groups, _less(report.total, report.previous.total)


def _key(group: ReportGroup) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(group.by.items()))


def _less(now: ReportGroup, before: ReportGroup) -> ReportGroup:
    return ReportGroup(
        now.by,
        {name: _minus(value, before.figures.get(name)) for name, value in now.figures.items()},
    )


def _minus(now: Cell, before: Cell) -> Cell:
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return None
    return round(now - before, 4)
