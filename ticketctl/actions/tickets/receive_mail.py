"""Files mail that belongs to an existing ticket: from the customer, a machine, an expert, or an agent."""

from msgspec.structs import replace

from ticketctl.actions.base import transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import filing, notifications, participants
from ticketctl.actions.tickets import ack, consequences
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.store.tickets import mail_ids, messages, tickets


def customer_message(
    work: Work, ticket_id: int, incoming: Incoming, *, locked: Ticket | None = None
) -> int:
    """File a message from the customer's side; its number. It may reopen the ticket (D13).

    `locked`: the ticket as it is stored, if the caller has locked it.

    Subject, segment, priority and owner stay (D12). Spam stays spam, and nobody is notified (D21).
    A sender whose mail was too large is told.
    """
    ticket = locked or tickets.get(work.tx, ticket_id, lock=True)
    requester = ticket.customer.email
    ignored = participants.ignored_wishes(work, ticket.id, incoming, requester)
    if not incoming.proof.sure:  # an unproven mail does not decide where replies go
        notes = (f"sender not proven: {incoming.proof.why.text}", *([ignored] if ignored else ()))
        incoming = replace(incoming, answer_to=incoming.author, notes=(*incoming.notes, *notes))
    unread = incoming.cut and ack.wanted(incoming) and not ack.why_not(work, incoming)
    n = _file(work, ticket, incoming)
    participants.update_from_mail(work, ticket.id, incoming, requester)
    ticket = follow_up(
        work,
        ticket,
        n,
        author=incoming.author_name or incoming.author,
        author_address=incoming.author,
        text=incoming.text,
        references=(incoming.message_id,) if incoming.message_id else (),
        answerable=ack.wanted(incoming),
        unproven=not incoming.proof.sure,
    )
    if unread and ticket.status != status.SPAM:
        ack.send(work, ticket, incoming)
    return n


def follow_up(
    work: Work,
    ticket: Ticket,
    n: int,
    *,
    author: str,
    author_address: str,
    text: str,
    references: tuple[str, ...] = (),
    answerable: bool = False,
    unproven: bool = False,
) -> Ticket:
    """After the customer's message `n` on any channel: update the status, run rules, notify. Returns the ticket.

    `answerable`: it may be answered automatically (E14). `unproven`: a mail whose sender is only claimed.
    """
    _reopen(work, ticket)
    ticket = consequences.on_message(work, ticket.id, n, answerable=answerable)
    if ticket.status != status.SPAM:
        notifications.tell(
            work,
            ticket,
            "reply",
            notifications.team(work, ticket),
            author=author,
            author_address=author_address,
            text=text,
            message=n,
            references=references,
            unproven=unproven,
        )
    return ticket


def quiet_message(work: Work, ticket_id: int, incoming: Incoming) -> int:
    """File automatic mail; the message's number. The status stays, and nobody is notified (E5)."""
    return _file(work, tickets.get(work.tx, ticket_id, lock=True), incoming)


def expert_answer(work: Work, ticket_id: int, incoming: Incoming) -> int:
    """File an expert's answer as an internal comment, marked if the sender is unproven; its number.

    The owner is notified (F-A31).
    """
    author = incoming.author if incoming.proof.sure else f"{incoming.author} (unverified)"
    return _file_as_comment(work, ticket_id, incoming, author, "expert")


def agent_mail(work: Work, ticket_id: int, incoming: Incoming, agent: str) -> int:
    """File an agent's mail as their internal comment; its number. The owner is notified, if somebody else."""
    return _file_as_comment(work, ticket_id, incoming, agent, "comment")


def unverified_agent_mail(work: Work, ticket_id: int, incoming: Incoming) -> int:
    """File a mail that only claims to be an agent's as an internal comment that says so (G13); its number."""
    author = f"{incoming.author} (unverified)"
    return _file_as_comment(work, ticket_id, incoming, author, "comment")


def _file(work: Work, ticket: Ticket, incoming: Incoming) -> int:
    n = filing.file(work, ticket.id, incoming)
    work.event(ticket.id, "message", field="message", new=n, comment="; ".join(incoming.notes))
    return n


def _reopen(work: Work, ticket: Ticket) -> None:
    new = status.after_customer_message(ticket.status)
    if new != ticket.status:
        type = "reopened" if ticket.status in status.ENDED else "status"
        transitions.set_status(work, ticket, new, type, "the customer wrote", awaiting="agent")
    elif ticket.status in status.ACTIVE and ticket.awaiting != "agent":
        tickets.change(work.tx, ticket.id, at=work.at, awaiting="agent")


def _file_as_comment(
    work: Work, ticket_id: int, incoming: Incoming, author: str, event: str
) -> int:
    ticket = tickets.get(work.tx, ticket_id, lock=True)
    n = messages.add_comment(
        work.tx,
        ticket.id,
        author=author,
        at=work.at,
        text=incoming.text,
        blob=incoming.blob,
        attachments=incoming.attachments,
    )
    if incoming.message_id:
        mail_ids.remember(work.tx, incoming.message_id, ticket.id, None, "in", work.at)
    work.event(ticket.id, "commented", field="comment", new=n, comment=f"mail of {author}")
    notifications.tell(
        work,
        ticket,
        event,
        notifications.team(work, ticket),
        author=author,
        author_address=incoming.author,
        text=incoming.text,
    )
    return n
