"""What a transaction has yet to write about its tickets: written together, and seen by everybody who reads."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.support.statements import heard
from ticketctl import clock
from ticketctl.domain.base.condition import Where
from ticketctl.domain.base.records import Actor
from ticketctl.errors import NotFound
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.sla import clock_rows
from ticketctl.store.tickets import events, mail_ids, ticket_lists, tickets

NOW = clock.parse("2026-03-09T08:10:00Z")
ANA = Actor("ana", "ana.os")


def append(tx: Tx, ticket: int, type: str) -> None:
    events.append(tx, ticket, at=NOW, actor=ANA, type=type, group="g1")


def types(db: Database, ticket: int) -> list[tuple[int, str]]:
    with db.read() as tx:
        return [(one.n, one.type) for one in events.of(tx, ticket)]


def test_changes_lines_and_ids_of_a_ticket_take_one_statement_each(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    number = db.write(make_ticket)

    def work(tx: Tx) -> None:
        tickets.change(tx, number, at=NOW, owner="ana")
        append(tx, number, "assigned")
        tickets.change(tx, number, at=NOW + timedelta(hours=1), priority="high")
        append(tx, number, "priority")
        clock_rows.set_policy(tx, number, "gold", 3)
        for id in ("<a@x>", "<b@x>"):
            mail_ids.remember(tx, id, number, None, "in", NOW)

    with heard() as asked:
        db.write(work)
    assert [text.split()[0] for text, _ in asked] == ["UPDATE", "INSERT", "INSERT"]
    assert types(db, number) == [(1, "assigned"), (2, "priority")]
    with db.read() as tx:
        now = tickets.get(tx, number)
        assert len(mail_ids.known(tx, ["<a@x>", "<b@x>"])) == 2
    assert (now.owner, now.priority, now.policy, now.version) == ("ana", "high", "gold", 3)
    assert now.updated_at == NOW + timedelta(hours=1)


def test_whoever_reads_sees_what_was_not_written_yet(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    def work(tx: Tx) -> None:
        number = make_ticket(tx)
        tickets.change(tx, number, at=NOW, owner="ana")
        assert tickets.get(tx, number).owner == "ana"
        append(tx, number, "assigned")
        assert [one.n for one in events.of(tx, number)] == [1]
        mail_ids.remember(tx, "<a@x>", number, None, "in", NOW)
        assert [one.ticket for one in mail_ids.known(tx, ["<a@x>"])] == [number]
        tickets.change(tx, number, at=NOW, segment="sales")
        assert ticket_lists.count(tx, Where("segment", "=", ("sales",))) == 1
        tickets.change(tx, number, at=NOW, owner="bo")
        assert tx.run("SELECT owner FROM ticket").fetchall() == [("bo",)]

    db.write(work)


def test_a_part_that_fails_leaves_nothing_for_the_next(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    number = db.write(make_ticket)

    def work(tx: Tx) -> None:
        append(tx, number, "before")
        with pytest.raises(ZeroDivisionError), tx.savepoint():
            append(tx, number, "lost")
            tickets.change(tx, number, at=NOW, owner="ana")
            mail_ids.remember(tx, "<a@x>", number, None, "in", NOW)
            raise ZeroDivisionError
        with tx.savepoint():
            append(tx, number, "after")

    db.write(work)
    assert types(db, number) == [(1, "before"), (2, "after")]
    with db.read() as tx:
        assert tickets.get(tx, number).owner is None
        assert mail_ids.known(tx, ["<a@x>"]) == []


def test_a_ticket_that_is_gone_fails_its_part_alone(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    number = db.write(make_ticket)

    def work(tx: Tx) -> None:
        with pytest.raises(NotFound, match=r"no ticket 99\."), tx.savepoint():
            append(tx, number, "lost")
            append(tx, 99, "created")
        append(tx, number, "kept")

    db.write(work)
    assert types(db, number) == [(1, "kept")]


def test_lines_of_several_tickets_keep_the_order_in_which_they_happened(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    a, b = db.write(lambda tx: [make_ticket(tx), make_ticket(tx)])

    def work(tx: Tx) -> None:
        for ticket, type in ((b, "merged"), (a, "merged"), (b, "status")):
            append(tx, ticket, type)

    db.write(work)
    with db.read() as tx:
        found = [(one.ticket, one.n, one.type) for one in events.of_group(tx, "g1")]
    assert found == [(b, 1, "merged"), (a, 1, "merged"), (b, 2, "status")]
