"""Files bounces, delivery reports, read receipts and emoji reactions: noted on the message they are about (F2, F8)."""

from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.verdict import Verdict
from gateway.parse.mail import Mail
from gateway.parse.receipt import ReadReceipt
from gateway.screen.bounce_recipients import BounceFacts
from gateway.thread import bounce_address
from gateway.thread.may_add import may_add
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import delivery
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.reasons import reason
from ticketctl.errors import NotFound
from ticketctl.store.tickets import mail_ids, tickets


def file(work: Work, analysed: AnalysedMail) -> Verdict:
    """Record a report on the message it is about (F2); it opens no ticket and gets no answer (F9)."""
    row, mail, screening = analysed.row, analysed.mail, analysed.screening
    facts = screening.bounce or BounceFacts()
    about, statuses = facts.original_message_id, delivery.outcomes(facts.recipients)
    if screening.reaction is not None and mail.sender:
        about = mail.in_reply_to
        statuses = (delivery.RecipientStatus(mail.sender.key, "", screening.reaction),)
    elif screening.receipt is not None:
        about = screening.receipt.message_id or mail.in_reply_to
        statuses = (_receipt_status(screening.receipt, mail),)
    outcome = delivery.report(
        work,
        delivery=bounce_address.delivery_of(work.key, row.recipients),
        original_message_id=about,
        recipients=statuses,
        flags=screening.flags,
        blob=row.sha256,
    )
    verdict = Verdict(
        verdict="bounce",
        class_=screening.class_,
        ticket=outcome.ticket,
        message=outcome.message,
        reasons=(*screening.hits, *outcome.reasons),
    )
    if outcome.ticket is None and screening.reaction is not None and about:
        return _reaction_to_customer(work, analysed, about, screening.reaction) or verdict
    return verdict


def _reaction_to_customer(
    work: Work, analysed: AnalysedMail, about: str, words: str
) -> Verdict | None:
    """Record a reaction to a message that came in, by somebody who may add to its ticket; None if there is none."""
    sender = analysed.mail.sender
    known = next(iter(mail_ids.known(work.tx, [about])), None)
    if known is None or sender is None:
        return None
    try:
        ticket = tickets.get(work.tx, tickets.final(work.tx, known.ticket), lock=True)
    except NotFound:  # deleted
        return None
    if not may_add(work.tx, work.definition, ticket, sender.key):
        return None
    n = known.n if ticket.id == known.ticket else None
    said = {"mail": None, "kind": None, "message": n, "report": analysed.row.sha256}
    work.event(ticket.id, delivery.REPORTED, field=sender.key, new=said, comment=words)
    why = reason("reaction-to-message", ticket=ticket.id)
    reasons = (*analysed.screening.hits, why)
    return Verdict(verdict="bounce", class_="report", ticket=ticket.id, message=n, reasons=reasons)


def _receipt_status(receipt: ReadReceipt, mail: Mail) -> delivery.RecipientStatus:
    """Return what history says of a read receipt; by its sender if it names no recipient."""
    sender = mail.sender.key if mail.sender else ""
    return delivery.RecipientStatus(
        address_key(receipt.recipient) or sender,
        "",
        f"read receipt: {receipt.disposition}" if receipt.disposition else "read receipt",
    )
