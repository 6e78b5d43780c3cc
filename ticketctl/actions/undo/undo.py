"""Undoes a whole command: cancels its mail that has not gone, and reverts its changes.

History is never erased: an `undone` line stands for each line that was reverted. revert/history.py says what reverts
an event of a ticket; JOURNAL says it for everything else.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.actions.customers import absence
from ticketctl.actions.mail import status_notice
from ticketctl.actions.revert.history import merged_from, revert_of
from ticketctl.actions.revert.reversal import Reversal
from ticketctl.actions.texts import canned, saved_queries
from ticketctl.actions.tickets import consequences
from ticketctl.actions.undo import customers
from ticketctl.domain.base import status
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import AUTOMATIC, Event, OutboxRow, Ticket
from ticketctl.errors import Conflict, DeskError, NotFound, Refused
from ticketctl.store.desk import journal
from ticketctl.store.desk.journal import JournalEntry
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import events, tickets

UNDONE = "undone"

# What reverts a journal entry, by its kind; Conflict or Refused if it cannot.
JOURNAL: dict[str, Callable[[Work, JournalEntry], None]] = {
    "agent": absence.take_back,
    "customer": customers.take_back,
    "query": saved_queries.take_back,
    "template": canned.take_back,
}

# The verbs that lead to a status, of those that `strict_owner` reserves.
_ENDINGS = {
    status.RESOLVED: "resolve",
    status.CLOSED: "close",
    status.ESCALATED: "escalate",
    status.SPAM: "spam",
    status.MERGED: "merge",
}

Fact = tuple[int, object, object]  # ticket, field and new value of an event


class Undone(Struct, frozen=True):
    """What was reverted, and a sentence for each thing that was not (only with `force`)."""

    lines: Sequence[Event]
    entries: Sequence[JournalEntry]
    left: Sequence[str]


def undo(work: Work, *, force: bool = False) -> Undone:
    """Revert everything that `work.group` did, or nothing; with `force` what is possible, even over others' changes.

    Conflict if it is undone already, was changed since (naming who did), or is in a mail that has gone;
    Refused if nothing can revert it; NotFound for an unknown group; NotAllowed as in `_require`.
    """
    lines, entries = events.of_group(work.tx, work.group), journal.of_group(work.tx, work.group)
    if not lines and not entries:
        raise NotFound("there is nothing to undo in it.")
    if is_undone(lines, entries):
        raise Conflict("that is already undone.")
    lines = _standing(lines)
    numbers = sorted({line.ticket for line in lines})
    mine = any(one.actor == work.actor.name for one in lines)
    for number in numbers:
        ticket = tickets.get(work.tx, number, lock=True)
        _require(work, ticket, [line for line in lines if line.ticket == number], mine=mine)
    taking = _Taking(work, force)
    gone = _stop_mail(work, numbers)
    for row in gone:
        taking.note(Conflict(_already_sent(row)))
    sent = [fact for row in gone for fact in _facts(row)]
    done = [line for line in reversed(lines) if taking.line(line, sent)]
    undone = [entry for entry in reversed(entries) if taking.entry(entry)]
    if taking.trouble and not (force and (done or undone)):
        raise taking.verdict()
    for number in numbers:
        consequences.on_undone(work, number)
    return Undone(done[::-1], undone[::-1], [str(one) for one in taking.trouble.values()])


def is_undone(lines: Sequence[Event], entries: Sequence[JournalEntry]) -> bool:
    """Is nothing left to undo of a command with these lines and entries?"""
    return UNDONE in {one.type for one in entries} or not (_standing(lines) or entries)


def _standing(lines: Sequence[Event]) -> list[Event]:
    """The events of a command on tickets where it was not undone."""
    over = {line.ticket for line in lines if line.type == UNDONE}
    return [line for line in lines if line.ticket not in over]


def withdraw(work: Work, row: OutboxRow) -> list[Event]:
    """Revert what `row`, a cancelled mail of `work.group`, did to its ticket; the reverted events.

    Without the reply, status, clocks and awaiting are as before; what somebody changed since stays.
    """
    number = row.ticket or 0
    ticket = tickets.get(work.tx, number, lock=True)
    taking, facts = _Taking(work, force=False), _facts(row)
    if ticket.closed_loop_at == row.created_at and row.kind == "resolution":
        tickets.change(work.tx, number, at=work.at, closed_loop_at=None)
    its = [
        line
        for line in _standing(events.of_group(work.tx, row.group))
        if (line.ticket, line.field, line.new) in facts
        or (row.kind == "reply" and (line.ticket, line.field) == (number, "status"))
    ]
    done = [line for line in reversed(its) if taking.line(line, ())]
    if done:
        consequences.on_undone(work, number)
    return done[::-1]


def _require(work: Work, ticket: Ticket, lines: Sequence[Event], *, mine: bool) -> None:
    """NotAllowed unless the actor may do to the ticket what reverting `lines` does.

    An agent who moved a ticket to another segment by mistake may revert that, as long as nobody else has acted on it.
    """
    if mine and not _others_acted(work, lines):
        return
    for verb in sorted({_verb(line) for line in lines}):
        permission.require(work, ticket, verb)


def _others_acted(work: Work, lines: Sequence[Event]) -> bool:
    """Did another person do anything to the ticket after these events?"""
    nobody = {work.actor.name, *AUTOMATIC}
    since = events.of(work.tx, lines[-1].ticket)
    return any(one.n > lines[-1].n and one.actor not in nobody for one in since)


def _verb(line: Event) -> str:
    """The verb that reverting an event amounts to."""
    if line.field in ("owner", "segment"):
        return "assign"
    return _ENDINGS.get(line.old, "undo") if line.field == "status" else "undo"


class _Taking:
    """Reverts events one by one, and collects the first error about each thing."""

    def __init__(self, work: Work, force: bool) -> None:
        self.work = work
        self.force = force
        self.trouble: dict[object, DeskError] = {}

    def note(self, error: DeskError, about: object = None) -> None:
        """Collect an error."""
        self.trouble.setdefault(about or str(error), error)

    def line(self, line: Event, sent: Sequence[Fact]) -> bool:
        """Revert an event of a ticket. False if it stays."""
        if (line.ticket, line.field, line.new) in sent:
            return False
        try:
            revert = revert_of(line)
            if revert is None:
                return False
            ticket = tickets.get(self.work.tx, line.ticket)
            if ticket.status == status.MERGED and line.type != "merged":
                raise Conflict(f"ticket {ticket.id} is now merged into {ticket.merged_into}.")
            was = revert(Reversal(self.work, ticket, line, self.force))
        except (Conflict, Refused, NotFound) as error:
            if merged_from(line) is None:  # what a merge took over may stay if others changed it
                self.note(error, (line.ticket, line.field))
            return False
        told = line.old is None and line.field in ("message", "comment")
        new = line.new if told else line.old
        self.work.event(line.ticket, UNDONE, field=line.field, old=was, new=new)
        return True

    def entry(self, entry: JournalEntry) -> bool:
        """Revert a journal entry. False if it stays."""
        try:
            if entry.kind not in JOURNAL:
                what = f"{entry.kind} {entry.subject}: `{entry.type}`"
                raise Refused(f"{what} cannot be undone.")
            JOURNAL[entry.kind](self.work, entry)
        except (Conflict, Refused, NotFound) as error:
            self.note(error)
            return False
        journal.append(
            self.work.tx,
            at=self.work.at,
            actor=self.work.actor,
            kind=entry.kind,
            subject=entry.subject,
            type=UNDONE,
            group=self.work.group,
            old=entry.type,
        )
        return True

    def verdict(self) -> DeskError:
        """One error of the first one's type, with a sentence for each."""
        first, *others = self.trouble.values()
        return type(first)(first.sentence, *(one.sentence for one in others))


def _stop_mail(work: Work, numbers: Sequence[int]) -> list[OutboxRow]:
    """Cancel the group's mail, and return the mails that have gone. Sent notifications and notices do not count."""
    gone = []
    for row in outbox.of_group(work.tx, work.group, numbers):
        try:
            if row.state != outbox.CANCELLED:
                outbox.cancel(work.tx, row.id)
        except Conflict:
            if row.kind != "notification" and row.data.get("template") != status_notice.TEMPLATE:
                gone.append(row)
    return gone


def _already_sent(row: OutboxRow) -> str:
    told = ", ".join((*row.to, *row.cc, *row.bcc))
    word = "may be on its way" if row.state in (outbox.SENDING, outbox.UNCERTAIN) else "was sent"
    return f"ticket {row.ticket}: the {row.kind} to {told} {word} and cannot be undone."


def _facts(row: OutboxRow) -> list[Fact]:
    """The events that a sent mail makes permanent."""
    told = (address_key(one) for one in (*row.to, *row.cc, *row.bcc))
    number = row.ticket or 0
    people: list[Fact] = [(number, field, one) for one in told for field in ("to", "cc", "mailed")]
    return [(number, "message", row.message), *people]
