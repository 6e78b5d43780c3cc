"""What the rows of clocks and of their outcomes have in common: fields that are stored in another form."""

from collections.abc import Sequence
from typing import Any

from ticketctl.clock import parse, rfc3339
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.sla.outcome import Outcome
from ticketctl.domain.sla.sla_clock import Clock, End, Run
from ticketctl.store.db.core import insertion, sa
from ticketctl.store.db.values import Row

_TURNED = ("priority", "runs", "ends", "at_retarget")


def plain(record: type[Clock] | type[Outcome]) -> tuple[str, ...]:
    """The fields that are stored as they are."""
    return tuple(name for name in record.__struct_fields__ if name not in _TURNED)


def row(ticket_id: int, one: Clock | Outcome, fields: Sequence[str]) -> dict[str, object]:
    """The row of a record whose plain fields are `fields`."""
    return {name: getattr(one, name) for name in fields} | {
        "ticket_id": ticket_id,
        "priority": PRIORITIES.index(one.priority),
        "runs": _spans(one.runs),
        "ends": _spans(one.ends),
        "at_retarget": int(one.at_retarget),
    }


def values(found: Row, fields: Sequence[str]) -> dict[str, Any]:
    """The fields of a record from its row."""
    return {name: getattr(found, name) for name in fields} | {
        "priority": PRIORITIES[found.priority],
        "runs": runs(found.runs),
        "ends": ends(found.ends),
        "at_retarget": bool(found.at_retarget),
    }


def upsert(table: "sa.Table", fields: Sequence[str], key: Sequence[str]) -> "sa.Insert":
    """A statement that stores a row in place of the one with the same key."""
    statement = insertion(table)
    changed = {name: statement.excluded[name] for name in (*fields, *_TURNED) if name not in key}
    made: sa.Insert = statement.on_conflict_do_update(index_elements=list(key), set_=changed)
    return made


def runs(stored: Sequence[Sequence[str]] | None) -> tuple[Run, ...]:
    """The runs of a clock from what is stored."""
    return tuple((parse(start), parse(end)) for start, end in stored or ())


def ends(stored: Sequence[Sequence[str | None]] | None) -> tuple[End, ...]:
    """The ends of a clock from what is stored."""
    return tuple((parse(str(start)), parse(end) if end else None) for start, end in stored or ())


def _spans(found: Sequence[Run] | Sequence[End]) -> list[list[str | None]] | None:
    return [[rfc3339(start), rfc3339(end) if end else None] for start, end in found] or None
