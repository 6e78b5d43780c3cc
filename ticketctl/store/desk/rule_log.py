"""The rule log: a row for each rule and event, under a unique key, so that no rule runs twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Text, bindparam, cast, exists, func, literal, not_, select, update

from ticketctl.domain.base.condition import EVERYTHING, Condition
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.schema import rule_log as table
from ticketctl.store.db.schema import ticket
from ticketctl.store.tickets import conditions

THEN, OTHERWISE, FAILED, CUT = "then", "otherwise", "failed", "cut"


class RuleRun(Struct, frozen=True, kw_only=True):
    """A rule's run for an event: `message 12/3`, `created 12`, `updated 12/GROUP`, `survey 5`, `time 12`.

    `branch`: then, otherwise, failed (`did` says why; all of it was rolled back), cut (rules went round in circles).
    """

    id: int
    rule: str
    event: str
    ticket: int | None
    at: datetime
    branch: str
    did: tuple[str, ...]
    version: int  # of the definition


class BranchCount(Struct, frozen=True):
    """How often a rule ended in a branch, and when last."""

    rule: str
    branch: str
    times: int
    last_at: datetime


_add = if_new(table)
_DID = (
    update(table)
    .where(table.c.rule == bindparam("of_rule"), table.c.event == bindparam("of_event"))
    .values(branch=bindparam("new_branch"), did=bindparam("new_did"))
)
_DONE = select(table.c.rule).where(
    table.c.event == bindparam("of_event"), table.c.ticket_id == bindparam("of_ticket")
)


def add(
    tx: Tx,
    *,
    rule: str,
    event: str,
    ticket: int | None,
    at: datetime,
    branch: str,
    version: int,
    did: Sequence[str] = (),
) -> bool:
    """Claim a rule's run for an event. False if it ran before. What it `did` may follow."""
    row = {
        "rule": rule,
        "event": event,
        "ticket_id": ticket,
        "at": at,
        "branch": branch,
        "did": list(did),
        "version": version,
    }
    return _add(tx, row)


def record_steps(tx: Tx, rule: str, event: str, branch: str, sentences: Sequence[str]) -> None:
    """Record how a claimed run ended, one sentence a step."""
    tx.execute(
        _DID,
        {
            "of_rule": rule,
            "of_event": event,
            "new_branch": branch,
            "new_did": list(sentences),
        },
    )


def rules_run(tx: Tx, event: str, ticket: int) -> set[str]:
    """The rules that ran for an event of a ticket."""
    return set(tx.execute(_DONE, {"of_event": event, "of_ticket": ticket}).scalars())


def lines(
    tx: Tx,
    *,
    number: int | None = None,
    rule: str | None = None,
    limit: int | None = None,
    seen: Condition = EVERYTHING,
) -> list[RuleRun]:
    """The log, newest first; optionally of one ticket, of one rule, limited, or of tickets that somebody may see."""
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if number is not None:
        query = query.where(table.c.ticket_id == number)
    if seen != EVERYTHING:
        query = query.join(ticket, ticket.c.id == table.c.ticket_id).where(conditions.sql(seen))
    if rule is not None:
        query = query.where(table.c.rule == rule)
    return [
        RuleRun(
            id=row.id,
            rule=row.rule,
            event=row.event,
            ticket=row.ticket_id,
            at=row.at,
            branch=row.branch,
            did=tuple(row.did),
            version=row.version,
        )
        for row in tx.execute(query)
    ]


def counts(tx: Tx) -> list[BranchCount]:
    """How often each rule ended in each branch."""
    query = select(
        table.c.rule, table.c.branch, func.count(), func.max(table.c.at, type_=table.c.at.type)
    ).group_by(table.c.rule, table.c.branch)
    return [BranchCount(*row) for row in tx.execute(query)]


def failures(tx: Tx, since: datetime) -> int:
    """How many runs failed or were cut since a time."""
    bad = table.c.branch.in_((FAILED, CUT))
    query = select(func.count()).select_from(table).where(table.c.at >= since, bad)
    return int(tx.execute(query).scalar_one())


# ---- timed rules: a row means "has run" until the ticket no longer matches ------------------------------------------


def time_event(ticket: int) -> str:
    """The event of a timed rule for a ticket."""
    return f"time {ticket}"


def due(tx: Tx, rule: str, condition: Condition, after: int, limit: int) -> list[int]:
    """The tickets that match a timed rule and have not had it run, by number from `after` on."""
    event = literal("time ") + cast(ticket.c.id, Text)
    had = exists().where(table.c.rule == rule, table.c.event == event)
    fits = (conditions.sql(condition), ticket.c.id > after, not_(had))
    query = select(ticket.c.id).where(*fits).order_by(ticket.c.id).limit(limit)
    return list(tx.execute(query).scalars())


def expired_turns(tx: Tx, rule: str, condition: Condition) -> list[int]:
    """The runs of a timed rule whose ticket no longer matches."""
    fits = exists().where(ticket.c.id == table.c.ticket_id, conditions.sql(condition))
    event = literal("time ") + cast(table.c.ticket_id, Text)
    query = select(table.c.id).where(table.c.rule == rule, table.c.event == event, not_(fits))
    return list(tx.execute(query).scalars())


def end_turns(tx: Tx, ids: Sequence[int]) -> None:
    """Let a timed rule run again for tickets that did not match in between."""
    event: Any = table.c.event + "/" + cast(table.c.id, Text)
    for id in ids:
        tx.execute(update(table).where(table.c.id == id).values(event=event))
