"""What stands of a ticket's history for reports when something was undone."""

from datetime import UTC, datetime, timedelta

from ticketctl.reports.figures.history import is_resolved, standing
from ticketctl.store.reports.stories import Change

_START = datetime(2026, 3, 9, 8, tzinfo=UTC)


def _steps(*steps: tuple[str, str, str, str]) -> list[Change]:
    """Changes of status, an hour apart: the undo group, the event's type, the old and the new status."""
    return [
        Change(n, _START + timedelta(hours=n), "ana", type, "status", old, new, group)
        for n, (group, type, old, new) in enumerate(steps, 1)
    ]


def test_a_resolution_that_was_undone_does_not_stand() -> None:
    changes = _steps(("a", "resolved", "open", "resolved"), ("a", "undone", "resolved", "open"))
    assert standing(changes) == []


def test_an_undo_after_others_changed_the_status_and_changed_it_back_is_a_change_itself() -> None:
    changes = _steps(
        ("a", "resolved", "new", "resolved"),
        ("b", "reopened", "resolved", "open"),
        ("c", "resolved", "open", "resolved"),
        ("a", "undone", "resolved", "new"),
    )
    assert standing(changes) == changes
    assert is_resolved(changes)


def test_an_undo_that_ends_a_ticket_is_no_resolution() -> None:
    changes = _steps(
        ("a", "reopened", "resolved", "open"),
        ("b", "resolved", "open", "resolved"),
        ("c", "reopened", "resolved", "open"),
        ("a", "undone", "open", "resolved"),
    )
    assert not is_resolved(changes[2:])
