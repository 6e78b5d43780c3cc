"""The rule log: a row for each rule and event, under a unique key, so that no rule runs twice."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from ticketctl.domain.base.condition import EVERYTHING, Condition
from ticketctl.store.db.core import hole, in_list, most, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import all_of, expression, sql
from ticketctl.store.db.rows import if_new
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


_add = if_new("rule_log")
_DID = sql(
    lambda: (
        sa.update(t.rule_log)
        .where(
            t.rule_log.c.rule == sa.bindparam("of_rule"),
            t.rule_log.c.event == sa.bindparam("of_event"),
        )
        .values(branch=sa.bindparam("new_branch"), did=sa.bindparam("new_did"))
    )
)
_DONE = sql(
    lambda: sa.select(t.rule_log.c.rule).where(
        t.rule_log.c.event == sa.bindparam("of_event"),
        t.rule_log.c.ticket_id == sa.bindparam("of_ticket"),
    )
)
_LINES = sql(
    lambda: (
        sa.select(t.rule_log)
        .where(hole("condition"))
        .order_by(t.rule_log.c.id.desc())
        .limit(most("limit"))
    )
)
_LINES_OF_TICKETS = sql(lambda: _LINES().join(t.ticket, t.ticket.c.id == t.rule_log.c.ticket_id))
_OF_TICKET = expression(lambda: t.rule_log.c.ticket_id == sa.bindparam("number"), "rule_log")
_OF_RULE = expression(lambda: t.rule_log.c.rule == sa.bindparam("rule"), "rule_log")
_COUNTS = sql(
    lambda: sa.select(
        t.rule_log.c.rule,
        t.rule_log.c.branch,
        sa.func.count(),
        sa.func.max(t.rule_log.c.at, type_=t.rule_log.c.at.type),
    ).group_by(t.rule_log.c.rule, t.rule_log.c.branch)
)
_FAILURES = sql(
    lambda: (
        sa.select(sa.func.count())
        .select_from(t.rule_log)
        .where(t.rule_log.c.at >= sa.bindparam("since"), t.rule_log.c.branch.in_((FAILED, CUT)))
    )
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
    parts: list[Part] = []
    if number is not None:
        parts.append(_OF_TICKET.part({"number": number}))
    if seen != EVERYTHING:
        parts.append(conditions.sql(seen))
    if rule is not None:
        parts.append(_OF_RULE.part({"rule": rule}))
    query = _LINES if seen == EVERYTHING else _LINES_OF_TICKETS
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
        for row in tx.execute(query, {"limit": limit}, condition=all_of(*parts))
    ]


def counts(tx: Tx) -> list[BranchCount]:
    """How often each rule ended in each branch."""
    return [BranchCount(*row) for row in tx.execute(_COUNTS)]


def failures(tx: Tx, since: datetime) -> int:
    """How many runs failed or were cut since a time."""
    return int(tx.execute(_FAILURES, {"since": since}).scalar_one())


# ---- timed rules: a row means "has run" until the ticket no longer matches ------------------------------------------


def _turn(ticket: "sa.ColumnElement[int]") -> "sa.ColumnElement[bool]":
    """The row of `rule_log` that says that a timed rule has run for a ticket."""
    event = sa.literal("time ") + sa.cast(ticket, sa.Text)
    return sa.and_(t.rule_log.c.rule == sa.bindparam("of_rule"), t.rule_log.c.event == event)


_DUE = sql(
    lambda: (
        sa.select(t.ticket.c.id)
        .where(
            hole("condition"),
            t.ticket.c.id > sa.bindparam("after"),
            ~sa.exists().where(_turn(t.ticket.c.id)),
        )
        .order_by(t.ticket.c.id)
        .limit(sa.bindparam("most"))
    )
)
_EXPIRED = sql(
    lambda: sa.select(t.rule_log.c.id).where(
        _turn(t.rule_log.c.ticket_id),
        ~sa.exists().where(t.ticket.c.id == t.rule_log.c.ticket_id, hole("condition")),
    )
)
_END = sql(
    lambda: (
        sa.update(t.rule_log)
        .where(in_list(t.rule_log.c.id, "ids"))
        .values(event=t.rule_log.c.event + "/" + sa.cast(t.rule_log.c.id, sa.Text))
    )
)


def time_event(ticket: int) -> str:
    """The event of a timed rule for a ticket."""
    return f"time {ticket}"


def due(tx: Tx, rule: str, condition: Condition, after: int, limit: int) -> list[int]:
    """The tickets that match a timed rule and have not had it run, by number from `after` on."""
    values = {"of_rule": rule, "after": after, "most": limit}
    return tx.execute(_DUE, values, condition=conditions.sql(condition)).scalars()


def expired_turns(tx: Tx, rule: str, condition: Condition) -> list[int]:
    """The runs of a timed rule whose ticket no longer matches."""
    return tx.execute(_EXPIRED, {"of_rule": rule}, condition=conditions.sql(condition)).scalars()


def end_turns(tx: Tx, ids: Sequence[int]) -> None:
    """Let a timed rule run again for tickets that did not match in between."""
    if ids:
        tx.execute(_END, {"ids": list(ids)})
