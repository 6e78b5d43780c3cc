"""Files answers to surveys that come by mail; the rating is in the address or in the text.

The address counts only for the customer it was made for. A rating does not reopen the ticket; one that is not on the
scale is asked for once more. A mail without a rating is filed as any other mail in that ticket. An automatic mail, such
as a vacation notice, is never a rating.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.own_text import markers
from gateway.intake.read_result import ReadAgain
from gateway.intake.verdict import Verdict
from gateway.parse.mail import Mail
from gateway.thread import reply_token
from gateway.thread.may_add import addresses_of
from gateway.trim.trim import trim
from ticketctl.actions.base.context import Work
from ticketctl.actions.jobs.surveys import ask_again
from ticketctl.actions.tickets import rate, receive_mail
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.domain.base.signed_addresses import SurveyToken
from ticketctl.domain.rules import survey
from ticketctl.errors import NotFound
from ticketctl.store.desk import surveys
from ticketctl.store.desk.surveys import SentSurvey
from ticketctl.store.people import customers
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import mail_ids, tickets
from ticketctl.store.tickets.mail_ids import KnownId
from ticketctl.write_guard import never_in_a_write


class SurveyOutcome(Struct, frozen=True):
    """The ticket of the survey, and the reasons; `verdict` if the mail is a rating; `note` for the ticket's history."""

    ticket: Ticket
    reasons: tuple[Reason, ...]
    verdict: Verdict | None = None
    note: str = ""


class Answered(Struct, frozen=True):
    """The survey that a mail answers, its ticket, the rating in the address if any, and how we know."""

    sent: SentSurvey
    ticket: Ticket
    grade: int | None
    why: Reason


def file_answer(
    work: Work, analysed: AnalysedMail, incoming: Incoming, known: Sequence[KnownId]
) -> SurveyOutcome | None:
    """Store the rating of a mail that answers a survey; None for other mail, or if the address is another person's.

    `known`: the stored Message-IDs that the mail names.
    """
    if incoming.spam:
        return None
    to = answered_survey(work, analysed, incoming.author, known, lock=True)
    if to is None:
        return None
    sent, ticket, reasons = to.sent, to.ticket, (to.why,)
    if incoming.class_ != "human":
        return SurveyOutcome(ticket, (*reasons, reason("rating-automatic")))
    written = analysed.read().rating
    if written is None:
        raise ReadAgain
    grade, comment = _rating(to.grade, written)
    if grade is None:
        return SurveyOutcome(ticket, (*reasons, reason("rating-missing")))
    if off := _outside_scale(sent.scale, grade, None if to.grade is not None else written.top):
        why = reason("rating-off-scale", survey=sent.survey, rating=off, scale=sent.scale)
        if not ask_again(work, ticket, sent.survey, incoming.author, off):
            return SurveyOutcome(ticket, (*reasons, why), note=why.text)
        said = replace(incoming, text=written.text, notes=(*incoming.notes, why.text))
        n = receive_mail.quiet_message(work, ticket.id, said)
        verdict = Verdict(
            verdict="rating", class_="human", ticket=ticket.id, message=n, reasons=(*reasons, why)
        )
        return SurveyOutcome(ticket, reasons, verdict)
    outcome = rate.by_mail(work, ticket, sent, grade, comment)
    if incoming.message_id:  # so that later answers to this mail find the ticket
        mail_ids.remember(work.tx, incoming.message_id, ticket.id, None, "in", work.at)
    why = reason("rating" if outcome.new else "rating-repeated", rating=grade)
    verdict = Verdict(
        verdict="rating", class_=incoming.class_, ticket=ticket.id, reasons=(*reasons, why)
    )
    return SurveyOutcome(ticket, reasons, verdict)


def answered_survey(
    work: Work, analysed: AnalysedMail, author: str, known: Sequence[KnownId], *, lock: bool
) -> Answered | None:
    """Find the survey that a mail of `author` answers; None for any other mail, and for an agent's."""
    if work.definition.agent_by_email(author):
        return None
    return _by_token(work, analysed, author, lock) or _by_id(work, analysed, author, known, lock)


@never_in_a_write
def read(mail: Mail) -> survey.Written:
    """Read the rating and the comment in a mail, in case it answers a survey."""
    return survey.read(trim(mail.text, markers=markers(), html=mail.html).text)


def _by_token(work: Work, analysed: AnalysedMail, author: str, lock: bool) -> Answered | None:
    """Find the survey by a signed address among the recipients."""
    for token in _tokens(analysed):
        ticket = _ticket(work, token.ticket, lock)
        if ticket is None:
            continue
        names = _names(work, ticket, author)
        for sent in surveys.of(work.tx, token.ticket):
            if any(
                signed_addresses.survey_holds(work.key, token, sent.survey, one) for one in names
            ):
                why = reason("survey-address", survey=sent.survey, ticket=sent.ticket)
                return Answered(sent, ticket, token.grade, why)
    return None


def _by_id(
    work: Work, analysed: AnalysedMail, author: str, known: Sequence[KnownId], lock: bool
) -> Answered | None:
    """Find the survey by In-Reply-To, if the mail did not go to the signed address."""
    for one in known:
        ours = one.direction == "out" and one.n is None
        if not ours or one.message_id != analysed.mail.in_reply_to:
            continue
        mail = outbox.by_message_id(work.tx, one.message_id)
        sent = [each for each in surveys.of(work.tx, one.ticket) if mail and each.outbox == mail.id]
        ticket = _ticket(work, one.ticket, lock)
        if mail and sent and ticket and _names(work, ticket, author) & {*map(str.lower, mail.to)}:
            return Answered(sent[0], ticket, None, reason("survey-mail", ticket=one.ticket))
    return None


def _ticket(work: Work, number: int, lock: bool) -> Ticket | None:
    """Return the ticket, following merges; None if it was deleted."""
    try:
        return tickets.get(work.tx, tickets.final(work.tx, number), lock=lock)
    except NotFound:
        return None


def _names(work: Work, ticket: Ticket, author: str) -> frozenset[str]:
    """Return every address of the author if they are the ticket's customer, else the one they wrote from."""
    own = addresses_of(customers.get(work.tx, ticket.customer.id))
    return own if author in own else frozenset({author})


def _tokens(analysed: AnalysedMail) -> list[SurveyToken]:
    sent_to = reply_token.details(analysed.mail, analysed.row.recipients)
    return [one for one in map(signed_addresses.parse_survey, sent_to) if one]


def _rating(linked: int | None, written: survey.Written) -> tuple[int | None, str]:
    """Return the rating and the comment. The rating of the link wins; the link also fills in the text's start."""
    if linked is None:
        return written.grade, written.comment
    return linked, written.comment if written.grade in (linked, None) else written.text


def _outside_scale(scale: str, grade: int, top: int | None) -> str:
    """Return the rating as written if the scale does not have it, else ""."""
    if grade in survey.grades(scale) and top in (None, survey.bounds(scale)[1]):
        return ""
    return str(grade) if top is None else f"{grade}/{top}"
