"""Conditions in plain Python, and random tickets to ask them of: what the database is compared with."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any, NamedTuple

from sqlalchemy import insert

from ticketctl import clock
from ticketctl.domain.base.condition import AllOf, AnyOf, Condition, Not, Where
from ticketctl.domain.base.records import PRIORITIES, Attachment, Ticket
from ticketctl.domain.base.status import ACTIVE, ENDED
from ticketctl.store.db import schema
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import messages, tickets

NOW = clock.parse("2026-03-09T08:10:00Z")
OPS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
WORDS = ("paper", "jam", "toner", "refund")
PEOPLE = (
    ("carl@x.example", "Carl"),
    ("dora@y.example", "Dora"),
    ("eve@y.example", "Eve Carlson"),
    ("", "Nobody"),
)
TIMES = ("created", "updated", "resolved", "closed", "due", "warn")
CLOCKS = ("first", "next", "resolve", "assign")
STATUSES = ("new", "open", "waiting", "resolved", "closed", "spam", "merged")
STATES = (None, "running", "paused", "met", "breached")
FILE = Attachment(n=1, name="a", type="text/plain", size=1, sha256="ab", inline=False, part="2")


class Answer(NamedTuple):
    """A customer's answer to a survey."""

    survey: str
    scale: str
    rating: int


class Facts(NamedTuple):
    """What a Ticket does not tell of itself."""

    subject: str
    body: str
    comments: str
    file: bool
    order: bool
    clocks: dict[str, datetime]  # the running ones, and when each is due
    answer: Answer | None


def fill(tx: Tx, make_ticket: Callable[..., int], count: int, seed: int) -> dict[int, Facts]:
    """So many random tickets by number."""
    luck = random.Random(seed)
    return dict(_one(tx, make_ticket, luck) for _ in range(count))


def _hours(luck: random.Random) -> datetime:
    return NOW + timedelta(hours=luck.randrange(-4, 5))


def _one(tx: Tx, make_ticket: Callable[..., int], luck: random.Random) -> tuple[int, Facts]:
    email, name = luck.choice(PEOPLE)
    subject, body, comment = (" ".join(luck.sample(WORDS, 2)) for _ in range(3))
    number = make_ticket(
        tx,
        email,
        name,
        at=NOW - timedelta(hours=luck.randrange(5)),
        subject=subject,
        status=luck.choice(STATUSES),
        priority=luck.choice(PRIORITIES),
        segment=luck.choice(["support", "billing", ""]),
        mailbox=luck.choice(["support@help.example", "billing@help.example"]),
        channel=luck.choice(["email", "phone"]),
        kind=luck.choice(["private", "public"]),
        owner=luck.choice([None, "ana", "ben"]),
        type=luck.choice([None, "billing"]),
        language=luck.choice([None, "en", "es"]),
        important=luck.random() < 0.3,
        tags=luck.sample(["vip", "late"], luck.randrange(3)),
        fields=_fields(luck),
    )
    said, file = luck.random() < 0.5, luck.random() < 0.3
    if said:
        messages.add(
            tx, number, messages.NewMessage(direction="in", class_="human", author=email, author_name=name, at=NOW,
            subject="", text=body, full_text=body, attachments=[FILE] * file,
        ))  # fmt: skip
    noted = luck.random() < 0.3
    if noted:
        messages.add_comment(tx, number, author="ana", at=NOW, text=comment)
    ended = luck.choice([None, NOW - timedelta(hours=1)])
    tickets.change(
        tx,
        number,
        at=NOW - timedelta(hours=luck.randrange(3)),
        awaiting=luck.choice(["agent", "customer", "nobody"]),
        resolved_at=ended,
        closed_at=ended,
        sla_state=luck.choice(STATES),
        due_at=luck.choice([None, NOW, _hours(luck)]),
        warn_at=luck.choice([None, NOW, _hours(luck)]),
    )
    facts = Facts(
        subject=subject,
        body=body if said else "",
        comments=comment if noted else "",
        file=said and file,
        order=name == "Dora",
        clocks=_clocks(tx, number, luck),
        answer=_answer(tx, number, luck),
    )
    return number, facts


def _fields(luck: random.Random) -> dict[str, Any]:
    fields = {
        "reason": luck.choice(["refund", "delivery", ""]),
        "amount": luck.choice([5, 6.5, 9]),
        "day": luck.choice(["2026-03-08", "2026-03-09", "2026-03-10"]),
    }
    fields |= luck.choice([{}, {"paid": True, "many": ["a"]}, {"paid": False, "many": ["a", "b"]}])
    return luck.choice([fields, {}])


def _clocks(tx: Tx, number: int, luck: random.Random) -> dict[str, datetime]:
    running = {}
    for kind in luck.sample(CLOCKS, 2):
        due, stopped = _hours(luck), luck.random() < 0.4
        row = {
            "ticket_id": number, "kind": kind, "cycle": 1, "policy": "p", "policy_version": 1,
            "target": 60, "started_at": NOW, "state": "met" if stopped else "running",
            "due_at": due, "stopped_at": NOW if stopped else None,
        }  # fmt: skip
        tx.execute(insert(schema.clock), row)
        if not stopped:
            running[kind] = due
    return running


def _answer(tx: Tx, number: int, luck: random.Random) -> Answer | None:
    last = None
    for _ in range(luck.randrange(3)):
        scale, top = luck.choice([("1-5", 5), ("0-10", 10)])
        last = Answer(luck.choice(["csat", "nps"]), scale, luck.randrange(top + 1))
        row = {"ticket_id": number, "at": NOW, "via": "mail"} | last._asdict()
        tx.execute(insert(schema.rating), row)
    return last


# ---- the same in plain Python ---------------------------------------------------------------------------------------


def holds(condition: Condition, ticket: Ticket, facts: Facts) -> bool:
    """Does the condition hold for the ticket?"""
    match condition:
        case AllOf(parts):
            return all(holds(part, ticket, facts) for part in parts)
        case AnyOf(parts):
            return any(holds(part, ticket, facts) for part in parts)
        case Not(part):
            return not holds(part, ticket, facts)
        case Where(field, op, values):
            return any(_leaf(field, op, value, ticket, facts) for value in values)


def _leaf(field: str, op: str, value: Any, ticket: Ticket, facts: Facts) -> bool:
    if field in TIMES:
        return _compared(getattr(ticket, f"{field}_at"), op, value)
    if field.startswith("sla."):
        return _compared(facts.clocks.get(field.removeprefix("sla.")), op, value)
    if field == "priority":
        return OPS[op](PRIORITIES.index(ticket.priority), PRIORITIES.index(value))
    if field == "id":
        return OPS[op](ticket.id, value)
    if field.startswith("cf."):
        return _own(ticket.fields.get(field.removeprefix("cf.")), op, value)
    if field == "tag":
        return bool({"none": not ticket.tags, "any": ticket.tags}.get(value, value in ticket.tags))
    if field in ("customer", "email"):
        return _person(field, value, ticket)
    if field in ("text", "subject", "body", "comments"):
        parts = ("subject", "body", "comments") if field == "text" else (field,)
        return any(value in getattr(facts, part) for part in parts)
    if field in ("rating", "csat", "nps", "survey"):
        return _answered(field, op, value, facts.answer)
    if field == "is":
        return _state(ticket, value)
    if field == "has":
        said = {"attachment": facts.file, "comment": ticket.comments_count > 0}
        return bool(said.get(value, facts.order))
    word: str | None = getattr(ticket, field)
    return bool({"none": not word, "any": word}.get(value, word == value))


def _compared(held: Any, op: str, value: Any) -> bool:
    if value in ("none", "any"):
        return (held is None) is bool(value == "none")
    return held is not None and OPS[op](held, value)


def _person(field: str, value: str, ticket: Ticket) -> bool:
    who, address = ticket.customer, value.lower()
    if value == "none":
        return not who.email
    if field == "customer" and "@" not in value:
        return value == str(who.id) or address in who.name.lower()
    return who.email.endswith(address) if address[0] == "@" else who.email == address


def _answered(field: str, op: str, value: Any, answer: Answer | None) -> bool:
    if answer is None:
        return False
    if field == "survey":
        return bool(answer.survey == value)
    scale = {"csat": "1-5", "nps": "0-10"}.get(field, answer.scale)
    return answer.scale == scale and OPS[op](answer.rating, value)


def _own(held: Any, op: str, value: str) -> bool:
    if value in ("none", "any"):
        return (held in (None, "")) is bool(value == "none")
    meanings: list[Any] = [value]
    if value in ("true", "false"):
        meanings.append(value == "true")
    if value.isdigit():
        meanings.append(int(value))
    return any(
        OPS[op](each, meaning)
        for each in (held if isinstance(held, list) else [held])
        for meaning in meanings
        if _kind(each) == _kind(meaning)
    )


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__


def _state(ticket: Ticket, word: str) -> bool:
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
