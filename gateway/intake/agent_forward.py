"""Opens a ticket for the customer whose mail an agent forwards to a mailbox (G6)."""

from msgspec.structs import replace

from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.verdict import Verdict
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import receive_mail
from ticketctl.actions.tickets.open_ticket import from_mail
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import Actor, Incoming
from ticketctl.domain.definition.definition import Agent


def open_ticket(
    work: Work, analysed: AnalysedMail, incoming: Incoming, agent: Agent
) -> Verdict | None:
    """Open a ticket for the author of the mail that a proven agent forwards; None if it forwards no customer's mail.

    The customer gets no acknowledgement, because they did not write to us. The agent's own words become a comment.
    """
    forwarded = analysed.read().forwarded
    if forwarded is None:
        return None
    customers = replace(
        incoming,
        author=forwarded.author.key,
        author_name=forwarded.author.name,
        answer_to=forwarded.author.email,
        subject=forwarded.subject,
        text=forwarded.text,
        language=None,
        others=(),
        may_ack=False,
        notes=(*incoming.notes, f"forwarded by {agent.name}"),
    )
    number, n = from_mail(work, customers)
    if forwarded.note.strip():
        comment = replace(incoming, text=forwarded.note, attachments=(), message_id=None)
        by = f"by mail, {incoming.message_id}" if incoming.message_id else "by mail"
        quiet = replace(work, notify=False, actor=Actor(agent.name, by, agent.role))
        receive_mail.agent_mail(quiet, number, comment, agent.name)
    why = reason(
        "agent-forward", agent=agent.name, author=forwarded.author.key, evidence=forwarded.evidence
    )
    return Verdict(verdict="new", class_=incoming.class_, ticket=number, message=n, reasons=(why,))
