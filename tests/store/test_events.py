"""History: counted lines, never changed."""

from collections.abc import Callable

import pytest

from ticketctl import clock
from ticketctl.domain.base.records import Actor, Event
from ticketctl.errors import NotFound
from ticketctl.store.db.database import Database
from ticketctl.store.tickets import events

NOW = clock.parse("2026-03-09T08:10:00Z")
ANA = Actor("ana", "ana.os")


def test_lines_are_counted_within_the_ticket(db: Database, make_ticket: Callable[..., int]) -> None:
    a, b = db.write(lambda tx: [make_ticket(tx), make_ticket(tx)])
    for one in (a, a, b):
        db.write(
            lambda tx, one=one: events.append(
                tx, one, at=NOW, actor=ANA, type="created", group="g1"
            )
        )
    with db.read() as tx:
        assert [[line.n for line in events.of(tx, one)] for one in (a, b)] == [[1, 2], [1]]


def test_a_line_is_read_as_it_was_written(db: Database, make_ticket: Callable[..., int]) -> None:
    number = db.write(make_ticket)
    db.write(
        lambda tx: events.append(
            tx,
            number,
            at=NOW,
            actor=ANA,
            type="changed",
            group="g1",
            field="tags",
            old=None,
            new=["a", {"b": 1}],
            comment="why",
        )
    )
    with db.read() as tx:
        found = events.of(tx, number)
    assert found == [
        Event(
            n=1,
            ticket=number,
            at=NOW,
            actor="ana",
            os_user="ana.os",
            type="changed",
            field="tags",
            old=None,
            new=["a", {"b": 1}],
            comment="why",
            group="g1",
        )
    ]


def test_history_can_be_read_by_type(db: Database, make_ticket: Callable[..., int]) -> None:
    number = db.write(make_ticket)
    for kind in ("created", "assigned", "status"):
        db.write(
            lambda tx, kind=kind: events.append(
                tx, number, at=NOW, actor=ANA, type=kind, group="g1"
            )
        )
    with db.read() as tx:
        assert [one.type for one in events.of(tx, number)] == ["created", "assigned", "status"]
        assert [one.n for one in events.of(tx, number, ["status", "created"])] == [1, 3]


def test_a_ticket_that_is_not_there_has_no_history(db: Database) -> None:
    with pytest.raises(NotFound, match=r"no ticket 12\."):
        db.write(lambda tx: events.append(tx, 12, at=NOW, actor=ANA, type="created", group="g1"))
