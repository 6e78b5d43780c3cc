"""A mail to the address that answers a survey: its grade, from the address or the text, or a word in the ticket.

The address is believed only for whom it was made. A grade opens nothing again; without one the mail is any other
word of the customer in that ticket. What a machine answers (a vacation) is no grade.
"""

from msgspec import Struct

from gateway.agents import markers
from gateway.parse.mail import Mail
from gateway.recipients import split
from gateway.thread.admit import addresses_of
from gateway.trim.trim import trim
from gateway.verdict import Prepared, Verdict
from ticketctl.actions import rate
from ticketctl.actions.work import Work
from ticketctl.desk import reference, survey
from ticketctl.desk.definition import agent_by_email
from ticketctl.desk.records import Incoming, Ticket
from ticketctl.desk.reference import SurveyToken
from ticketctl.errors import NotFound
from ticketctl.store import customers, messages, surveys, tickets
from ticketctl.store.surveys import Sent


class Found(Struct, frozen=True):
    """The ticket that was asked about, and why; `verdict` where the mail is a grade. `note` is for its history."""

    ticket: Ticket
    reasons: tuple[str, ...]
    verdict: Verdict | None = None
    note: str = ""


def settle(work: Work, prepared: Prepared, incoming: Incoming) -> Found | None:
    """What a mail to such an address is; None for every other mail, and for an address not made for its sender."""
    asked = _asked(work, prepared, incoming)
    if asked is None:
        return None
    token, sent, ticket = asked
    reasons = (f"survey token of #{sent.ticket}, {sent.survey}",)
    if incoming.class_ != "human":
        return Found(ticket, (*reasons, "a machine wrote it: no grade"))
    written = survey.read(trim(prepared.mail.text, markers=markers()).text)
    grade, comment = _chosen(token, written)
    if grade is None:
        return Found(ticket, (*reasons, "it has no grade"))
    top = survey.bounds(sent.scale)[1]
    if grade not in survey.grades(sent.scale) or (
        token.grade is None and written.top not in (None, top)
    ):
        note = (
            f"no answer to {sent.survey}: {grade}{_of(written)} is not on its scale, {sent.scale}"
        )
        return Found(ticket, (*reasons, note), note=note)
    outcome = rate.by_mail(work, ticket, sent, grade, comment)
    _remember(work, prepared.mail, ticket)
    again = () if outcome.new else ("the same answer as before",)
    verdict = Verdict(
        verdict="rating",
        class_=incoming.class_,
        ticket=ticket.id,
        reasons=(*reasons, f"grade {grade} of {top}", *again),
    )
    return Found(ticket, reasons, verdict)


def _asked(
    work: Work, prepared: Prepared, incoming: Incoming
) -> tuple[SurveyToken, Sent, Ticket] | None:
    """The token, what was asked, and the ticket, through merges to the last one."""
    tokens = _tokens(prepared)
    if not tokens or incoming.spam or agent_by_email(work.desk, incoming.author):
        return None
    for token in tokens:
        try:
            ticket = tickets.get(work.tx, tickets.final(work.tx, token.ticket), lock=True)
        except NotFound:
            continue
        own = addresses_of(customers.get(work.tx, ticket.customer.id))
        names = own if incoming.author in own else {incoming.author}
        for sent in surveys.of(work.tx, token.ticket):
            if any(reference.survey_holds(work.key, token, sent.survey, one) for one in names):
                return token, sent, ticket
    return None


def _tokens(prepared: Prepared) -> list[SurveyToken]:
    mail = prepared.mail
    addresses = (
        *prepared.row.recipients,
        *mail.delivered_to,
        *(a.key for a in (*mail.to, *mail.cc)),
    )
    details = (split(one)[1] for one in dict.fromkeys(each.lower() for each in addresses))
    return [found for detail in details if (found := reference.parse_survey(detail))]


def _chosen(token: SurveyToken, written: survey.Written) -> tuple[int | None, str]:
    """The grade of the link, which also began the text for him, or the one he wrote; and what he says besides."""
    if token.grade is None or written.grade in (token.grade, None):
        grade = written.grade if token.grade is None else token.grade
        return grade, written.comment
    return token.grade, written.text


def _of(written: survey.Written) -> str:
    return f"/{written.top}" if written.top is not None else ""


def _remember(work: Work, mail: Mail, ticket: Ticket) -> None:
    """What is said about this mail later finds the ticket."""
    if mail.message_id:
        messages.remember_id(work.tx, mail.message_id, ticket.id, None, "in", work.at)
