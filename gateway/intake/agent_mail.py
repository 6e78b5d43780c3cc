"""An agent's mail to a ticket: a reply, a comment, commands, or why it is none of these (G9-G13, I12)."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from gateway.commands import run
from gateway.intake import duplicates
from gateway.intake.read_result import Orders
from gateway.intake.verdict import Prepared, Verdict
from gateway.thread.thread import Thread
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import auto_answer, outbound
from ticketctl.actions.mail.auto_answer import Line
from ticketctl.actions.tickets import receive_mail, reply
from ticketctl.domain.base.proof import AUTHENTICATED
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import Actor, Incoming, Ticket
from ticketctl.domain.base.reference import COMMENT, EXPERT
from ticketctl.domain.definition.definition import Agent
from ticketctl.store.db.engine import savepoint
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import messages

MEND = (
    "Your mail about ticket {ticket} could not be proven to come from you, so it is kept as an internal comment "
    "marked unverified: no command was carried out and nothing was sent to the customer. Write from your address "
    "through your own mail server, so that it is signed with DKIM for your domain; and ask whoever runs the desk "
    "that the relay in front writes Authentication-Results (authserv_id and trusted_relays in [gateway])."
)
HELD = (
    "Your mail about ticket {ticket} has not been sent to the customer: {why}. It is kept as an internal comment. "
    "Write your answer anew above the line “reply above this line” and delete everything below it, "
    "or use `ticketctl reply {ticket}`."
)
REFUSED = (
    "Your answer to ticket {ticket} has not been sent: {why} It is kept as an internal comment."
)


class _Task(Struct, frozen=True):
    """One mail of one agent about one ticket. `me` acts as he, `work` as the gateway."""

    work: Work
    me: Work
    prepared: Prepared
    incoming: Incoming
    ticket: Ticket
    agent: Agent
    by: str  # what history says

    def verdict(self, word: str, n: int | None, *reasons: Reason) -> Verdict:
        return Verdict(
            verdict=word,
            class_=self.incoming.class_,
            ticket=self.ticket.id,
            message=n,
            reasons=reasons,
        )


class _Undone(Exception):
    """Ends the savepoint: all or nothing."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines


def is_customer(work: Work, ticket: Ticket, sender: str) -> bool:
    """Does the agent stand on the customer's side of this ticket? Then he is a customer there, and commands nothing."""
    return sender in outbound.outsiders(work, ticket)


def speaks(work: Work, found: Thread, sender: str) -> bool:
    """Does the sender speak as an agent in the ticket found, not as an expert who was asked or as its customer?"""
    return (
        found.ticket is not None
        and found.purpose != EXPERT
        and work.definition.agent_by_email(sender) is not None
        and not is_customer(work, found.ticket, sender)
    )


def settle(
    work: Work, prepared: Prepared, incoming: Incoming, ticket: Ticket, purpose: str, agent: Agent
) -> Verdict:
    """File what an agent wrote about a ticket; `purpose` is that of the address he wrote to."""
    task = _task(work, prepared, incoming, ticket, agent)
    identifier = incoming.message_id or duplicates.stand_in(prepared.row, prepared.mail)
    known = messages.known_ids(work.tx, [identifier])
    if any(one.ticket == ticket.id and one.direction == "in" for one in known):
        return task.verdict("duplicate", None, reason("same-mail-other-mailbox", ticket=ticket.id))
    if incoming.message_id is None:
        messages.remember_id(work.tx, identifier, ticket.id, None, "in", work.at)
    own = prepared.read().orders_for(ticket.id)
    proof = incoming.proof
    if incoming.class_ != "human":
        return _automatic(task, own)
    if proof.word != AUTHENTICATED or incoming.spam:
        return _unproven(task, own)
    among_us = purpose == COMMENT or _answers_comment(work, incoming)
    internal = among_us or any(one.name == run.COMMENT for one in own.commands)
    verdict = _carry_out(task, own, internal=internal)
    return replace(verdict, reasons=(reason("agent-mail", agent=agent.name), *verdict.reasons))


def _task(
    work: Work, prepared: Prepared, incoming: Incoming, ticket: Ticket, agent: Agent
) -> _Task:
    by = f"by mail, {incoming.message_id}" if incoming.message_id else "by mail"
    me = replace(work, actor=Actor(agent.name, by, agent.role))
    return _Task(work, me, prepared, incoming, ticket, agent, by)


def _answers_comment(work: Work, incoming: Incoming) -> bool:
    """Does it answer a mail of ours whose answers are comments, but not to the address that says so?"""
    if incoming.in_reply_to is None:
        return False
    ours = outbox.by_message_id(work.tx, incoming.in_reply_to)
    return ours is not None and ours.data.get("purpose") == COMMENT


def _automatic(task: _Task, own: Orders) -> Verdict:
    """A vacation and its like: kept under the agent's name where it is proven, nobody is told."""
    quiet = replace(task.work, notify=False)
    incoming = replace(task.incoming, text=own.text)
    if incoming.proof.word == AUTHENTICATED:
        n = receive_mail.agent_mail(quiet, task.ticket.id, incoming, task.agent.name)
    else:
        n = receive_mail.unverified(quiet, task.ticket.id, incoming)
    return task.verdict("auto", n, reason("agent-automatic", agent=task.agent.name))


def _unproven(task: _Task, own: Orders) -> Verdict:
    incoming = replace(task.incoming, text=own.text)
    n = receive_mail.unverified(task.work, task.ticket.id, incoming)
    told = None
    if incoming.may_ack:
        sentence = MEND.format(ticket=task.ticket.id)
        told = auto_answer.trouble(task.work, task.ticket, incoming, sentence, proven=False)
    return task.verdict(
        "reply",
        n,
        reason("agent-not-proven", agent=task.agent.name),
        reason("kept-unverified"),
        reason("agent-told" if told else "agent-not-told", author=incoming.author),
    )


def _carry_out(task: _Task, own: Orders, *, internal: bool) -> Verdict:
    """Commands, then the rest as reply or comment."""
    commands = [one for one in own.commands if one.name != run.COMMENT]
    doubt = "" if internal else _doubt(task, own, commands=bool(commands))
    if doubt:
        return _kept(task, own.text, HELD.format(ticket=task.ticket.id, why=doubt), doubt)
    sends = bool(own.rest.strip()) and not internal
    try:
        with savepoint(task.work.tx):
            lines, n = _all(task, own, sends=sends)
    except _Undone as undone:
        return _undone(task, own, undone.lines, commands=bool(commands))
    if commands:
        kept = internal and n is not None
        auto_answer.transcript(task.work, task.ticket, task.incoming, lines, sent=sends, kept=kept)
    did = [reason("mail-command", command=one.command, result=one.result) for one in lines]
    what = [reason("agent-reply")] if sends else [reason("agent-comment")] if n else []
    return task.verdict("command" if commands else "reply", n, *did, *what)


def _doubt(task: _Task, own: Orders, *, commands: bool) -> str:
    """Why the mail may not be sent to the customer, "" where it may (I12)."""
    if not own.rest.strip():
        return "" if commands else "it holds no words of your own"
    if task.prepared.cut:
        return "it was too large, and only its head came in"
    if task.prepared.read().is_forward:
        return "it is a forwarded mail"
    return own.doubt


def _all(task: _Task, own: Orders, *, sends: bool) -> tuple[list[Line], int | None]:
    """Everything the mail wants, endings after the reply; _Undone with every line if one is wrong."""
    commands = [one for one in own.commands if one.name != run.COMMENT]
    first = [one for one in commands if not (sends and run.ends(one))]
    last = [one for one in commands if one not in first]
    lines = run.run(task.me, task.ticket.id, first, task.by)
    n: int | None = None
    try:
        if sends:
            n = _reply(task, own)
        elif own.rest.strip() or not commands:
            n = _comment(task, own.rest)
    except run.WRONG as wrong:
        lines.append(Line("", outbound.one_line(str(wrong)), False))
    lines += run.run(task.me, task.ticket.id, last, task.by, told=sends)
    if not all(one.done for one in lines):
        raise _Undone(lines)
    return lines, n


def _reply(task: _Task, own: Orders) -> int:
    incoming = task.incoming
    extras = reply.Extras(attachments=own.files, comment=task.by, blob=incoming.blob)
    n = reply.reply(task.me, task.ticket.id, own.placed, extras)
    if incoming.message_id:
        at = task.work.at
        messages.remember_id(task.work.tx, incoming.message_id, task.ticket.id, n, "in", at)
    return n


def _comment(task: _Task, text: str) -> int:
    incoming = replace(task.incoming, text=text)
    return receive_mail.agent_mail(task.me, task.ticket.id, incoming, task.agent.name)


def _undone(task: _Task, own: Orders, lines: Sequence[Line], *, commands: bool) -> Verdict:
    """One line was wrong: nothing is done, the text is kept, and he gets every line's result (G12)."""
    wrong = [one for one in lines if not one.done]
    if not commands:
        why = wrong[0].result
        return _kept(task, own.text, REFUSED.format(ticket=task.ticket.id, why=why), why)
    n = _keep(task, own.text)
    shown = [
        replace(one, command=one.command or "(your text)", result=_undone_result(one))
        for one in lines
    ]
    auto_answer.transcript(task.work, task.ticket, task.incoming, shown, kept=True)
    reasons = [
        reason("mail-command-refused", command=one.command, result=one.result)
        for one in shown
        if not one.done
    ]
    return task.verdict("command", n, *reasons, reason("commands-undone"))


def _undone_result(line: Line) -> str:
    return "not done, because another line is wrong" if line.done else line.result


def _kept(task: _Task, text: str, sentence: str, why: str) -> Verdict:
    """Not sent: an internal comment, and he is told why."""
    n = _keep(task, text)
    auto_answer.trouble(task.work, task.ticket, task.incoming, sentence, proven=True)
    return task.verdict("reply", n, reason("reply-withheld", why=why.rstrip(".")))


def _keep(task: _Task, text: str) -> int:
    incoming = replace(task.incoming, text=text)
    return receive_mail.agent_mail(task.work, task.ticket.id, incoming, task.agent.name)
