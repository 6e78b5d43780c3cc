"""What a ticket takes over from one that is merged into it, and gives back at unmerge.

These are the open question, its urgency, tags, fields and links. Each is an event that names the merged ticket in
`way_back`, so that undo and unmerge revert it, unless somebody changed it since.
"""

from datetime import datetime
from typing import Any

from ticketctl.actions.base import transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import customer_mail, notifications
from ticketctl.actions.revert.history import merged_from, revert_of
from ticketctl.actions.revert.reversal import Reversal
from ticketctl.clock import rfc3339
from ticketctl.domain.base import status
from ticketctl.domain.base.records import LINKS, PRIORITIES, SPLIT, Event, Ticket
from ticketctl.domain.sla import happenings
from ticketctl.errors import Conflict
from ticketctl.store.sla import clock_rows
from ticketctl.store.tickets import events, links, tickets, watchers

MERGED, UNMERGED = "merged", "unmerged"  # types of the events


def question(work: Work, ticket: Ticket) -> datetime | None:
    """Since when a customer's question to an active ticket is unanswered; None for none."""
    if ticket.status not in status.ACTIVE or ticket.awaiting != "agent":
        return None
    here = clock_rows.words(work.tx, ticket.id)
    history = events.of(work.tx, ticket.id)
    return happenings.question(ticket, history, [n for n, heard in here.items() if heard])


def owed(source: Ticket, asked: datetime | None) -> dict[str, Any]:
    """For `way_back`: whether the source awaits an agent, and since when its question waits."""
    kept = {"awaiting": "agent"} if source.awaiting == "agent" else {}
    return kept | ({"asked": rfc3339(asked)} if asked else {})


def take(work: Work, source: Ticket, target: Ticket, comment: str) -> None:
    """Let the target take over what it lacks from the source, both as they were before the merge."""
    _take_status(work, source, target, comment)
    for name, new in _columns(source, target).items():
        tickets.change(work.tx, target.id, at=work.at, **{name: new})
        _add_event(work, source, target, name, getattr(target, name), new, comment)
    if source.due_by and source.status in status.ACTIVE and _sooner(source, target):
        tickets.change(work.tx, target.id, at=work.at, due_by=source.due_by)
        old, new = (at and rfc3339(at) for at in (target.due_by, source.due_by))
        _add_event(work, source, target, "due_by", old, new, comment)
    if more := sorted(set(source.tags) - set(target.tags)):
        tickets.set_tags(work.tx, target.id, more, ())
        both = sorted({*target.tags, *more})
        _add_event(work, source, target, "tags", sorted(target.tags), both, comment)
    lacking = {name: value for name, value in source.fields.items() if name not in target.fields}
    if lacking:
        tickets.change(work.tx, target.id, at=work.at, fields=target.fields | lacking)
    for name, value in lacking.items():
        _add_event(work, source, target, f"cf.{name}", None, value, comment)
    for name in watchers.of(work.tx, source.id):
        if watchers.add(work.tx, target.id, name):
            _add_event(work, source, target, "watcher", None, name, comment)
    _take_links(work, source, target, comment)


def give_back(work: Work, source_id: int, target_id: int, merging: Event, comment: str) -> None:
    """Revert what the target took over in that merge, except what others changed since."""
    taken = [
        line
        for line in events.of(work.tx, target_id)
        if line.n > merging.n and line.group == merging.group and merged_from(line) == source_id
    ]  # fmt: skip
    for line in reversed(taken):
        if line.type == "linked":
            _remove_link(work, source_id, line, comment)
            continue
        ticket = tickets.get(work.tx, target_id)
        revert = revert_of(line)
        assert revert is not None  # every event that `take` writes can be reverted
        try:
            was = revert(Reversal(work, ticket, line, force=False))
        except Conflict:
            continue
        now = tickets.get(work.tx, target_id)
        new = sorted(now.tags) if line.field == "tags" else line.old
        if new != was:
            kept = {"merged": source_id} | (
                transitions.saved_columns(ticket) if line.field == "status" else {}
            )
            work.event(
                target_id,
                UNMERGED,
                field=line.field,
                old=was,
                new=new,
                comment=comment,
                way_back=kept,
            )


def notify(work: Work, source: Ticket, target: Ticket) -> None:
    """Notify the target's team of the open question, as if the customer had written there."""
    words = customer_mail.last_from_customer(customer_mail.thread(work, source.id))
    author, address = source.customer.name, source.customer.email
    notifications.tell(
        work, target, "reply", notifications.team(work, target), author=author, author_address=address,
        text=words.text if words else "",
    )  # fmt: skip


def _take_status(work: Work, source: Ticket, target: Ticket, comment: str) -> None:
    """Keep the target open, or reopen it, if the source has an open question."""
    if source.status not in status.ACTIVE or source.awaiting != "agent":
        return
    new = status.after_customer_message(target.status)
    if new == target.status:
        if new in status.ACTIVE:
            tickets.change(work.tx, target.id, at=work.at, awaiting="agent")
        return
    columns = transitions.columns_of(new) | {"awaiting": "agent"}
    tickets.change(work.tx, target.id, at=work.at, status=new, **columns)
    kept = transitions.saved_columns(target)
    _add_event(work, source, target, "status", target.status, new, comment, kept)


def _columns(source: Ticket, target: Ticket) -> dict[str, object]:
    """What the target takes over: a higher priority, the mark `important`."""
    found: dict[str, Any] = {}
    if PRIORITIES.index(source.priority) > PRIORITIES.index(target.priority):
        found["priority"] = source.priority
    if source.important and not target.important:
        found["important"] = True
    return found


def _sooner(source: Ticket, target: Ticket) -> bool:
    return target.due_by is None or (source.due_by is not None and source.due_by < target.due_by)


def _add_event(
    work: Work,
    source: Ticket,
    target: Ticket,
    field: str,
    old: object,
    new: object,
    comment: str,
    kept: dict[str, object] | None = None,
) -> None:
    way_back = (kept or {}) | {"merged": source.id}
    work.event(target.id, MERGED, field=field, old=old, new=new, comment=comment, way_back=way_back)


def _take_links(work: Work, source: Ticket, target: Ticket, comment: str) -> None:
    """Link the target to others as the source is."""
    own = {(one.kind, one.ticket) for one in links.of(work.tx, target.id)}
    for one in links.of(work.tx, source.id):
        if one.ticket == target.id or SPLIT in (one.kind, LINKS.get(one.kind)):
            continue
        if one.kind in LINKS and (one.kind, one.ticket) not in own:
            _add_link(work, source, target.id, one.kind, one.ticket, comment)
        elif one.kind not in LINKS and (one.kind, one.ticket) not in own:
            kind = next(word for word, back in LINKS.items() if back == one.kind)
            _add_link(work, source, one.ticket, kind, target.id, comment)


def _add_link(work: Work, source: Ticket, one: int, kind: str, other: int, comment: str) -> None:
    links.add(work.tx, one, kind, other, work.at)
    for mine, word, its in ((one, kind, other), (other, LINKS[kind], one)):
        work.event(
            mine, "linked", field=word, new=its, comment=comment, way_back={"merged": source.id}
        )


def _remove_link(work: Work, source_id: int, line: Event, comment: str) -> None:
    kind, one, other = str(line.field), line.ticket, int(line.new)
    if kind not in LINKS:
        kind = next(word for word, back in LINKS.items() if back == kind)
        one, other = other, one
    if not links.drop(work.tx, one, kind, other):
        return
    for mine, word, its in ((one, kind, other), (other, LINKS[kind], one)):
        work.event(
            mine, "unlinked", field=word, old=its, comment=comment, way_back={"merged": source_id}
        )
