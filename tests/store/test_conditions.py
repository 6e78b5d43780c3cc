"""Conditions as SQL hold for the same tickets as conditions in plain Python, on both databases."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ticketctl import clock
from ticketctl.desk.condition import All, Condition, Not, Where, either, every, negation
from ticketctl.desk.condition import Any as AnyOf
from ticketctl.desk.fields import FIELDS
from ticketctl.desk.records import PRIORITIES, Attachment, Ticket
from ticketctl.desk.status import ACTIVE, ENDED
from ticketctl.store import conditions, messages, tickets
from ticketctl.store.engine import Database, Tx

NOW = clock.parse("2026-03-09T08:10:00Z")
FILE = Attachment(n=1, name="a", type="text/plain", size=1, sha256="ab", inline=False, part="2")
OPS = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
WORDS = ("paper", "jam", "toner", "refund")
CHOICES: dict[str, tuple[Any, ...]] = {
    "status": ("new", "open", "waiting", "resolved", "closed", "spam", "merged"),
    "owner": ("ana", "ben", "none", "any"),
    "segment": ("support", "billing", "none", "any"),
    "source_segment": ("support", "none"),
    "mailbox": ("support@help.example", "billing@help.example"),
    "channel": ("email", "phone"),
    "type": ("billing", "none", "any"),
    "kind": ("private", "public"),
    "language": ("en", "es", "none"),
    "tag": ("vip", "late", "none", "any"),
    "customer": ("carl", "dora@y.example", "1", "2"),
    "email": ("carl@x.example", "@y.example", "DORA@Y.EXAMPLE"),
    "text": WORDS,
    "subject": WORDS,
    "body": WORDS,
    "comments": WORDS,
    "is": tuple(conditions.IS),
    "has": tuple(conditions.HAS),
    "cf.reason": ("refund", "delivery", "none", "any"),
    "cf.amount": ("5", "7", "none"),
    "cf.paid": ("true", "false"),
    "cf.many": ("a", "b", "any"),
}
TIMES = ("created", "updated", "resolved", "closed")
PEOPLE = (("carl@x.example", "Carl"), ("dora@y.example", "Dora"), ("eve@y.example", "Eve Carlson"))

Facts = dict[str, Any]


def one(tx: Tx, make_ticket: Callable[..., int], luck: random.Random) -> tuple[int, Facts]:
    """A random ticket; what a Ticket does not tell of it is returned beside its number."""
    email, name = luck.choice(PEOPLE)
    fields = {"reason": luck.choice(["refund", "delivery", ""]), "amount": luck.choice([5, 6.5, 9])}
    fields |= luck.choice([{}, {"paid": True, "many": ["a"]}, {"paid": False, "many": ["a", "b"]}])
    subject, body, comment = (" ".join(luck.sample(WORDS, 2)) for _ in range(3))
    number = make_ticket(
        tx,
        email,
        name,
        at=NOW - timedelta(hours=luck.randrange(5)),
        subject=subject,
        status=luck.choice(CHOICES["status"]),
        priority=luck.choice(PRIORITIES),
        segment=luck.choice(["support", "billing", ""]),
        mailbox=luck.choice(CHOICES["mailbox"]),
        channel=luck.choice(CHOICES["channel"]),
        kind=luck.choice(CHOICES["kind"]),
        owner=luck.choice([None, "ana", "ben"]),
        type=luck.choice([None, "billing"]),
        language=luck.choice([None, "en", "es"]),
        important=luck.random() < 0.3,
        tags=luck.sample(["vip", "late"], luck.randrange(3)),
        fields=luck.choice([fields, {}]),
    )
    facts: Facts = {"subject": subject, "body": "", "comments": "", "file": False}
    if luck.random() < 0.5:
        facts |= {"body": body, "file": luck.random() < 0.5}
        messages.add(
            tx, number, direction="in", class_="human", author=email, author_name=name, at=NOW,
            subject="", text=body, full_text=body, attachments=[FILE] * facts["file"],
        )  # fmt: skip
    if luck.random() < 0.3:
        facts["comments"] = comment
        messages.add_comment(tx, number, author="ana", at=NOW, text=comment)
    ended = luck.choice([None, NOW - timedelta(hours=1)])
    awaiting = luck.choice(["agent", "customer", "nobody"])
    tickets.change(tx, number, at=NOW, awaiting=awaiting, resolved_at=ended, closed_at=ended)
    return number, facts


def holds(condition: Condition, ticket: Ticket, facts: Facts) -> bool:
    """The same in plain Python."""
    match condition:
        case All(parts):
            return all(holds(part, ticket, facts) for part in parts)
        case AnyOf(parts):
            return any(holds(part, ticket, facts) for part in parts)
        case Not(part):
            return not holds(part, ticket, facts)
        case Where(field, op, values):
            return any(leaf(field, op, value, ticket, facts) for value in values)


def leaf(field: str, op: str, value: Any, ticket: Ticket, facts: Facts) -> bool:
    if field in TIMES:
        stamp: datetime | None = getattr(ticket, f"{field}_at")
        return stamp is not None and OPS[op](stamp, value)
    if field == "priority":
        return OPS[op](PRIORITIES.index(ticket.priority), PRIORITIES.index(value))
    if field == "id":
        return OPS[op](ticket.id, value)
    if field.startswith("cf."):
        return custom(ticket.fields.get(field[3:]), op, value)
    if field == "tag":
        return {"none": not ticket.tags, "any": bool(ticket.tags)}.get(value, value in ticket.tags)
    if field == "customer" and "@" not in value:
        return value == str(ticket.customer.id) or value in ticket.customer.name.lower()
    if field in ("customer", "email"):
        address = value.lower()
        return (
            ticket.customer.email.endswith(address)
            if address[0] == "@"
            else ticket.customer.email == address
        )
    if field == "text":
        return any(value in facts[part] for part in ("subject", "body", "comments"))
    if field in ("subject", "body", "comments"):
        return value in facts[field]
    if field == "is":
        return state(ticket, value)
    if field == "has":
        return facts["file"] if value == "attachment" else ticket.comments_count > 0
    word = getattr(ticket, field)
    return {"none": not word, "any": bool(word)}.get(value, word == value)


def custom(held: Any, op: str, value: str) -> bool:
    if value in ("none", "any"):
        return (held in (None, "")) == (value == "none")
    meanings: list[Any] = [value]
    if value in ("true", "false"):
        meanings.append(value == "true")
    if value.isdigit():
        meanings.append(int(value))
    return any(
        OPS[op](each, meaning)
        for each in (held if isinstance(held, list) else [held])
        for meaning in meanings
        if kind(each) == kind(meaning)
    )


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__


def state(ticket: Ticket, word: str) -> bool:
    active = ticket.status in ACTIVE
    if word.startswith("awaiting-"):
        return active and ticket.awaiting == word.removeprefix("awaiting-")
    return {
        "open": active,
        "ended": ticket.status in ENDED,
        "important": ticket.important,
        "spam": ticket.status == "spam",
        "merged": ticket.status == "merged",
    }[word]


leaves = st.one_of(
    st.sampled_from(sorted(CHOICES)).flatmap(
        lambda field: st.lists(
            st.sampled_from(CHOICES[field]), min_size=1, max_size=2, unique=True
        ).map(lambda values: Where(field, "=", tuple(values)))
    ),
    st.builds(
        lambda field, op, hours: Where(field, op, (NOW - timedelta(hours=hours),)),
        st.sampled_from(TIMES),
        st.sampled_from([">=", "<"]),
        st.integers(0, 4),
    ),
    st.builds(
        lambda op, word: Where("priority", op, (word,)),
        st.sampled_from(sorted(OPS)),
        st.sampled_from(PRIORITIES),
    ),
    st.builds(
        lambda op, n: Where("id", op, (n,)), st.sampled_from(sorted(OPS)), st.integers(1, 60)
    ),
    st.builds(
        lambda op, n: Where("cf.amount", op, (n,)),
        st.sampled_from(sorted(OPS)),
        st.sampled_from(["5", "7"]),
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
    """Sixty random tickets, and what is known of each besides."""

    def fill(tx: Tx) -> dict[int, Facts]:
        luck = random.Random(7)
        return dict(one(tx, make_ticket, luck) for _ in range(60))

    return db.write(fill)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(condition=trees)
def test_a_condition_finds_what_it_says(
    db: Database, facts: dict[int, Facts], condition: Condition
) -> None:
    with db.read() as tx:
        every_ticket = tickets.some(tx, list(facts))
        found = {ticket.id for ticket in tickets.page(tx, condition, (), None)}
        assert tickets.count(tx, condition) == len(found)
    assert found == {each.id for each in every_ticket if holds(condition, each, facts[each.id])}


@pytest.mark.parametrize("field", sorted(CHOICES))
def test_every_field_finds_what_it_says(
    sqlite_db: Database, make_ticket: Callable[..., int], field: str
) -> None:
    luck = random.Random(field)
    facts = sqlite_db.write(lambda tx: dict(one(tx, make_ticket, luck) for _ in range(60)))
    with sqlite_db.read() as tx:
        every_ticket = tickets.some(tx, list(facts))
        for value in CHOICES[field]:
            for condition in (Where(field, "=", (value,)), Not(Where(field, "=", (value,)))):
                found = {ticket.id for ticket in tickets.page(tx, condition, (), None)}
                assert found == {
                    each.id for each in every_ticket if holds(condition, each, facts[each.id])
                }


def test_every_field_of_the_language_can_be_asked_of_the_store() -> None:
    assert set(conditions._FIELDS) == set(FIELDS) - {"age"}  # an age is a time of making


@pytest.mark.parametrize("value", ["%", "_", "'", "x' OR '1'='1", "\\", '"', "9" * 30, "🙂"])
def test_no_value_is_sql(db: Database, make_ticket: Callable[..., int], value: str) -> None:
    db.write(make_ticket)
    with db.read() as tx:
        for field in ("owner", "tag", "customer", "email", "text", "cf.x", "segment"):
            assert tickets.count(tx, Where(field, "=", (value,))) == 0
