"""Finds the ticket that a mail is about (D2): reply token, bounce address, Message-IDs, subject tag, early answer."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from gateway.parse.mail import Mail
from gateway.thread import bounce_address, may_add, message_ids, reply_token, subject_tag
from gateway.thread.match import Match
from ticketctl.actions.base.context import Work
from ticketctl.domain.base.proof import REFUTED, Proof
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import InboxRow, Ticket
from ticketctl.domain.base.signed_addresses import EXPERT
from ticketctl.domain.definition.definition import Definition
from ticketctl.errors import NotFound
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import tickets
from ticketctl.store.tickets.mail_ids import KnownId


class Author(Struct, frozen=True):
    """Who wrote the mail: the address, what proves it, whether a machine wrote, and whether it joins no ticket."""

    address: str
    proof: Proof
    is_machine: bool
    opens_only: bool = False


class Thread(Struct, frozen=True):
    """The ticket that the mail joins, or the one it only claims to belong to, and why."""

    ticket: Ticket | None = None
    claim: Ticket | None = None
    purpose: str = "t"
    parent: int | None = None
    reasons: tuple[Reason, ...] = ()


def find_ticket(
    work: Work,
    row: InboxRow,
    mail: Mail,
    author: Author,
    known: Sequence[KnownId],
    *,
    tagged: int | None,
    lock: bool,
) -> Thread:
    """Find the ticket, and decide whether the author may add to it (D9).

    `known`: the stored Message-IDs that the mail names. `tagged`: the ticket number in its subject.
    `lock`: lock the ticket, because the caller is about to change it.
    """
    tx, key, definition = work.tx, work.key, work.definition
    mailbox, recipients, sender = row.mailbox, row.recipients, author.address
    reasons: list[Reason] = []
    inside = definition.agent_by_email(sender) is not None
    steps: tuple[tuple[str, Callable[[], Match | None]], ...] = (
        ("reply-token", lambda: reply_token.match(key, mail, recipients, sender, agent=inside)),
        (
            "bounce-address",
            lambda: bounce_address.match(tx, key, recipients, automatic=author.is_machine),
        ),
        ("known-message-id", lambda: message_ids.match(tx, key, mail, known, mailbox)),
        ("subject-tag", lambda: subject_tag.match(tagged)),
        ("early-answer", lambda: message_ids.early_answer(mail, known)),
    )
    for name, step in steps:
        found = step()
        if found is None:
            reasons.append(reason(f"no-{name}"))
            continue
        found = message_ids.split_off(tx, mail, known, found)
        reasons.append(found.why)
        ticket = _ticket(tx, found.ticket, lock=lock)
        if ticket is None:
            reasons.append(reason("ticket-gone", ticket=found.ticket))
            continue
        if author.proof.word == REFUTED and not found.bound and not inside:
            why = author.proof.why.text
            reasons.append(reason("sender-refuted", sender=sender, why=why))
            return Thread(claim=ticket, reasons=tuple(reasons))
        if author.opens_only:
            reasons.append(reason("own-address-opens-only", author=sender))
            return Thread(claim=ticket, reasons=tuple(reasons))
        return _check_author(tx, definition, found, ticket, mailbox, sender, name, reasons)
    return Thread(reasons=tuple(reasons))


def _check_author(
    tx: Tx,
    definition: Definition,
    found: Match,
    ticket: Ticket,
    mailbox: str,
    sender: str,
    step: str,
    reasons: list[Reason],
) -> Thread:
    if not found.bound and definition.agent_by_email(sender) and ticket.mailbox != mailbox:
        reasons.append(reason("agent-sent-to-other-mailbox"))
        return Thread(reasons=tuple(reasons))
    right = (
        may_add.Right("the address was made for them")
        if found.bound
        else may_add.may_add(tx, definition, ticket, sender)
    )
    if right:
        reasons.append(reason("sender-may-add", sender=sender, ticket=ticket.id, right=right.why))
        parent = found.parent if ticket.id == found.ticket else None
        purpose = found.purpose
        if right.as_expert:
            reasons.append(reason("expert-answer", sender=sender, ticket=ticket.id))
            purpose = EXPERT
        return Thread(ticket, None, purpose, parent, tuple(reasons))
    reasons.append(reason("sender-not-in-ticket", sender=sender, ticket=ticket.id))
    claim = None if step == "early-answer" else ticket
    return Thread(claim=claim, reasons=tuple(reasons))


def _ticket(tx: Tx, number: int, *, lock: bool) -> Ticket | None:
    """Return the ticket, following merges (D15); None if it does not exist."""
    try:
        found = tickets.get(tx, number, lock=lock)
        if found.merged_into is None:
            return found
        return tickets.get(tx, tickets.final(tx, number), lock=lock)
    except NotFound:
        return None
