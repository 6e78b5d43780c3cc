"""Runs an agent's commands with the actions, permissions and mandatory comments of the command line (G12)."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from msgspec import Struct

from gateway.commands.command_block import MailCommand
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail.auto_answer import CommandResult
from ticketctl.actions.tickets import assign, close, edit, ending, escalate, resolve, wait
from ticketctl.domain.base import duration, status
from ticketctl.domain.base.blank import is_blank
from ticketctl.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from ticketctl.safe import terminal_line

REFUSALS = (BadInput, NotFound, NotAllowed, Conflict, Refused)
"""Errors that are the agent's to correct; any other is our own trouble."""

COMMENT = "comment"


class CommandCall(Struct, frozen=True):
    """A command on a ticket. `by` is the reason if the command gives none.

    `told`: the same mail answers the customer, so that closing the ticket sends no further mail.
    """

    work: Work
    ticket: int
    words: str
    by: str
    told: bool

    def split_first(self, what: str) -> tuple[str, str]:
        """Return the first word, and the rest as the reason. BadInput if there is none."""
        first, _, reason = self.words.partition(" ")
        if not first:
            raise BadInput(f"{what} is missing.")
        return first, self.by if is_blank(reason) else reason.strip()


def ends_ticket(command: MailCommand) -> bool:
    """Does the command end the ticket? Such commands run after the reply."""
    first = command.words.partition(" ")[0]
    return command.name in ("close", "resolve") or (
        command.name == "status" and first in status.ENDED
    )


def run(
    work: Work, ticket: int, commands: Sequence[MailCommand], by: str, *, told: bool = False
) -> list[CommandResult]:
    """Run each command, also after one that failed; return all results. The caller rolls back if one failed."""
    return [_run_one(work, ticket, one, by, told) for one in commands]


def _run_one(work: Work, ticket: int, command: MailCommand, by: str, told: bool) -> CommandResult:
    verb = VERBS.get(command.name)
    line = terminal_line(command.line)
    if verb is None:
        known = ", ".join(f"!{name}" for name in (*VERBS, COMMENT))
        return CommandResult(line, f"there is no such command; the commands are {known}.", False)
    try:
        with work.tx.savepoint():
            return CommandResult(
                line, verb(CommandCall(work, ticket, command.words, by, told)), True
            )
    except REFUSALS as wrong:
        return CommandResult(line, terminal_line(str(wrong)), False)


def _assign(call: CommandCall) -> str:
    who, reason = call.split_first("the agent's name")
    given = assign.assign(call.work, call.ticket, who, comment=reason)
    return f"assigned to {who}" if given else f"is {who}'s already"


def _take(call: CommandCall) -> str:
    taken = assign.take(call.work, call.ticket, comment=call.words or call.by)
    return "it is yours" if taken else "it is yours already"


def _priority(call: CommandCall) -> str:
    priority, reason = call.split_first("the priority")
    edit.edit(call.work, call.ticket, edit.TicketChanges(priority=priority), comment=reason)
    return f"priority {priority}"


def _tag(call: CommandCall) -> str:
    tags = tuple(dict.fromkeys(call.words.replace(",", " ").split()))
    if not tags:
        raise BadInput("the tag is missing.")
    edit.edit(call.work, call.ticket, edit.TicketChanges(add_tags=tags), comment=call.by)
    return f"tagged {', '.join(tags)}"


def _status(call: CommandCall) -> str:
    wish, reason = call.split_first("the status")
    if wish in status.ENDED and call.told:
        return _end_without_mail(call, "close" if wish == status.CLOSED else "resolve", reason)
    edit.edit(call.work, call.ticket, edit.TicketChanges(status=wish), comment=reason)
    return f"status {wish}"


def _escalate(call: CommandCall) -> str:
    words = call.words.split()
    count = next((n for n, word in enumerate(words) if "@" not in word), len(words))
    to = tuple(word.strip("<>,;") for word in words[:count])
    reason = " ".join(words[count:]) or call.by
    escalate.escalate(call.work, call.ticket, comment=reason, to=to)
    return f"escalated to {', '.join(to)}" if to else "escalated"


def _wait(call: CommandCall) -> str:
    span, reason = call.split_first("the time to wait")
    until = call.work.at + timedelta(seconds=duration.parse(span))
    wait.wait(call.work, call.ticket, until=until, comment=reason)
    return f"waiting for {span}"


def _close(call: CommandCall) -> str:
    if call.told:
        return _end_without_mail(call, "close", call.words or call.by)
    close.close(call.work, call.ticket, comment=call.words or call.by)
    return "closed"


def _resolve(call: CommandCall) -> str:
    if call.told:
        return _end_without_mail(call, "resolve", call.words or call.by)
    resolve.resolve(call.work, call.ticket, comment=call.words or call.by)
    return "resolved"


def _end_without_mail(call: CommandCall, verb: str, reason: str) -> str:
    """End a ticket without a mail to the customer, who gets the reply of the same mail."""
    ticket = load_for_update(call.work, call.ticket)
    return ending.end(call.work, ticket, verb, reason, told=True).status


VERBS: dict[str, Callable[[CommandCall], str]] = {
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
