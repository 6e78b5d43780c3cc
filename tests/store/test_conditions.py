"""Conditions as SQL hold for the same tickets as conditions in plain Python, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from tests.store.naive import NOW, OPS, STATES, STATUSES, TIMES, WORDS, Facts, fill, holds
from ticketctl.domain.base.condition import Condition, Not, Where, either, every, negation
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.calendar import sla_word
from ticketctl.domain.query import parser
from ticketctl.domain.query.fields import FIELDS, SLA
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.people import customers
from ticketctl.store.tickets import conditions, ticket_lists, tickets

CHOICES: dict[str, tuple[Any, ...]] = {
    "status": STATUSES,
    "owner": ("ana", "ben", "none", "any"),
    "segment": ("support", "billing", "none", "any"),
    "source_segment": ("support", "none"),
    "mailbox": ("support@help.example", "billing@help.example"),
    "channel": ("email", "phone"),
    "type": ("billing", "none", "any"),
    "kind": ("private", "public"),
    "awaiting": ("agent", "customer", "nobody"),
    "language": ("en", "es", "none"),
    "tag": ("vip", "late", "none", "any"),
    "customer": ("carl", "dora@y.example", "1", "2", "none"),
    "email": ("carl@x.example", "@y.example", "DORA@Y.EXAMPLE", "none"),
    "text": WORDS,
    "subject": WORDS,
    "body": WORDS,
    "comments": WORDS,
    "is": tuple(conditions.IS),
    "has": tuple(conditions.HAS),
    "sla_state": (*filter(None, STATES), "none", "any"),
    "survey": ("csat", "nps"),
    "due": ("none", "any"),
    "sla.first": ("none", "any"),
    "cf.reason": ("refund", "delivery", "none", "any"),
    "cf.amount": ("5", "7", "none"),
    "cf.paid": ("true", "false"),
    "cf.many": ("a", "b", "any"),
}
COMPARED: dict[str, tuple[Any, ...]] = {
    "priority": PRIORITIES,
    "id": (1, 30, 60),
    "rating": (0, 3, 10),
    "csat": (2, 5),
    "nps": (6,),
    "cf.amount": ("5", "7"),
    "cf.day": ("2026-03-09",),
}
INSTANTS = (*TIMES, "sla.first", "sla.next", "sla.resolve", "sla.assign")

leaves = st.one_of(
    st.sampled_from(sorted(CHOICES)).flatmap(
        lambda field: st.lists(
            st.sampled_from(CHOICES[field]), min_size=1, max_size=2, unique=True
        ).map(lambda values: Where(field, "=", tuple(values)))
    ),
    st.builds(
        lambda field, op, hours: Where(field, op, (NOW + timedelta(hours=hours),)),
        st.sampled_from(INSTANTS),
        st.sampled_from([">=", "<"]),
        st.integers(-4, 4),
    ),
    st.sampled_from(sorted(COMPARED)).flatmap(
        lambda field: st.builds(
            lambda op, value: Where(field, op, (value,)),
            st.sampled_from(sorted(OPS)),
            st.sampled_from(COMPARED[field]),
        )
    ),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(every),
        st.lists(inner, min_size=2, max_size=3).map(either),
        inner.map(negation),
    ),
    max_leaves=5,
)


@pytest.fixture
def facts(db: Database, make_ticket: Callable[..., int]) -> dict[int, Facts]:
    """Sixty random tickets, and what is known of each besides; Dora has bought something."""
    return db.write(lambda tx: filled(tx, make_ticket, 7))


def filled(tx: Tx, make_ticket: Callable[..., int], seed: int) -> dict[int, Facts]:
    facts = fill(tx, make_ticket, 60, seed)
    dora = customers.find_or_create(tx, email="dora@y.example", name="Dora", language=None, at=NOW)
    row = {"customer_id": dora.id, "provider": "shop", "number": "1", "at": NOW}
    tx.execute(insert(schema.customer_order), row)
    return facts


def check(tx: Tx, facts: dict[int, Facts], condition: Condition) -> None:
    found = {ticket.id for ticket in ticket_lists.page(tx, condition, (), None)}
    assert ticket_lists.count(tx, condition) == len(found)
    those = tickets.some(tx, list(facts))
    assert found == {each.id for each in those if holds(condition, each, facts[each.id])}


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(condition=trees)
def test_a_condition_finds_what_it_says(
    db: Database, facts: dict[int, Facts], condition: Condition
) -> None:
    with db.read() as tx:
        check(tx, facts, condition)


def test_every_field_finds_what_it_says(
    sqlite_db: Database, make_ticket: Callable[..., int]
) -> None:
    facts = sqlite_db.write(lambda tx: filled(tx, make_ticket, 11))
    asked = [Where(field, "=", (value,)) for field in CHOICES for value in CHOICES[field]]
    asked += [
        Where(field, op, (value,)) for field in COMPARED for value in COMPARED[field] for op in OPS
    ]
    asked += [Where(field, op, (NOW,)) for field in INSTANTS for op in (">=", "<")]
    with sqlite_db.read() as tx:
        for condition in asked:
            check(tx, facts, condition)
            check(tx, facts, Not(condition))


def test_what_is_found_by_service_level_is_what_the_column_says_F_A15(
    db: Database, facts: dict[int, Facts]
) -> None:
    with db.read() as tx:
        those = tickets.some(tx, list(facts))
        for hours in (-2, 0, 1):
            now = NOW + timedelta(hours=hours)
            for word in SLA:
                asked = parser.parse(f"sla:{word}", now=now, zone=ZoneInfo("UTC"), me=None)
                found = {one.id for one in ticket_lists.page(tx, asked.condition, (), None)}
                said = {one.id for one in those if (sla_word.state(one, now) or "none") == word}
                assert found == said


def test_every_field_of_the_language_can_be_asked_of_the_store() -> None:
    made_of_others = {"age", "alert", "sla"}
    assert set(conditions._FIELDS) == set(FIELDS) - made_of_others


@pytest.mark.parametrize("value", ["%", "_", "'", "x' OR '1'='1", "\\", '"', "9" * 30, "🙂"])
def test_no_value_is_sql(db: Database, make_ticket: Callable[..., int], value: str) -> None:
    db.write(make_ticket)
    with db.read() as tx:
        for field in ("owner", "tag", "customer", "email", "text", "cf.x", "segment", "survey"):
            assert ticket_lists.count(tx, Where(field, "=", (value,))) == 0
