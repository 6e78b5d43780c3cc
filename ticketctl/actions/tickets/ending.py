"""What resolve and close share: required fields, blockers, the times of the end, telling the customer once (F-Q1)."""

from typing import Any

from ticketctl.actions.base import checks, custom_fields, transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import channel_answer, customer_mail, outbound, way_to_customer
from ticketctl.actions.tickets import blocking, consequences
from ticketctl.domain.base import status
from ticketctl.domain.base.blank import is_blank
from ticketctl.domain.base.records import Ticket
from ticketctl.store.tickets import tickets

_TYPE = {"resolve": "resolved", "close": "closed"}


def end(
    work: Work,
    ticket: Ticket,
    verb: str,
    comment: str = "",
    reply_text: str = "",
    *,
    told: bool = False,
    force: bool = False,
) -> Ticket:
    """Resolve or close a ticket; `told`: the reply that ends it has told the customer already.

    A customer who was told before is told again only with `reply_text`.

    Refused for a step the life cycle does not have, for a required field without a value, and without `force` while
    another ticket blocks this one.
    """
    status.after(verb, ticket.status)
    custom_fields.require(work, ticket, "close")
    if not force:
        blocking.require_unblocked(work, ticket, verb)
    columns: dict[str, Any] = {"resolved_at": ticket.resolved_at or work.at}
    if verb == "close":
        columns["closed_at"] = work.at
    if told and ticket.closed_loop_at is None:
        columns["closed_loop_at"] = work.at
    elif not told and _reached(work, ticket, reply_text):
        _tell(work, ticket, reply_text)
        columns["closed_loop_at"] = work.at
    ended = transitions.step(work, ticket, verb, _TYPE[verb], comment, **columns)
    blocking.tell_unblocked(work, ticket, ended.status)
    return ended


def run(
    work: Work,
    ticket_id: int,
    verb: str,
    comment: str,
    reply_text: str,
    fields: dict[str, object],
    if_version: int | None,
    force: bool,
) -> None:
    """Run the whole verb, from its comment to its event: see resolve.py and close.py."""
    checks.require_comment(work, verb, comment)
    ticket = load_for_update(work, ticket_id, if_version)
    if fields:
        ticket = custom_fields.change(work, ticket, fields, comment)
    end(work, ticket, verb, comment, reply_text, force=force)
    consequences.on_updated(work, ticket_id)


def _tell(work: Work, ticket: Ticket, reply_text: str) -> None:
    """Tell the customer: an agent's words as a message of the ticket, else only that it has ended."""
    if not _by_bridge(work, ticket, reply_text):
        way = way_to_customer.find(work, ticket)
        if way.by_bridge:
            mail = customer_mail.resolution_mail(work, ticket, way.to, reply_text)
            way_to_customer.send(work, ticket, way, mail)
        else:
            customer_mail.resolution(work, ticket, reply_text)
        return
    n = channel_answer.send(work, ticket, reply_text, channel_answer.last(work, ticket))
    work.event(ticket.id, "replied", field="message", new=n)
    if ticket.first_reply_at is None:
        tickets.change(work.tx, ticket.id, at=work.at, first_reply_at=work.at)


def _by_bridge(work: Work, ticket: Ticket, reply_text: str) -> bool:
    """Do these words of an agent go out through a bridge?"""
    written = not is_blank(reply_text) and not work.automatic
    return written and channel_answer.bridge_of_last(work, ticket) is not None


def _reached(work: Work, ticket: Ticket, reply_text: str) -> bool:
    """Is there somebody to tell of the end who does not know of it?"""
    if work.notify and _by_bridge(work, ticket, reply_text):
        return True
    if not work.notify or (ticket.closed_loop_at is not None and is_blank(reply_text)):
        return False
    way = way_to_customer.find(work, ticket)
    if not way.by_bridge and not ticket.customer.email:
        return False
    mail = outbound.OutboundMail(kind="resolution", to=(way.to,), subject="", data={})
    return way_to_customer.reaches(work, way, mail)
