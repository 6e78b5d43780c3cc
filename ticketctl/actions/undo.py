"""undo: take one invocation back: its mail that has gone to nobody yet, its changes that nobody changed since.

History is never erased: an `undone` line of the same undo group stands for each line taken back.
"""

from collections.abc import Callable, Collection
from typing import Any

from ticketctl.actions import checks, states
from ticketctl.actions.work import Work
from ticketctl.desk import status
from ticketctl.desk.records import Event, OutboxRow, Ticket
from ticketctl.errors import Conflict, NotFound, Refused
from ticketctl.store import delivery, events, messages, outbox, search, tickets

UNDONE = "undone"

# Fields of history that are columns of the ticket.
_COLUMNS = {
    name: name for name in ("owner", "priority", "subject", "type", "important", "segment")
} | {"level": "escalation_level"}


def undo(work: Work) -> list[Event]:
    """Take back all that `work.group` did; the lines of history taken back. All of it or nothing.

    Conflict for what is undone already, was changed since, or is in a mail that has gone; Refused for what has
    no way back; NotFound for no such group.
    """
    lines = events.of_group(work.tx, work.group)
    if not lines:
        raise NotFound("there is nothing of it to undo.")
    if any(one.type == UNDONE for one in lines):
        raise Conflict("that is undone already.")
    numbers = sorted({line.ticket for line in lines})
    for number in numbers:
        checks.opened(work, number)
    _stop_mail(work, numbers)
    for line in reversed(lines):
        ticket = tickets.get(work.tx, line.ticket)
        _way_back(line)(work, ticket, line)
        new = line.new if line.old is None and line.field == "message" else line.old
        work.event(ticket.id, UNDONE, field=line.field, old=line.new, new=new)
    return lines


def _stop_mail(work: Work, numbers: Collection[int]) -> None:
    """Cancel the group's mail. A notice to an agent may have gone; what others were sent stands."""
    for row in outbox.of_group(work.tx, work.group, numbers):
        try:
            if row.state != outbox.CANCELLED:
                outbox.cancel(work.tx, row.id)
        except Conflict:
            if row.kind != "notification":
                raise Conflict(_gone(row)) from None


def _gone(row: OutboxRow) -> str:
    told = ", ".join((*row.to, *row.cc, *row.bcc))
    word = "may be on its way" if row.state in (outbox.SENDING, outbox.UNCERTAIN) else "was sent"
    return f"ticket {row.ticket}: the {row.kind} to {told} {word} and cannot be undone."


def _way_back(line: Event) -> Callable[[Work, Ticket, Event], None]:
    field = line.field or ""
    if line.type == "replied":
        return _withdraw
    if field in ("cc", "mailed", "to"):
        return _leave
    if field == "status" and status.MERGED not in (line.old, line.new):
        return _status
    if field == "tags":
        return _tags
    if field in _COLUMNS or field.startswith("cf."):
        return _field
    raise Refused(f"ticket {line.ticket}: what is `{line.type}` in its history has no way back.")


def _withdraw(work: Work, ticket: Ticket, line: Event) -> None:
    """The reply was never sent: it counts neither as the first answer nor as the last word."""
    live = [
        one
        for one in messages.of(work.tx, ticket.id)
        if one.n != line.new and one.delivery != delivery.CANCELLED
    ]
    answers = [one.at for one in live if one.direction == "out" and one.class_ == "human"]
    columns: dict[str, Any] = {"first_reply_at": min(answers, default=None)}
    if ticket.status in status.ACTIVE and ticket.status != status.WAITING:
        said = [one.direction for one in live if one.class_ == "human"]
        columns["awaiting"] = "customer" if said and said[-1] == "out" else "agent"
    tickets.change(work.tx, ticket.id, at=work.at, **columns)


def _leave(work: Work, ticket: Ticket, line: Event) -> None:
    tickets.remove_participant(work.tx, ticket.id, str(line.new))


def _status(work: Work, ticket: Ticket, line: Event) -> None:
    _unchanged(ticket, line, ticket.status)
    old = str(line.old)
    columns = states.implied(old)
    if old in status.ENDED:
        columns |= _ends(work, ticket, old)
    tickets.change(work.tx, ticket.id, at=work.at, status=old, **columns)


def _ends(work: Work, ticket: Ticket, old: str) -> dict[str, Any]:
    """When it was resolved and closed before this invocation, by its history."""
    before = [
        one
        for one in events.of(work.tx, ticket.id)
        if one.field == "status" and one.group != work.group and one.new in status.ENDED
    ]
    closed = [one.at for one in before if one.new == status.CLOSED] if old == status.CLOSED else []
    return {
        "resolved_at": before[-1].at if before else None,
        "closed_at": closed[-1] if closed else None,
    }


def _tags(work: Work, ticket: Ticket, line: Event) -> None:
    _unchanged(ticket, line, sorted(ticket.tags))
    old, new = set(line.old), set(line.new)
    tickets.set_tags(work.tx, ticket.id, sorted(old - new), sorted(new - old))
    tickets.change(work.tx, ticket.id, at=work.at)


def _field(work: Work, ticket: Ticket, line: Event) -> None:
    name = str(line.field)
    if name.startswith("cf."):
        name = name.removeprefix("cf.")
        _unchanged(ticket, line, ticket.fields.get(name))
        kept = ticket.fields | {name: line.old}
        fields = {each: value for each, value in kept.items() if value is not None}
        tickets.change(work.tx, ticket.id, at=work.at, fields=fields)
        return
    _unchanged(ticket, line, getattr(ticket, _COLUMNS[name]))
    tickets.change(work.tx, ticket.id, at=work.at, **{_COLUMNS[name]: line.old})
    if name == "subject":
        search.index(work.tx, ticket.id, "subject", 0, str(line.old))


def _unchanged(ticket: Ticket, line: Event, now: Any) -> None:
    if now != line.new:
        raise Conflict(
            f"ticket {ticket.id}: {line.field} is {now} now, not {line.new}: it was changed since."
        )
