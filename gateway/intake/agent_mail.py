"""Files an agent's mail about a ticket as a reply, a comment or commands (G9-G13, I12)."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from gateway.commands import run_commands
from gateway.intake import duplicates
from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.read_result import AgentText
from gateway.intake.verdict import Verdict
from gateway.thread.find_ticket import Thread
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import auto_answer, outbound
from ticketctl.actions.mail.auto_answer import CommandResult
from ticketctl.actions.tickets import receive_mail, reply
from ticketctl.domain.base.blank import is_blank
from ticketctl.domain.base.proof import AUTHENTICATED
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import Actor, Incoming, Ticket
from ticketctl.domain.base.signed_addresses import COMMENT, EXPERT
from ticketctl.domain.definition.definition import Agent
from ticketctl.safe import header_value
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import mail_ids

UNPROVEN = (
    "We could not verify that your mail about ticket {ticket} came from you, so it is kept as an internal comment "
    "marked unverified: no command was run and nothing was sent to the customer. Send mail through your own mail "
    "server, so that it is signed with DKIM for your domain, or ask the administrator of this desk to let the mail "
    "relay add Authentication-Results (authserv_id and trusted_relays in [gateway])."
)
HELD = (
    "Your mail about ticket {ticket} was not sent to the customer: {why}. It is kept as an internal comment. "
    "Write your answer again above the line “reply above this line” and delete everything below it, "
    "or use `ticketctl reply {ticket}`."
)
REFUSED = "Your answer to ticket {ticket} was not sent: {why} It is kept as an internal comment."


class _Task(Struct, frozen=True):
    """One mail of an agent about one ticket. `me` acts as the agent, `work` as the gateway."""

    work: Work
    me: Work
    analysed: AnalysedMail
    incoming: Incoming
    ticket: Ticket
    agent: Agent
    by: str  # the comment in history

    def verdict(self, word: str, n: int | None, *reasons: Reason) -> Verdict:
        return Verdict(
            verdict=word,
            class_=self.incoming.class_,
            ticket=self.ticket.id,
            message=n,
            reasons=reasons,
        )


class _CommandFailed(Exception):
    """Rolls back the savepoint: a mail's commands run all or none."""

    def __init__(self, lines: Sequence[CommandResult]) -> None:
        self.lines = lines


def is_customer(work: Work, ticket: Ticket, sender: str) -> bool:
    """Is the agent the customer of this ticket, or on their side? Then the mail counts as a customer's."""
    return sender in outbound.outsiders(work, ticket)


def writes_as_agent(work: Work, found: Thread, sender: str) -> bool:
    """Does the sender write as an agent, not as the expert who was asked or as the ticket's customer?"""
    return (
        found.ticket is not None
        and found.purpose != EXPERT
        and work.definition.agent_by_email(sender) is not None
        and not is_customer(work, found.ticket, sender)
    )


def file_agent_mail(
    work: Work,
    analysed: AnalysedMail,
    incoming: Incoming,
    ticket: Ticket,
    purpose: str,
    agent: Agent,
) -> Verdict:
    """File an agent's mail about a ticket. `purpose` is that of the address they wrote to."""
    task = _task(work, analysed, incoming, ticket, agent)
    identifier = incoming.message_id or duplicates.substitute_id(analysed.row, analysed.mail)
    known = mail_ids.known(work.tx, [identifier])
    if any(one.ticket == ticket.id and one.direction == "in" for one in known):
        return task.verdict("duplicate", None, reason("same-mail-other-mailbox", ticket=ticket.id))
    if incoming.message_id is None:
        mail_ids.remember(work.tx, identifier, ticket.id, None, "in", work.at)
    own = analysed.read().agent_text_for(ticket.id)
    proof = incoming.proof
    if incoming.class_ != "human":
        return _file_automatic(task, own)
    if proof.word != AUTHENTICATED or incoming.spam:
        return _file_unproven(task, own)
    to_us = purpose == COMMENT or _answers_comment(work, incoming)
    internal = to_us or any(one.name == run_commands.COMMENT for one in own.commands)
    verdict = _carry_out(task, own, internal=internal)
    return replace(verdict, reasons=(reason("agent-mail", agent=agent.name), *verdict.reasons))


def _task(
    work: Work, analysed: AnalysedMail, incoming: Incoming, ticket: Ticket, agent: Agent
) -> _Task:
    by = f"by mail, {incoming.message_id}" if incoming.message_id else "by mail"
    me = replace(work, actor=Actor(agent.name, by, agent.role))
    return _Task(work, me, analysed, incoming, ticket, agent, by)


def _answers_comment(work: Work, incoming: Incoming) -> bool:
    """Does it answer a mail of ours whose answers are comments, although it came to another address?"""
    if incoming.in_reply_to is None:
        return False
    ours = outbox.by_message_id(work.tx, incoming.in_reply_to)
    return ours is not None and ours.data.get("purpose") == COMMENT


def _file_automatic(task: _Task, own: AgentText) -> Verdict:
    """Keep an automatic mail, such as a vacation notice, in the ticket without notifying anybody."""
    quiet = replace(task.work, notify=False)
    incoming = replace(task.incoming, text=own.text)
    if incoming.proof.word == AUTHENTICATED:
        n = receive_mail.agent_mail(quiet, task.ticket.id, incoming, task.agent.name)
    else:
        n = receive_mail.unverified_agent_mail(quiet, task.ticket.id, incoming)
    return task.verdict("auto", n, reason("agent-automatic", agent=task.agent.name))


def _file_unproven(task: _Task, own: AgentText) -> Verdict:
    incoming = replace(task.incoming, text=own.text)
    n = receive_mail.unverified_agent_mail(task.work, task.ticket.id, incoming)
    answered = None
    if incoming.may_ack:
        sentence = UNPROVEN.format(ticket=task.ticket.id)
        answered = auto_answer.trouble(task.work, task.ticket, incoming, sentence, proven=False)
    return task.verdict(
        "reply",
        n,
        reason("agent-not-proven", agent=task.agent.name),
        reason("kept-unverified"),
        reason("agent-told" if answered else "agent-not-told", author=incoming.author),
    )


def _carry_out(task: _Task, own: AgentText, *, internal: bool) -> Verdict:
    """Run the commands, and file the rest as a reply or comment."""
    commands = [one for one in own.commands if one.name != run_commands.COMMENT]
    doubt = "" if internal else _doubt(task, own, commands=bool(commands))
    if doubt:
        return _keep_unsent(task, own.text, HELD.format(ticket=task.ticket.id, why=doubt), doubt)
    sends = not is_blank(own.rest) and not internal
    try:
        with task.work.tx.savepoint():
            lines, n = _run_all(task, own, sends=sends)
    except _CommandFailed as failure:
        return _keep_failed(task, own, failure.lines, commands=bool(commands))
    if commands:
        kept = internal and n is not None
        auto_answer.transcript(task.work, task.ticket, task.incoming, lines, sent=sends, kept=kept)
    results = [reason("mail-command", command=one.command, result=one.result) for one in lines]
    what = [reason("agent-reply")] if sends else [reason("agent-comment")] if n else []
    return task.verdict("command" if commands else "reply", n, *results, *what)


def _doubt(task: _Task, own: AgentText, *, commands: bool) -> str:
    """Return why the mail may not be sent to the customer; "" if it may (I12)."""
    if is_blank(own.rest):
        return "" if commands else "it contains no text of your own"
    if task.analysed.head_only:
        return "it was too large, and only its head was received"
    if task.analysed.read().is_forward:
        return "it is a forwarded mail"
    return own.doubt


def _run_all(task: _Task, own: AgentText, *, sends: bool) -> tuple[list[CommandResult], int | None]:
    """Run all commands and file the text; commands that end the ticket come last. _CommandFailed if one fails."""
    commands = [one for one in own.commands if one.name != run_commands.COMMENT]
    first = [one for one in commands if not (sends and run_commands.ends_ticket(one))]
    last = [one for one in commands if one not in first]
    me = replace(task.me, answers=sends)
    lines = run_commands.run(me, task.ticket.id, first, task.by)
    n: int | None = None
    try:
        if sends:
            n = _send_reply(task, own)
        elif not is_blank(own.rest) or not commands:
            n = _add_comment(task, own.rest)
    except run_commands.REFUSALS as wrong:
        lines.append(CommandResult("", header_value(str(wrong)), False))
    lines += run_commands.run(me, task.ticket.id, last, task.by, told=sends)
    if not all(one.done for one in lines):
        raise _CommandFailed(lines)
    return lines, n


def _send_reply(task: _Task, own: AgentText) -> int:
    incoming = task.incoming
    extras = reply.Extras(attachments=own.files, comment=task.by, blob=incoming.blob)
    n = reply.reply(task.me, task.ticket.id, own.with_images, extras)
    if incoming.message_id:
        at = task.work.at
        mail_ids.remember(task.work.tx, incoming.message_id, task.ticket.id, n, "in", at)
    return n


def _add_comment(task: _Task, text: str) -> int:
    incoming = replace(task.incoming, text=text)
    return receive_mail.agent_mail(task.me, task.ticket.id, incoming, task.agent.name)


def _keep_failed(
    task: _Task, own: AgentText, lines: Sequence[CommandResult], *, commands: bool
) -> Verdict:
    """After a failed command: keep the text as a comment, and send the agent the result of every line (G12)."""
    wrong = [one for one in lines if not one.done]
    if not commands:
        why = wrong[0].result
        return _keep_unsent(task, own.text, REFUSED.format(ticket=task.ticket.id, why=why), why)
    n = _keep(task, own.text)
    shown = [
        replace(one, command=one.command or "(your text)", result=_result_after_failure(one))
        for one in lines
    ]
    auto_answer.transcript(task.work, task.ticket, task.incoming, shown, kept=True)
    reasons = [
        reason("mail-command-refused", command=one.command, result=one.result)
        for one in shown
        if not one.done
    ]
    return task.verdict("command", n, *reasons, reason("commands-undone"))


def _result_after_failure(line: CommandResult) -> str:
    return "not done, because another line failed" if line.done else line.result


def _keep_unsent(task: _Task, text: str, sentence: str, why: str) -> Verdict:
    """Keep a mail that is not sent as a comment, and tell the agent why."""
    n = _keep(task, text)
    auto_answer.trouble(task.work, task.ticket, task.incoming, sentence, proven=True)
    return task.verdict("reply", n, reason("reply-withheld", why=why.rstrip(".")))


def _keep(task: _Task, text: str) -> int:
    incoming = replace(task.incoming, text=text)
    return receive_mail.agent_mail(task.work, task.ticket.id, incoming, task.agent.name)
