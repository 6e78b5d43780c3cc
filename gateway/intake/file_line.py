"""Files a JSON line of the inbox: once, or holds it with the reason."""

import hashlib

from msgspec import Struct
from msgspec.structs import replace

from gateway.intake import survey_words
from gateway.intake.verdict import Verdict
from gateway.lines import message_line, survey_line
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import channel_matching, rate, receive_channel
from ticketctl.actions.tickets.rate import SurveyAnswer
from ticketctl.actions.tickets.receive_channel import Contact
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import InboxRow
from ticketctl.domain.rules.survey import Written
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.store.db.database import Tx
from ticketctl.store.queues import bans, filed


class ParsedLine(Struct, frozen=True):
    """A parsed line: a message, an answer to a survey, or None with the `problem`."""

    row: InboxRow
    content: Contact | SurveyAnswer | None
    problem: str = ""
    grade: Written | None = (
        None  # a message that is nothing but a grade, in case it answers a survey
    )

    @property
    def message_id(self) -> str | None:
        """Return the id its channel gave it: `chat:17`, or `survey:csat:17` for an answer; None without one."""
        if isinstance(self.content, SurveyAnswer):
            return survey_line.identity(self.content) or None
        return receive_channel.message_id(self.content) if self.content else None

    @property
    def turn_keys(self) -> tuple[str, ...]:
        """Return the names that two workers must not file at the same time."""
        if isinstance(self.content, SurveyAnswer):
            return survey_line.turn_keys(self.content)
        return receive_channel.names(self.content) if self.content else ()


def parse(row: InboxRow, raw: bytes) -> ParsedLine:
    """Parse a line; needs no database."""
    try:
        if survey_line.is_answer(raw):
            return ParsedLine(row, survey_line.read(raw))
        contact = message_line.read(raw)
        return ParsedLine(row, contact, grade=survey_words.read(contact))
    except BadInput as wrong:
        return ParsedLine(row, None, wrong.sentence)


def file_line(tx: Tx, work: Work, parsed: ParsedLine) -> Verdict:
    """File a line in `tx`; the verdict is to hold it if that cannot be done."""
    content = parsed.content
    if content is None:
        return Verdict(verdict=None, class_="human", held=parsed.problem)
    try:
        with tx.savepoint():
            if isinstance(content, SurveyAnswer):
                return _file_answer(tx, work, parsed.row, content)
            return _file_message(tx, work, parsed, content)
    except (BadInput, NotFound, Refused) as wrong:
        return Verdict(verdict=None, class_="human", held=wrong.sentence)


def _file_message(tx: Tx, work: Work, parsed: ParsedLine, contact: Contact) -> Verdict:
    row = parsed.row
    identity = hashlib.sha256(contact.id.encode()).hexdigest() if contact.id else row.sha256
    if not filed.mark(tx, contact.channel, identity, "", row.id, work.at):
        why = reason("message-filed-before", channel=contact.channel)
        return Verdict(verdict="duplicate", class_="human", reasons=(why,))
    if (own := channel_matching.own_answer(tx, receive_channel.message_id(contact))) is not None:
        why = reason("own-answer-came-back", ticket=own.ticket)
        return Verdict(
            verdict="duplicate", class_="human", ticket=own.ticket, message=own.n, reasons=(why,)
        )
    banned = _matching_ban(tx, contact)
    if parsed.grade and not banned:
        rated = survey_words.file_answer(work, contact, parsed.grade)
        if rated is not None:
            why = reason("rating" if rated.new else "rating-repeated", rating=parsed.grade.grade)
            return Verdict(verdict="rating", class_="human", ticket=rated.ticket, reasons=(why,))
    outcome = receive_channel.receive(work, replace(contact, spam=banned is not None))
    reasons = (reason("sender-banned", sender=contact.who, pattern=banned),) if banned else ()
    return Verdict(
        verdict=outcome.verdict,
        class_="human",
        ticket=outcome.ticket,
        message=outcome.message,
        reasons=(*reasons, *outcome.reasons),
    )


def _file_answer(tx: Tx, work: Work, row: InboxRow, rating: SurveyAnswer) -> Verdict:
    """Store an answer to a survey once, known by its id, else by its bytes."""
    name = survey_line.identity(rating)
    identity = hashlib.sha256(name.encode()).hexdigest() if name else row.sha256
    if filed.mark(tx, "survey", identity, "", row.id, work.at):
        outcome = rate.outside(work, rating)
        if outcome.new:
            return Verdict(verdict="rating", class_="human", ticket=outcome.ticket)
    why = reason("survey-answer-known")
    return Verdict(verdict="duplicate", class_="human", reasons=(why,))


def _matching_ban(tx: Tx, contact: Contact) -> str | None:
    if contact.who is None:
        return None
    return bans.matches(tx, contact.who.value if contact.who.kind == EMAIL else str(contact.who))
