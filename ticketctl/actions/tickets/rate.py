"""Files answers to surveys, whether they came by mail, from an agent, or from another program."""

from datetime import datetime

from msgspec import Struct

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.tickets import consequences, survey_rules
from ticketctl.domain.base import status
from ticketctl.domain.base.identity import Identity
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.definition.definition import Survey
from ticketctl.domain.rules import survey
from ticketctl.errors import NotFound, Refused
from ticketctl.store.desk import journal, ratings, surveys
from ticketctl.store.desk.surveys import SentSurvey
from ticketctl.store.people import customers
from ticketctl.store.tickets import events, tickets

MAIL, COMMAND, LINE = "mail", "command", "line"  # how the answer came
LONGEST_COMMENT = 5_000  # characters; the raw mail has the rest
ON_BEHALF = "on behalf of the customer"


class SurveyAnswer(Struct, frozen=True, kw_only=True):
    """A survey answer from another program: about a `ticket`, or of a customer (`who`) alone."""

    survey: str
    rating: int
    ticket: int | None = None
    who: Identity | None = None
    name: str = ""  # of the customer
    comment: str = ""
    id: str = ""  # that program's id; a repeated id is stored once
    at: datetime | None = None
    answers: ratings.Answers = ()  # to all its questions
    url: str | None = None  # where it can be read there


class FiledAnswer(Struct, frozen=True):
    """A filed answer: its number, its ticket, and whether it says anything new."""

    id: int
    ticket: int | None
    new: bool


def by_mail(work: Work, ticket: Ticket, asked: SentSurvey, grade: int, comment: str) -> FiledAnswer:
    """File a customer's answer to a survey mail. It reopens nothing. BadInput if it is off the scale."""
    survey.check(asked.scale, grade)
    return _keep(work, ticket, asked, grade, comment, MAIL)


def by_agent(
    work: Work, ticket_id: int, grade: int, *, comment: str = "", name: str = ""
) -> FiledAnswer:
    """File an answer that a customer gave an agent: to the survey `name`, else the one they were asked.

    BadInput off the scale, NotFound for an unknown survey, Refused for spam and if there are no surveys.
    """
    ticket = load_for_update(work, ticket_id)
    return _about(work, ticket, grade, comment, COMMAND, name)


def outside(work: Work, answer: SurveyAnswer, via: str = LINE) -> FiledAnswer:
    """File an answer from another program, once for each id. Without a ticket it is the customer's, created if new.

    NotFound for an unknown survey or ticket, BadInput off the scale, Refused without ticket and customer.
    """
    if answer.ticket is not None:
        number = tickets.final(work.tx, answer.ticket)
        ticket = tickets.get(work.tx, number, lock=True)
        permission.require(work, ticket)
        return _about(work, ticket, answer.rating, answer.comment, via, answer.survey, answer)
    if answer.who is None:
        raise Refused("an answer needs either a ticket or a customer.")
    return _alone(work, answer, answer.who, via)


def survey_named(work: Work, name: str) -> Survey:
    """The survey of that name. NotFound, with the list of surveys."""
    found = next((one for one in work.definition.surveys if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in work.definition.surveys) or "none"
        raise NotFound(f'no survey "{name}"; desk.toml has {known}.')
    return found


def asked_about(work: Work, ticket: Ticket, one: Survey, outbox: int | None = None) -> SentSurvey:
    """A survey and a ticket as it was when resolved: segment and owner that the answer counts for."""
    segment, owner = at_resolution(work, ticket)
    return SentSurvey(
        ticket=ticket.id,
        survey=one.name,
        scale=one.scale,
        at=work.at,
        outbox=outbox,
        segment=segment,
        owner=owner,
    )


def at_resolution(work: Work, ticket: Ticket) -> tuple[str, str | None]:
    """Segment and owner of a ticket when it last ended; the present ones if it did not end."""
    lines = events.of(work.tx, ticket.id)
    ends = (
        one.n
        for one in lines
        if one.field == "status" and one.new in status.ENDED and one.old not in status.ENDED
    )
    end = max(ends, default=None)
    if end is None:
        return ticket.segment, ticket.owner
    later = {one.field: one.old for one in reversed(lines) if one.n > end}
    return later.get("segment", ticket.segment), later.get("owner", ticket.owner)


def _when(work: Work, answer: SurveyAnswer | None) -> datetime:
    """When the answer was given, at most now."""
    return min(answer.at, work.at) if answer and answer.at else work.at


def _alone(work: Work, answer: SurveyAnswer, who: Identity, via: str) -> FiledAnswer:
    found = survey_named(work, answer.survey)
    survey.check(found.scale, answer.rating)
    customer = customers.find_or_create_by(
        work.tx, who.kind, who.value, name=answer.name, language=None, at=work.at
    )
    id, new = ratings.add(
        work.tx,
        ticket=None,
        customer=customer.id,
        survey=found.name,
        scale=found.scale,
        rating=answer.rating,
        comment=answer.comment[:LONGEST_COMMENT],
        at=_when(work, answer),
        via=via,
        answer_id=answer.id or None,
        segment=next(iter(found.segments), work.definition.segments[0].name),
        answers=answer.answers,
        url=answer.url,
    )
    if new:
        journal.append(
            work.tx,
            at=work.at,
            actor=work.actor,
            kind="customer",
            subject=str(customer.id),
            type="rated",
            group=work.group,
            new=f"{found.name}: {answer.rating}",
            comment=answer.comment[:LONGEST_COMMENT] or None,
        )
        survey_rules.run_rules(work, id)
    return FiledAnswer(id, None, new)


def _about(
    work: Work,
    ticket: Ticket,
    grade: int,
    comment: str,
    via: str,
    name: str,
    answer: SurveyAnswer | None = None,
) -> FiledAnswer:
    if ticket.status == status.SPAM:
        raise Refused(f"ticket {ticket.id} is spam: nobody was asked about it.")
    asked = _survey_meant(work, ticket, name)
    survey.check(asked.scale, grade)
    return _keep(work, ticket, asked, grade, comment, via, answer)


def _survey_meant(work: Work, ticket: Ticket, name: str) -> SentSurvey:
    """The survey that is meant: as it was sent about the ticket, else as defined."""
    sent = next((one for one in surveys.of(work.tx, ticket.id) if name in ("", one.survey)), None)
    if sent is not None:
        return sent
    if name:
        return asked_about(work, ticket, survey_named(work, name))
    for one in work.definition.surveys:
        if not one.segments or ticket.segment in one.segments:
            return asked_about(work, ticket, one)
    raise Refused(f"desk.toml has no survey for segment {ticket.segment}.")


def _keep(
    work: Work,
    ticket: Ticket,
    asked: SentSurvey,
    grade: int,
    comment: str,
    via: str,
    answer: SurveyAnswer | None = None,
) -> FiledAnswer:
    before = ratings.of(work.tx, ticket.id, asked.survey)
    words = comment.strip()[:LONGEST_COMMENT]
    id, new = ratings.add(
        work.tx,
        ticket=ticket.id,
        customer=ticket.customer.id,
        survey=asked.survey,
        scale=asked.scale,
        rating=grade,
        comment=words,
        at=_when(work, answer),
        via=via,
        answer_id=(answer and answer.id) or None,
        segment=asked.segment,
        owner=asked.owner,
        answers=answer.answers if answer else (),
        url=answer.url if answer else None,
    )
    if new:
        by = ON_BEHALF if via == COMMAND else ""
        work.event(
            ticket.id,
            "rated",
            field="rating",
            old=before.rating if before else None,
            new=grade,
            comment=": ".join(part for part in (by, words) if part),
            way_back={"rating": id, "survey": asked.survey},
        )
        consequences.on_rated(work, ticket.id, id)
    return FiledAnswer(id, ticket.id, new)
