"""How SLA clocks turned out, each once with its instant, so that reports of a past period do not move."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from ticketctl.store.db.columns import Json, UtcTime

revision = "0009"
down_revision = "0008"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_CLOCK = sa.table("clock", *map(sa.column, (
    "id", "ticket_id", "kind", "cycle", "policy", "policy_version", "calendar", "target", "used", "started_at",
    "runs", "since", "state", "due_at", "stopped_at", "ends", "breached_at", "at_retarget", "segment", "owner",
    "priority", "answered_by",
)))  # fmt: skip
_TICKET = sa.table("ticket", *map(sa.column, ("id", "status", "priority")))
_EVENT = sa.table("event", *map(sa.column, ("ticket_id", "n", "at", "field", "old")))
_COPIED = (
    "ticket_id", "kind", "cycle", "policy", "policy_version", "calendar", "target", "used", "started_at", "due_at",
    "at_retarget",
)  # fmt: skip
_OF_TICKET = sa.select(_TICKET.c.priority).where(_TICKET.c.id == _CLOCK.c.ticket_id)
_OLD = sa.func.replace(sa.cast(_EVENT.c.old, sa.Text), '"', "")
_RANK = sa.case({"low": 0, "medium": 1, "high": 2, "critical": 3}, value=_OLD)

_BREACHED = _CLOCK.c.breached_at.is_not(None)
_LATE = _BREACHED & _CLOCK.c.answered_by.is_not(None)
# Void clocks of spam and of merged tickets are not counted.
_LEFT_OUT = sa.select(_TICKET.c.id).where(_TICKET.c.status.in_(("spam", "merged")))
_VOID = (_CLOCK.c.state == "void") & ~_BREACHED & _CLOCK.c.ticket_id.not_in(_LEFT_OUT)


def upgrade() -> None:
    """Add the table and columns, and fill them from the clocks that are there."""
    op.add_column("clock", sa.Column("ends", Json()))
    op.add_column("clock", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    _table()
    stopped = _CLOCK.c.stopped_at.is_not(None) & ((_CLOCK.c.state != "void") | _BREACHED)
    op.execute(sa.update(_CLOCK).where(stopped).values(ends=_ends()))
    end = sa.func.coalesce(_CLOCK.c.breached_at, _CLOCK.c.stopped_at)
    op.execute(sa.update(_CLOCK).values(priority=_priority(end)))
    _fill("met", _CLOCK.c.stopped_at, _CLOCK.c.state == "met")
    _fill("breached", _CLOCK.c.breached_at, _BREACHED)
    _fill("void", _CLOCK.c.stopped_at, _VOID)
    _fill("late", _CLOCK.c.stopped_at, _LATE)


def _ends() -> sa.ColumnElement[Any]:
    """The one stop that is known, as `[["2026-03-09T08:10:00Z", null]]`."""
    at = _CLOCK.c.stopped_at
    if op.get_bind().dialect.name == "sqlite":
        return sa.func.json_array(sa.func.json_array(at, sa.null()))
    return sa.func.jsonb_build_array(sa.func.jsonb_build_array(at, sa.null()))


def _seconds(start: sa.ColumnElement[Any], end: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    if op.get_bind().dialect.name == "sqlite":
        seconds = _epoch(end) - _epoch(start)
    else:
        seconds = sa.func.extract("epoch", end - start)
    return sa.cast(seconds, sa.Integer)


def _epoch(at: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(sa.func.strftime("%s", at), sa.Integer)


def _priority(at: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return _then(_RANK, "priority", at, _OF_TICKET.scalar_subquery())


def _then(
    old: sa.ColumnElement[Any], field: str, at: sa.ColumnElement[Any], now: sa.ColumnElement[Any]
) -> sa.ColumnElement[Any]:
    """A value of the ticket at an instant: what the first later change replaced, or the present one."""
    mine = (_EVENT.c.ticket_id == _CLOCK.c.ticket_id) & (_EVENT.c.field == field)
    first = sa.select(old).where(mine, _EVENT.c.at > at).order_by(_EVENT.c.n).limit(1)
    return sa.func.coalesce(first.scalar_subquery(), now)


def _fill(outcome: str, at: sa.ColumnElement[Any], which: sa.ColumnElement[bool]) -> None:
    """Insert an outcome for each of these clocks; a late response counts for what its ticket was when it came."""
    late, breached, nothing = outcome == "late", outcome == "breached", sa.null()
    values = {name: _CLOCK.c[name] for name in (*_COPIED, "owner")} | {
        "elapsed": sa.func.coalesce(_seconds(_CLOCK.c.started_at, _CLOCK.c.stopped_at), 0),
        "outcome": sa.literal_column(f"'{outcome}'"),
        "at": at,
        "segment": _then(_OLD, "segment", at, _CLOCK.c.segment) if late else _CLOCK.c.segment,
        "priority": _priority(at) if late else _CLOCK.c.priority,
        "ended_at": _CLOCK.c.stopped_at,
        "answered_by": nothing if breached else _CLOCK.c.answered_by,
        "runs": _CLOCK.c.runs if breached else nothing,
        "since": _CLOCK.c.since if breached else nothing,
        "ends": _CLOCK.c.ends if breached else nothing,
    }
    rows = sa.select(*values.values()).where(which).order_by(_CLOCK.c.id)
    into = sa.table("clock_outcome", *map(sa.column, values))
    op.execute(sa.insert(into).from_select(list(values), rows))


def _table() -> None:
    op.create_table(
        "clock_outcome",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("ticket_id", NUMBER, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("segment", sa.Text(), nullable=False, server_default=""),
        sa.Column("priority", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False, server_default=""),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("elapsed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime()),
        sa.Column("at_retarget", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ended_at", UtcTime()),
        sa.Column("answered_by", sa.Text()),
        sa.Column("runs", Json()),
        sa.Column("since", UtcTime()),
        sa.Column("ends", Json()),
        sa.UniqueConstraint("ticket_id", "kind", "cycle", "outcome", "at"),
        sa.Index(None, "at", "id"),
        sa.Index(None, "ended_at", "id"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
