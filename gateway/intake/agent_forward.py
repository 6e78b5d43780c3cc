"""A customer's mail that an agent passes on to a mailbox: a ticket of the customer's (G6)."""

from msgspec.structs import replace

from gateway.intake.verdict import Prepared, Verdict
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import open as opening
from ticketctl.actions.tickets import receive_mail
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import Actor, Incoming
from ticketctl.domain.definition.definition import Agent


def settle(work: Work, prepared: Prepared, incoming: Incoming, agent: Agent) -> Verdict | None:
    """Open a ticket for whom a proven agent passes on; None where he passes on nobody's mail.

    The customer gets no acknowledgement: he did not write to us. The agent's words become an internal comment.
    """
    found = prepared.read().passed
    if found is None:
        return None
    his = replace(
        incoming,
        author=found.author.key,
        author_name=found.author.name,
        answer_to=found.author.email,
        subject=found.subject,
        text=found.text,
        language=None,
        others=(),
        may_ack=False,
        notes=(*incoming.notes, f"passed on by {agent.name}"),
    )
    number, n = opening.from_mail(work, his)
    if found.note.strip():
        said = replace(incoming, text=found.note, attachments=(), message_id=None)
        by = f"by mail, {incoming.message_id}" if incoming.message_id else "by mail"
        quiet = replace(work, notify=False, actor=Actor(agent.name, by, agent.role))
        receive_mail.agent_mail(quiet, number, said, agent.name)
    why = reason(
        "agent-forward", agent=agent.name, author=found.author.key, evidence=found.evidence
    )
    return Verdict(verdict="new", class_=incoming.class_, ticket=number, message=n, reasons=(why,))
