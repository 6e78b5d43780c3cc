"""Saved queries: keep, share, forget, and choose what `list` shows unasked (Q14)."""

from ticketctl.actions.work import Work
from ticketctl.errors import Conflict, NotAllowed, NotFound
from ticketctl.store import journal, saved


def save(work: Work, name: str, text: str) -> None:
    """Keep a checked query under a name of mine, in place of what I had there."""
    mine = work.actor.name
    _note(work, name, "saved", old=saved.of(work.tx, mine, name), new=text)
    saved.put(work.tx, mine, name, text, work.at)


def share(work: Work, name: str) -> None:
    """Make a query of mine everybody's. NotFound for none of mine, Conflict where there is a shared one."""
    mine = work.actor.name
    text = saved.of(work.tx, mine, name)
    if text is None:
        raise NotFound(f'you have no query "{name}" of your own.')
    if saved.of(work.tx, saved.SHARED, name) is not None:
        raise Conflict(
            f'there is a shared query "{name}" already; delete it first, or take another name.'
        )
    saved.drop(work.tx, mine, name)
    saved.put(work.tx, saved.SHARED, name, text, work.at)
    _note(work, name, "shared", old=None, new=text)


def delete(work: Work, name: str) -> None:
    """Forget mine, else the shared one. NotFound for neither; NotAllowed: shared ones are the managers'."""
    mine = work.actor.name
    owner = mine if saved.of(work.tx, mine, name) is not None else saved.SHARED
    text = saved.of(work.tx, owner, name)
    if text is None:
        raise NotFound(f'no saved query "{name}".')
    if owner == saved.SHARED and work.actor.role not in ("manager", "admin"):
        raise NotAllowed(f'"{name}" is shared; managers and admins may delete it.')
    saved.drop(work.tx, owner, name)
    if saved.default(work.tx, mine) == name and saved.get(work.tx, name, mine) is None:
        saved.set_default(work.tx, mine, None, work.at)
    _note(work, name, "deleted", old=text, new=None)


def make_default(work: Work, name: str | None) -> None:
    """What `list` shows me unasked; None: the last month again. NotFound for no such query."""
    if name is not None and saved.get(work.tx, name, work.actor.name) is None:
        raise NotFound(f'no saved query "{name}".')
    saved.set_default(work.tx, work.actor.name, name, work.at)


def _note(work: Work, name: str, type: str, *, old: str | None, new: str | None) -> None:
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
