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

MAIL, COMMAND, LINE = "mail", "command", "line"  # how an answer came
LONGEST_COMMENT = 5_000  # characters; the raw mail has the rest
ON_BEHALF = "on behalf of the customer"


class SurveyAnswer(Struct, frozen=True, kw_only=True):
    """An answer that another program took: about a `ticket`, else by a customer (`who`) alone."""

    survey: str
    rating: int
    ticket: int | None = None
    who: Identity | None = None
    name: str = ""  # of the customer
    comment: str = ""
    id: str = ""  # that program's own; the same is the same answer
    at: datetime | None = None


class FiledAnswer(Struct, frozen=True):
    """What became of an answer: its number, the ticket it is about, and whether it says something new."""

    id: int
    ticket: int | None
    new: bool


def by_mail(work: Work, ticket: Ticket, asked: SentSurvey, grade: int, comment: str) -> FiledAnswer:
    """Keep what a customer answered to the mail that asked him. It opens nothing again. BadInput off the scale."""
    survey.check(asked.scale, grade)
    return _keep(work, ticket, asked, grade, comment, MAIL)


def by_agent(
    work: Work, ticket_id: int, grade: int, *, comment: str = "", name: str = ""
) -> FiledAnswer:
    """Keep what a customer told an agent: to the survey `name`, else to the one he was asked, else the segment's.

    BadInput off the scale, NotFound for no such survey, Refused for spam and where the desk has no survey.
    """
    ticket = load_for_update(work, ticket_id)
    return _about(work, ticket, grade, comment, COMMAND, name)


def outside(work: Work, answer: SurveyAnswer, via: str = LINE) -> FiledAnswer:
    """Keep an answer from elsewhere, once by its id. One about no ticket is its customer's, who is made if new.

    NotFound for no such survey or ticket, BadInput off the scale, Refused for neither ticket nor customer.
    """
    if answer.ticket is not None:
        number = tickets.final(work.tx, answer.ticket)
        ticket = tickets.get(work.tx, number, lock=True)
        permission.require(work, ticket)
        return _about(work, ticket, answer.rating, answer.comment, via, answer.survey, answer)
    if answer.who is None:
        raise Refused("an answer needs either a ticket or a customer.")
    return _alone(work, answer, answer.who, via)


def named(work: Work, name: str) -> Survey:
    """The desk's survey of that name; NotFound, saying which there are."""
    found = next((one for one in work.definition.surveys if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in work.definition.surveys) or "none"
        raise NotFound(f'no survey "{name}"; desk.toml has {known}.')
    return found


def asked_about(work: Work, ticket: Ticket, one: Survey, outbox: int | None = None) -> SentSurvey:
    """A survey and a ticket as they were when it was resolved: whose work the answer is about."""
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
    """Segment and owner of a ticket when it ended last; those it has, where it did not end or they never changed."""
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
    """When it was given, never later than now."""
    return min(answer.at, work.at) if answer and answer.at else work.at


def _alone(work: Work, answer: SurveyAnswer, who: Identity, via: str) -> FiledAnswer:
    found = named(work, answer.survey)
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
    asked = _asked(work, ticket, name)
    survey.check(asked.scale, grade)
    return _keep(work, ticket, asked, grade, comment, via, answer)


def _asked(work: Work, ticket: Ticket, name: str) -> SentSurvey:
    """The survey meant: as it was sent about the ticket, else as the desk has it."""
    sent = next((one for one in surveys.of(work.tx, ticket.id) if name in ("", one.survey)), None)
    if sent is not None:
        return sent
    if name:
        return asked_about(work, ticket, named(work, name))
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
