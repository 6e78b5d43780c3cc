"""No value of a query becomes text of SQL, whatever it says: the text of a statement is the same for all values."""

from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.conftest import MakeTicket
from tests.support.statements import heard
from ticketctl import clock
from ticketctl.domain.base.condition import EVERYTHING, AllOf, AnyOf, Condition, Not, Sort, Where
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Database
from ticketctl.store.db.values import Dialect
from ticketctl.store.tickets import conditions, sorting, ticket_lists, tickets

NOW = clock.parse("2026-03-09T08:10:00Z")
WORDS = (
    "status",
    "owner",
    "segment",
    "mailbox",
    "channel",
    "type",
    "kind",
    "language",
    "tag",
    "sla_state",
)
TEXTS = (
    "text",
    "subject",
    "body",
    "comments",
    "customer",
    "email",
    "cf.reason",
    "customer.cf.plan",
)
TIMES = ("created", "updated", "due", "sla.first")  # fmt: skip
HOSTILE = st.text(
    st.sampled_from("';\"-/*%?_[]{}()\\:$ \n") | st.characters(exclude_categories=["Cs"]),
    max_size=12,
).map(lambda text: f"zq'{text}'); DROP TABLE ticket; --[[condition]]%s?")


def trees(values: st.SearchStrategy[str]) -> st.SearchStrategy[Condition]:
    some = st.lists(values, min_size=1, max_size=3, unique=True).map(tuple)
    word = st.builds(Where, st.sampled_from(WORDS + TEXTS), st.just("="), some)
    number = st.builds(
        Where, st.sampled_from(("cf.amount",)), st.sampled_from(("<", "<=", ">", ">=")), some
    )
    time = st.builds(
        Where, st.sampled_from(TIMES), st.sampled_from(("<", ">=")), st.just((NOW - timedelta(1),))
    )
    leaf = word | number | time
    return st.recursive(
        leaf,
        lambda part: (
            st.builds(Not, part)
            | st.builds(AllOf, st.lists(part, max_size=3).map(tuple))
            | st.builds(AnyOf, st.lists(part, max_size=3).map(tuple))
        ),
        max_leaves=8,
    )


def changed(condition: Condition) -> Condition:
    """The same tree with other values of the same kinds."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(map(changed, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(changed, parts)))
        case Not(part):
            return Not(changed(part))
        case Where(field, op, values):
            others = (f"zq{n}" if isinstance(one, str) else one for n, one in enumerate(values))
            return Where(field, op, tuple(others))


@pytest.mark.parametrize("dialect", get_args(Dialect))
@given(condition=trees(HOSTILE))
def test_the_text_of_a_condition_is_the_same_for_all_values(
    dialect: Dialect, condition: Condition
) -> None:
    values: list[object] = []
    text = conditions.sql(condition).render(dialect, values)
    assert text == conditions.sql(changed(condition)).render(dialect, [])
    assert "zq" not in text
    assert text.replace("%%", "").count("?" if dialect == "sqlite" else "%s") == len(values)


@pytest.mark.parametrize("words", ["x'; DROP TABLE ticket; --", "[[order]]", "100 %s ? :a"])
def test_a_page_after_a_ticket_has_the_same_text_whatever_the_ticket_says(
    db: Database, make_ticket: MakeTicket, words: str
) -> None:
    order = (Sort("subject"), Sort("customer", True))
    numbers = db.write(lambda tx: [make_ticket(tx, subject=one) for one in (words, "plain")])
    with db.read() as tx:
        after = [sorting.past(order, tickets.get(tx, number)) for number in numbers]
        assert len({one.render(tx.dialect, []) for one in after}) == 1
        with heard() as asked:
            ticket_lists.page(tx, EVERYTHING, order, 10, tickets.get(tx, numbers[0]))
        assert not any(words in text for text, _ in asked)


@pytest.mark.parametrize("value", ["x'; DROP TABLE lease; --", "[[set]]", "100 %s ?", "{0} :name"])
def test_a_statement_composed_when_it_runs_sends_its_values_apart(db: Database, value: str) -> None:
    db.write(
        lambda tx: tx.execute(sa.insert(t.lease), {"name": value, "holder": value, "until": NOW})
    )
    with db.read() as tx:
        found = tx.execute(sa.select(t.lease.c.holder).where(t.lease.c.name.in_([value, "other"])))
        assert found.scalars() == [value]
