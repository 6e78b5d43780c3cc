"""Carrying out an agent's commands with the actions, permissions and mandatory comments of the command line (G12)."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from msgspec import Struct

from gateway.commands.command_block import Command
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail.auto_answer import CommandResult
from ticketctl.actions.tickets import assign, close, edit, ending, escalate, resolve, wait
from ticketctl.domain.base import duration, status
from ticketctl.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from ticketctl.safe import terminal_line
from ticketctl.store.db.engine import savepoint

WRONG = (BadInput, NotFound, NotAllowed, Conflict, Refused)
"""Answers of an action to whoever asked for it; anything else is trouble of ours."""

COMMENT = "comment"


class Order(Struct, frozen=True):
    """A command for a ticket. `by` is the reason where the command gives none.

    `told`: the same mail answers the customer, so that its end needs no mail of its own.
    """

    work: Work
    ticket: int
    words: str
    by: str
    told: bool

    def parted(self, what: str) -> tuple[str, str]:
        """The first word, and the reason: the others. BadInput without any."""
        first, _, reason = self.words.partition(" ")
        if not first:
            raise BadInput(f"{what} is missing.")
        return first, reason.strip() or self.by


def ends(command: Command) -> bool:
    """Does it end the ticket? Such commands come after the reply."""
    first = command.words.partition(" ")[0]
    return command.name in ("close", "resolve") or (
        command.name == "status" and first in status.ENDED
    )


def run(
    work: Work, ticket: int, commands: Sequence[Command], by: str, *, told: bool = False
) -> list[CommandResult]:
    """Try each command, also after one that is wrong; what came of each. The caller undoes all if one is wrong."""
    return [_attempt(work, ticket, one, by, told) for one in commands]


def _attempt(work: Work, ticket: int, command: Command, by: str, told: bool) -> CommandResult:
    verb = VERBS.get(command.name)
    line = terminal_line(command.line)
    if verb is None:
        known = ", ".join(f"!{name}" for name in (*VERBS, COMMENT))
        return CommandResult(line, f"there is no such command; there are {known}.", False)
    try:
        with savepoint(work.tx):
            return CommandResult(line, verb(Order(work, ticket, command.words, by, told)), True)
    except WRONG as wrong:
        return CommandResult(line, terminal_line(str(wrong)), False)


def _assign(order: Order) -> str:
    who, reason = order.parted("the agent's name")
    given = assign.assign(order.work, order.ticket, who, comment=reason)
    return f"assigned to {who}" if given else f"is {who}'s already"


def _take(order: Order) -> str:
    taken = assign.take(order.work, order.ticket, comment=order.words or order.by)
    return "it is yours" if taken else "it is yours already"


def _priority(order: Order) -> str:
    priority, reason = order.parted("the priority")
    edit.edit(order.work, order.ticket, edit.TicketChanges(priority=priority), comment=reason)
    return f"priority {priority}"


def _tag(order: Order) -> str:
    tags = tuple(dict.fromkeys(order.words.replace(",", " ").split()))
    if not tags:
        raise BadInput("the tag is missing.")
    edit.edit(order.work, order.ticket, edit.TicketChanges(add_tags=tags), comment=order.by)
    return f"tagged {', '.join(tags)}"


def _status(order: Order) -> str:
    wish, reason = order.parted("the status")
    if wish in status.ENDED and order.told:
        return _ended(order, "close" if wish == status.CLOSED else "resolve", reason)
    edit.edit(order.work, order.ticket, edit.TicketChanges(status=wish), comment=reason)
    return f"status {wish}"


def _escalate(order: Order) -> str:
    words = order.words.split()
    count = next((n for n, word in enumerate(words) if "@" not in word), len(words))
    to = tuple(word.strip("<>,;") for word in words[:count])
    reason = " ".join(words[count:]) or order.by
    escalate.escalate(order.work, order.ticket, comment=reason, to=to)
    return f"escalated to {', '.join(to)}" if to else "escalated"


def _wait(order: Order) -> str:
    span, reason = order.parted("the time to wait")
    until = order.work.at + timedelta(seconds=duration.parse(span))
    wait.wait(order.work, order.ticket, until=until, comment=reason)
    return f"waiting for {span}"


def _close(order: Order) -> str:
    if order.told:
        return _ended(order, "close", order.words or order.by)
    close.close(order.work, order.ticket, comment=order.words or order.by)
    return "closed"


def _resolve(order: Order) -> str:
    if order.told:
        return _ended(order, "resolve", order.words or order.by)
    resolve.resolve(order.work, order.ticket, comment=order.words or order.by)
    return "resolved"


def _ended(order: Order, verb: str, reason: str) -> str:
    """End a ticket whose customer has the last words in the reply of the same mail."""
    ticket = load_for_update(order.work, order.ticket)
    return ending.end(order.work, ticket, verb, reason, told=True).status


VERBS: dict[str, Callable[[Order], str]] = {
    "assign": _assign,
    "take": _take,
    "priority": _priority,
    "status": _status,
    "tag": _tag,
    "escalate": _escalate,
    "wait": _wait,
    "close": _close,
    "resolve": _resolve,
}
