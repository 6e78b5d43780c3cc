"""How lists are read where there are many tickets: the plans of SQLite, which knows no figures of the desk.

No filter, no order and no `next` reads the table of tickets from end to end (F-R38).
Parts of a name (`customer:carl`), fields of the desk's own, languages and what is public have no index of their
own: they are looked for among the tickets of the month, or of the other words.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.statements import heard
from tests.support.statements import plan as steps_of
from ticketctl import clock
from ticketctl.domain.base.condition import (
    EVERYTHING,
    NEWEST_FIRST,
    Condition,
    Sort,
    Where,
    both,
    either,
    every,
)
from ticketctl.domain.query import parser
from ticketctl.domain.query.fields import SORTS
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.tickets import events, ticket_lists

NOW = clock.parse("2026-03-09T08:10:00Z")
MONTH = Where("created", ">=", (NOW - timedelta(days=30),))


@pytest.fixture(scope="module")
def tx(sqlite_template: Path) -> Iterator[Tx]:
    """A desk without statistics, as every desk is: SQLite plans by what could be there, not by what is."""
    db = Database(f"sqlite:///{sqlite_template}")
    with db.read() as tx:
        yield tx
    db.dispose()


def plan(tx: Tx, condition: Condition, sort: tuple[Sort, ...] = NEWEST_FIRST) -> list[str]:
    with heard() as asked:
        ticket_lists.page(tx, condition, sort, 50)
    return steps_of(tx, asked[:1])


def uses_an_index(steps: list[str], *, by_number: bool = False) -> bool:
    """Is the table found by an index, or read in the order of one, at every step that touches it?

    SQLite keeps it in the order of its numbers, so that a list by number needs no other index.
    """
    of_ticket = [step for step in steps if step.split()[1:2] == ["ticket"]]
    if by_number and of_ticket == ["SCAN ticket"]:
        return True
    return bool(of_ticket) and all(" USING " in step for step in of_ticket)


def asked(words: str) -> Condition:
    return parser.parse(words, now=NOW, zone=ZoneInfo("UTC"), me="agent1").condition


@pytest.mark.parametrize("field", SORTS)
def test_every_order_of_the_list_is_read_by_an_index(tx: Tx, field: str) -> None:
    for descending in (False, True):
        for condition in (MONTH, asked("is:open")):
            steps = plan(tx, condition, (Sort(field, descending),))
            assert uses_an_index(steps, by_number=field == "id"), steps


@pytest.mark.parametrize(
    "field", ["id", "created", "updated", "priority", "status", "segment", "mailbox", "channel"]
)
def test_an_order_over_all_years_is_that_of_an_index(tx: Tx, field: str) -> None:
    for descending in (False, True):
        steps = plan(tx, EVERYTHING, (Sort(field, descending),))
        if field == "segment":  # within a segment the index goes by status
            assert uses_an_index(steps)
        else:
            assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ("status:open", "status"),
        ("owner:agent1", "owner"),
        ("segment:segment2 status:new", "segment"),
        ("priority:critical", "priority"),
        ("mailbox:box1", "mailbox"),
        ("channel:phone", "channel"),
        ("type:type2", "type"),
        ("customer:12", "customer"),
        ("customer:c1@x.example", "customer"),
        ("tag:tag2", "PRIMARY KEY"),
        ("id:12", "PRIMARY KEY"),
        ("created:today", "created"),
        ("updated:today", "updated"),
        ("resolved:2025-03-01", "resolved"),
        ("due<2h", "due"),
        ("sla:warn", "warn"),
        ("sla.first<1h", "PRIMARY KEY"),
        ("is:important", "important"),
        ("is:important is:open created>=2026-03-01", "important"),
    ],
)
def test_every_filter_finds_its_tickets_by_an_index(tx: Tx, words: str, index: str) -> None:
    steps = [step for step in plan(tx, asked(words)) if step.split()[1:2] == ["ticket"]]
    assert steps and all(index in step for step in steps), steps
    assert all(step.startswith("SEARCH") or "created_at" in step for step in steps), steps


@pytest.mark.parametrize(
    "words",
    ["owner:none", "sla:breach", "sla:ok", "-is:important", "has:attachment", "has:order",
     "cf.reason:refund", "customer:name", "kind:public", "language:en", "rating<=2", "source_segment:segment1",
     "closed:today"],
)  # fmt: skip
def test_other_filters_look_among_the_tickets_of_the_month_or_of_an_order(
    tx: Tx, words: str
) -> None:
    assert uses_an_index(plan(tx, both(MONTH, asked(words))))
    assert uses_an_index(plan(tx, asked(words)))


def test_the_next_ticket_is_found_by_an_index(tx: Tx) -> None:
    free = either((Where("owner", "=", ("none",)), Where("owner", "=", ("agent1",))))
    waiting = Where("status", "=", ("new", "open", "escalated"))
    order = (Sort("due"), Sort("priority", True), Sort("created"))
    for condition in (every((waiting, free)), every((waiting, free, asked("segment:segment2")))):
        steps = plan(tx, condition, order)
        assert any(step.startswith("SEARCH ticket USING") for step in steps), steps
        assert uses_an_index(steps)


def test_what_others_changed_is_looked_for_among_the_events_since_then(tx: Tx) -> None:
    with heard() as asked:
        events.by_others(tx, "agent1", NOW, 20)
    steps = [step for step in steps_of(tx, asked) if "event" in step]
    assert steps == ["SEARCH event USING INDEX ix_event_at_id (at>?)"]


@pytest.mark.parametrize(
    "words", ["text:printer", "subject:printer owner:agent1", "body:a OR comments:a"]
)
def test_found_words_are_counted_by_status_among_what_was_found(tx: Tx, words: str) -> None:
    with heard() as counted:
        ticket_lists.overview(tx, asked(words))
    of_ticket = [step for step in steps_of(tx, counted) if step.split()[1:2] == ["ticket"]]
    assert of_ticket and not any("ix_ticket_status" in step for step in of_ticket), of_ticket
