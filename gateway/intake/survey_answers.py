"""A mail to the address that answers a survey: its grade, from the address or the text, or a word in the ticket.

The address is believed only for whom it was made. A grade opens nothing again; without one the mail is any other
word of the customer in that ticket. What a machine answers (a vacation) is no grade.
"""

from collections.abc import Sequence

from msgspec import Struct

from gateway.intake.own_text import markers
from gateway.intake.read_result import ReadAgain
from gateway.intake.verdict import Prepared, Verdict
from gateway.parse.mail import Mail
from gateway.thread.admit import addresses_of
from gateway.trim.trim import trim
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import rate
from ticketctl.domain.base import reference
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.domain.base.reference import SurveyToken
from ticketctl.domain.definition.mailbox_addresses import split
from ticketctl.domain.rules import survey
from ticketctl.errors import NotFound
from ticketctl.store.desk import surveys
from ticketctl.store.desk.surveys import Sent
from ticketctl.store.people import customers
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import messages, tickets
from ticketctl.store.tickets.messages import KnownId
from ticketctl.write_guard import never_in_a_write


class Found(Struct, frozen=True):
    """The ticket that was asked about, and why; `verdict` where the mail is a grade. `note` is for its history."""

    ticket: Ticket
    reasons: tuple[Reason, ...]
    verdict: Verdict | None = None
    note: str = ""


class Asked(Struct, frozen=True):
    """What was asked, the ticket it is about now, the grade that the address names, how we know."""

    sent: Sent
    ticket: Ticket
    grade: int | None
    why: Reason


def settle(
    work: Work, prepared: Prepared, incoming: Incoming, known: Sequence[KnownId]
) -> Found | None:
    """What a mail that answers a survey is; None for every other mail, and for an address not made for its sender.

    `known`: what the ids that the mail names stand for.
    """
    if incoming.spam:
        return None
    to = asked(work, prepared, incoming.author, known, lock=True)
    if to is None:
        return None
    sent, ticket, reasons = to.sent, to.ticket, (to.why,)
    if incoming.class_ != "human":
        return Found(ticket, (*reasons, reason("rating-automatic")))
    written = prepared.read().grade
    if written is None:
        raise ReadAgain
    grade, comment = _chosen(to.grade, written)
    if grade is None:
        return Found(ticket, (*reasons, reason("rating-missing")))
    if off := _off(sent.scale, grade, None if to.grade is not None else written.top):
        why = reason("rating-off-scale", survey=sent.survey, rating=off, scale=sent.scale)
        return Found(ticket, (*reasons, why), note=why.text)
    outcome = rate.by_mail(work, ticket, sent, grade, comment)
    if incoming.message_id:  # what is said about this mail later finds the ticket
        messages.remember_id(work.tx, incoming.message_id, ticket.id, None, "in", work.at)
    said = reason("rating" if outcome.new else "rating-repeated", rating=grade)
    verdict = Verdict(
        verdict="rating", class_=incoming.class_, ticket=ticket.id, reasons=(*reasons, said)
    )
    return Found(ticket, reasons, verdict)


def asked(
    work: Work, prepared: Prepared, author: str, known: Sequence[KnownId], *, lock: bool
) -> Asked | None:
    """The survey that a mail of `author` answers; None for every other mail, and for an agent's."""
    if work.definition.agent_by_email(author):
        return None
    return _by_token(work, prepared, author, lock) or _by_id(work, prepared, author, known, lock)


@never_in_a_write
def read(mail: Mail) -> survey.Written:
    """The grade and the words of a mail, should it answer a survey."""
    return survey.read(trim(mail.text, markers=markers()).text)


def _by_token(work: Work, prepared: Prepared, author: str, lock: bool) -> Asked | None:
    """By a signed address among those the mail went to."""
    for token in _tokens(prepared):
        ticket = _ticket(work, token.ticket, lock)
        if ticket is None:
            continue
        names = _names(work, ticket, author)
        for sent in surveys.of(work.tx, token.ticket):
            if any(reference.survey_holds(work.key, token, sent.survey, one) for one in names):
                why = reason("survey-address", survey=sent.survey, ticket=sent.ticket)
                return Asked(sent, ticket, token.grade, why)
    return None


def _by_id(
    work: Work, prepared: Prepared, author: str, known: Sequence[KnownId], lock: bool
) -> Asked | None:
    """By In-Reply-To, for who answers the mail but not at the address it asks for."""
    for one in known:
        ours = one.direction == "out" and one.n is None
        if not ours or one.message_id != prepared.mail.in_reply_to:
            continue
        mail = outbox.by_message_id(work.tx, one.message_id)
        sent = [each for each in surveys.of(work.tx, one.ticket) if mail and each.outbox == mail.id]
        ticket = _ticket(work, one.ticket, lock)
        if mail and sent and ticket and _names(work, ticket, author) & {*map(str.lower, mail.to)}:
            return Asked(sent[0], ticket, None, reason("survey-mail", ticket=one.ticket))
    return None


def _ticket(work: Work, number: int, lock: bool) -> Ticket | None:
    """The ticket, through merges to the last one; None where it is gone."""
    try:
        return tickets.get(work.tx, tickets.final(work.tx, number), lock=lock)
    except NotFound:
        return None


def _names(work: Work, ticket: Ticket, author: str) -> frozenset[str]:
    """Every address of the author, where he is the ticket's customer."""
    own = addresses_of(customers.get(work.tx, ticket.customer.id))
    return own if author in own else frozenset({author})


def _tokens(prepared: Prepared) -> list[SurveyToken]:
    mail = prepared.mail
    addresses = (
        *prepared.row.recipients,
        *mail.delivered_to,
        *(a.key for a in (*mail.to, *mail.cc)),
    )
    details = (split(one)[1] for one in dict.fromkeys(each.lower() for each in addresses))
    return [found for detail in details if (found := reference.parse_survey(detail))]


def _chosen(linked: int | None, written: survey.Written) -> tuple[int | None, str]:
    """The grade of the link, which also began the text for him, or the one he wrote; and what he says besides."""
    if linked is None:
        return written.grade, written.comment
    return linked, written.comment if written.grade in (linked, None) else written.text


def _off(scale: str, grade: int, top: int | None) -> str:
    """The grade as he wrote it, where the scale does not have it; "" for a good one."""
    if grade in survey.grades(scale) and top in (None, survey.bounds(scale)[1]):
        return ""
    return str(grade) if top is None else f"{grade}/{top}"
