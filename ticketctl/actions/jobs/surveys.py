"""Sends surveys, by mail or through a bridge, once for each resolved ticket and survey (F-C11).

Several programs may run it at once: each ticket is checked again in its own transaction, which marks it and queues the
mail. Tickets resolved before the survey existed, or longer ago than LATEST, are left out.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote

from msgspec import Struct

from ticketctl import clock
from ticketctl.actions.base.context import GATEWAY, Work, begin
from ticketctl.actions.mail import customer_mail, limits, outbound, way_to_customer
from ticketctl.actions.tickets import rate
from ticketctl.domain.base import signed_addresses, status
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.optional_mail import SURVEYS
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.subject import subject_tag
from ticketctl.domain.definition.definition import Definition, Survey
from ticketctl.domain.rules import survey
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions, surveys
from ticketctl.store.queues import recipients, unsubscribed
from ticketctl.store.tickets import tickets

LOCK = "survey send"  # lock name: one program at a time
A_DAY = timedelta(days=1)  # a customer gets no more than one survey in it
LATEST = timedelta(days=30)  # a survey is not sent later than this after its time
PAGE = 200  # tickets read at once


class Invitation(Struct, frozen=True):
    """A customer who was asked, or would be with `dry_run`."""

    ticket: int
    survey: str
    to: str


def send(
    db: Database, *, keep: Callable[[], None] = lambda: None, dry_run: bool = False
) -> Iterator[Invitation]:
    """Send all surveys that are due, and yield each; `keep` is called before each.

    `dry_run` changes nothing.
    """
    now = clock.now()
    with db.read() as tx:
        definition = definitions.current(tx)
    for one in definition.surveys:
        for number in _due(db, definition, one, now):
            keep()
            if dry_run:
                with db.read() as tx:
                    work = begin(tx, GATEWAY, now)
                    to = recipient(work, tickets.get(tx, number), one)
                    to = "" if _unsubscribed(work, to) else to
            else:
                to = db.write(partial(_ask, one, number, now))
            if to:
                yield Invitation(number, one.name, to)


def recipient(work: Work, ticket: Ticket, one: Survey) -> str:
    """The address to ask about a ticket now; "" for nobody, or not yet."""
    due = ticket.resolved_at and ticket.resolved_at + timedelta(seconds=one.delay) <= work.at
    if ticket.status not in status.ENDED or not due:
        return ""
    if any(sent.survey == one.name for sent in surveys.of(work.tx, ticket.id)):
        return ""
    to = way_to_customer.find(work, ticket).to
    silent = (
        not to
        or limits.no_customer(work, to)
        or surveys.asked_lately(work.tx, ticket.id, work.at - A_DAY)
        or recipients.undeliverable(work.tx, [address_key(to)])
        or limits.address_limit(work, to)
    )
    return "" if silent else to


def _ask(one: Survey, number: int, at: datetime, tx: Tx) -> str:
    work = begin(tx, GATEWAY, at)
    ticket = tickets.get(tx, number, lock=True)
    to = recipient(work, ticket, one)
    if _unsubscribed(work, to):
        surveys.mark(tx, rate.asked_about(work, ticket, one))
        why = f"not sent: {to} has unsubscribed from surveys"
        work.event(ticket.id, "survey", new=one.name, comment=why)
        return ""
    way = way_to_customer.find(work, ticket)
    mail = survey_mail(work, ticket, one, to, linked=not way.by_bridge)
    outbox = way_to_customer.send(work, ticket, way, mail) if to else None
    if outbox is None:
        return ""
    surveys.mark(tx, rate.asked_about(work, ticket, one, outbox))
    work.event(ticket.id, "survey", new=one.name, comment=f"sent to {to}")
    return to


def _unsubscribed(work: Work, to: str) -> bool:
    return bool(to and unsubscribed.among(work.tx, [to], SURVEYS))


def ask_again(work: Work, ticket: Ticket, name: str, to: str, off_scale: str) -> bool:
    """Send a survey once more to a customer whose grade, as they wrote it, is not on its scale (F-C11).

    False if there is no such survey any more, or no automatic mail may go to them (E7).
    """
    one = next((each for each in work.definition.surveys if each.name == name), None)
    if one is None or limits.no_customer(work, to):
        return False
    mail = survey_mail(work, ticket, one, to, off_scale)
    if limits.address_limit(work, to, mail.subject):
        return False
    if outbound.send(work, ticket, mail) is None:
        return False
    work.event(
        ticket.id, "survey", new=one.name, comment=f"asked again: {off_scale} is not on its scale"
    )
    return True


def survey_mail(
    work: Work, ticket: Ticket, one: Survey, to: str, off_scale: str = "", *, linked: bool = True
) -> outbound.OutboundMail:
    """The survey mail; `linked`: with a link for each grade, which opens a ready answer."""
    known = customer_mail.thread(work, ticket.id)
    asked = customer_mail.last_from_customer(known)
    low, high = survey.bounds(one.scale)
    return outbound.OutboundMail(
        kind="survey",
        to=(to,),
        subject=outbound.reply_subject(work, ticket),
        data=outbound.common(work, ticket, "", signed_addresses.SURVEY)
        | {
            "survey": one.name,
            "off_scale": off_scale,
            "lowest": low,
            "highest": high,
            "grades": [
                {"grade": grade, "link": _link(work, ticket, one, to, grade)}
                for grade in survey.grades(one.scale)
                if linked
            ],
        },
        in_reply_to=customer_mail.mail_id(asked),
        references=customer_mail.ids(known),
        answers=asked.blob if asked else None,
    )


def _link(work: Work, ticket: Ticket, one: Survey, to: str, grade: int) -> str:
    """A `mailto:` link with the grade in address, subject and text (RFC 6068); "" if the address would be too long."""
    box = outbound.mailbox(work, ticket)
    address = signed_addresses.survey_address(work.key, box, ticket.id, one.name, to, grade)
    if not signed_addresses.fits_local_part(address):
        return ""
    tag = subject_tag(work.definition.settings.name, ticket.id)
    _, high = survey.bounds(one.scale)
    subject = quote(f"{tag} {grade}/{high}", safe="")
    return f"mailto:{quote(address, safe='@')}?subject={subject}&body={grade}"


def _due(db: Database, definition: Definition, one: Survey, now: datetime) -> Iterator[int]:
    """The tickets that are due for a survey, page by page, in the order of their resolution."""
    until = now - timedelta(seconds=one.delay)
    earliest = until - LATEST
    with db.read() as tx:
        introduced = surveys.exists_since(tx, one.name, earliest)
    since = max(introduced or now, earliest)
    inside = [agent.email for agent in definition.agents]
    inside += [name for box in definition.mailboxes for name in (box.address, *box.aliases)]
    place = None
    while since <= until:
        with db.read() as tx:
            page = surveys.due(
                tx,
                one.name,
                segments=one.segments,
                since=since,
                until=until,
                inside=inside,
                channels=[bridge.name for bridge in definition.channels],
                after=place,
                limit=PAGE,
                asked_since=now - A_DAY,
            )
        yield from (each.ticket for each in page)
        if len(page) < PAGE:
            return
        place = page[-1]
