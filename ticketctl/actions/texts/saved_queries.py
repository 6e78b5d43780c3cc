"""Saves, shares and deletes queries, and sets the one that `list` shows by default (F-Q14).

A journal entry says where a query was and where it is now, as `[owner, text]`; for the default query, its names.
"""

from typing import Any

from ticketctl.actions.base.context import Work
from ticketctl.errors import Conflict, NotAllowed, NotFound
from ticketctl.store.desk import journal
from ticketctl.store.desk.journal import JournalEntry
from ticketctl.store.tickets import saved_queries


def save(work: Work, name: str, text: str) -> None:
    """Save a checked query under a name of one's own, replacing an earlier one."""
    mine = work.actor.name
    before = saved_queries.of(work.tx, mine, name)
    saved_queries.store(work.tx, mine, name, text, work.at)
    _note(work, name, "saved", before and [mine, before], [mine, text])


def share(work: Work, name: str) -> None:
    """Share a query of one's own with all. NotFound if there is none, Conflict if a shared one has that name."""
    mine = work.actor.name
    text = saved_queries.of(work.tx, mine, name)
    if text is None:
        raise NotFound(f'you have no query "{name}" of your own.')
    if saved_queries.of(work.tx, saved_queries.SHARED, name) is not None:
        raise Conflict(
            f'there is already a shared query "{name}"; delete it first, or save yours under another name.'
        )
    _move(work, name, [mine, text], [saved_queries.SHARED, text])
    _note(work, name, "shared", [mine, text], [saved_queries.SHARED, text])


def delete(work: Work, name: str) -> None:
    """Delete one's own query, else the shared one. NotFound for neither, NotAllowed unless a manager."""
    mine = work.actor.name
    owner = mine if saved_queries.of(work.tx, mine, name) is not None else saved_queries.SHARED
    text = saved_queries.of(work.tx, owner, name)
    if text is None:
        raise NotFound(f'no saved query "{name}".')
    if owner == saved_queries.SHARED and work.actor.role not in ("manager", "admin"):
        raise NotAllowed(f'"{name}" is shared; managers and admins may delete it.')
    saved_queries.drop(work.tx, owner, name)
    _note(work, name, "deleted", [owner, text], None)
    if (
        saved_queries.default(work.tx, mine) == name
        and saved_queries.get(work.tx, name, mine) is None
    ):
        make_default(work, None)


def make_default(work: Work, name: str | None) -> None:
    """Set the query that `list` shows by default; None: the last month again. NotFound for an unknown query."""
    mine = work.actor.name
    if name is not None and saved_queries.get(work.tx, name, mine) is None:
        raise NotFound(f'no saved query "{name}".')
    before = saved_queries.default(work.tx, mine)
    saved_queries.set_default(work.tx, mine, name, work.at)
    _note(work, name or before or "", "default", before, name)


def take_back(work: Work, entry: JournalEntry) -> None:
    """Revert a journal entry. Conflict if somebody changed the query since."""
    if entry.type == "default":
        _unchanged(entry, saved_queries.default(work.tx, entry.actor))
        saved_queries.set_default(work.tx, entry.actor, entry.old, work.at)
        return
    owner, _ = entry.new or entry.old
    now = saved_queries.of(work.tx, owner, entry.subject)
    _unchanged(entry, None if now is None else [owner, now])
    _move(work, entry.subject, entry.new, entry.old)


def _unchanged(entry: JournalEntry, now: object) -> None:
    if now != entry.new:
        raise Conflict(f"query {entry.subject} was changed since.")


def _move(work: Work, name: str, old: Any, new: Any) -> None:
    if old:
        saved_queries.drop(work.tx, old[0], name)
    if new:
        saved_queries.store(work.tx, new[0], name, new[1], work.at)


def _note(work: Work, name: str, type: str, old: object, new: object) -> None:
    journal.append(
        work.tx,
        at=work.at,
        actor=work.actor,
        kind="query",
        subject=name,
        type=type,
        group=work.group,
        old=old,
        new=new,
    )
