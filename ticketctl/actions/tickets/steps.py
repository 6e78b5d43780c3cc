"""Runs one step of a rule or an escalation level on a ticket, and says in a few words what it did."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from ticketctl.actions.base import types  # fmt: skip
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import notifications
from ticketctl.actions.tickets import (
    assign,
    auto_reply,
    comment,
    consequences,
    edit,
    escalate,
    link,
    route,
)
from ticketctl.domain.base import status
from ticketctl.domain.base.records import PRIORITIES, Ticket
from ticketctl.domain.rules import rules
from ticketctl.domain.rules.routing import Choice
from ticketctl.domain.rules.survey import bounds
from ticketctl.errors import Refused
from ticketctl.safe import header_value
from ticketctl.store.desk import ratings
from ticketctl.store.desk.ratings import Rating
from ticketctl.store.people import customers
from ticketctl.store.tickets import messages, tickets


class About(Struct, frozen=True):
    """More about an event: the survey answer, and whether the ticket is just being opened.

    `answerable` False: a mail that may not be answered automatically (E14).
    """

    rating: int | None = None
    opening: bool = False
    answerable: bool = True


PLAIN = About()


class _Doing(Struct, frozen=True):
    work: Work
    ticket: Ticket
    value: str
    why: str
    about: About


def run(work: Work, ticket_id: int, step: str, *, why: str, about: About = PLAIN) -> str:
    """Run a step such as `type:billing` on a ticket; what was done, in a few words. `why` goes into history.

    A step is refused like the verb it runs: a required field, an unknown name, the life cycle.
    """
    found = rules.step(step)
    ticket = tickets.get(work.tx, ticket_id, lock=True)
    return _DO[found.word](_Doing(work, ticket, found.value, why, about))


def _edit(doing: _Doing, said: str, **changes: Any) -> str:
    if doing.about.opening:
        changes = {"owner": doing.ticket.owner} | changes  # routing decides afterwards
    new = edit.TicketChanges(**changes)
    done = edit.edit(doing.work, doing.ticket.id, new, comment=doing.why)
    return said if done else f"{said} already"


def _type(doing: _Doing) -> str:
    return _edit(doing, f"type {doing.value}", type=doing.value)


def _segment(doing: _Doing) -> str:
    return _edit(doing, f"segment {doing.value}", segment=doing.value)


def _priority(doing: _Doing) -> str:
    wanted = doing.value
    if wanted[0] in "+-":
        rank = PRIORITIES.index(doing.ticket.priority) + int(wanted)
        wanted = PRIORITIES[min(max(rank, 0), len(PRIORITIES) - 1)]
    return _edit(doing, f"priority {wanted}", priority=wanted)


def _status(doing: _Doing) -> str:
    return _edit(doing, f"status {doing.value}", status=doing.value)


def _tag(doing: _Doing) -> str:
    return _edit(doing, f"tag {doing.value}", add_tags=(doing.value,))


def _untag(doing: _Doing) -> str:
    return _edit(doing, f"no tag {doing.value}", remove_tags=(doing.value,))


def _important(doing: _Doing) -> str:
    wanted = doing.value == "yes"
    return _edit(doing, "important" if wanted else "not important", important=wanted)


def _set(doing: _Doing) -> str:
    name, _, value = doing.value.partition("=")
    return _edit(doing, f"{name} {value or 'empty'}", fields={name: value or None})


def _owner(doing: _Doing) -> str:
    work, ticket, wanted = doing.work, doing.ticket, doing.value
    if wanted == rules.AUTO:
        return _auto(doing)
    if wanted == rules.NOBODY:
        return _edit(doing, "owner nobody", owner=None)
    if doing.about.opening and wanted != ticket.owner:
        # They are notified of the new ticket in a moment.
        if work.definition.agent(wanted) is None:
            raise Refused(f'no agent "{wanted}".')
        route.own(work, ticket, Choice(wanted, doing.why))
        return f"owner {wanted}"
    return _edit(doing, f"owner {wanted}", owner=wanted)


def _auto(doing: _Doing) -> str:
    work, ticket = doing.work, doing.ticket
    if owner := work.definition.owner(ticket):
        return f"owner {owner} already"
    if doing.about.opening:
        route.auto(work, ticket)
    else:
        assign.auto(work, ticket.id, comment=doing.why)
    owner = work.definition.owner(tickets.get(work.tx, ticket.id))
    return f"owner {owner}" if owner else "owner nobody: nobody could be given it"


def _comment(doing: _Doing) -> str:
    n = comment.comment(doing.work, doing.ticket.id, doing.value)
    return f"comment {n}"


def _notify(doing: _Doing) -> str:
    work, ticket = doing.work, doing.ticket
    segment = work.definition.segment(ticket.segment)
    names = {
        "owner": (ticket.owner,) if ticket.owner else (),
        "managers": segment.managers if segment else (),
        "agents": segment.members if segment else (),
    }.get(doing.value)
    names = names and notifications.with_stand_ins(work, ticket, names)
    address = doing.value if names is None else ""
    sent = notifications.tell(
        work, ticket, "rule", names or (), author=doing.why, also=(address,) if address else ()
    )
    recipients = address or ", ".join(names or ()) or f"{doing.value}: there is nobody"
    return (
        f"told {recipients}" if sent or not (address or names) else f"could not tell {recipients}"
    )


def _escalate(doing: _Doing) -> str:
    escalate.escalate(doing.work, doing.ticket.id, comment=doing.why, to=(doing.value,))
    return f"escalated to {doing.value}"


def _dossier(doing: _Doing) -> str:
    escalate.dossier(doing.work, doing.ticket.id, doing.value, comment=doing.why)
    return f"dossier to {doing.value}"


def _reply(doing: _Doing) -> str:
    if not doing.about.answerable:
        return f"no reply {doing.value}: this message gets no automatic reply"
    return auto_reply.send(doing.work, doing.ticket, doing.value, why=doing.why)


def _ticket(doing: _Doing) -> str:
    """Open another ticket of the same customer, of the type that the step names, if defined (F-Q3)."""
    work, origin = doing.work, doing.ticket
    said = f"{doing.why}, about ticket {origin.id}{_answer_in_words(work, doing.about.rating)}"
    number = _create_ticket(
        work,
        doing.value,
        origin.subject,
        doing.about.rating,
        said,
        priority=origin.priority,
        channel=origin.channel,
        mailbox=origin.mailbox,
        segment=origin.segment,
        customer_id=origin.customer.id,
        language=origin.language,
    )
    link.relate(work, number, "follow-up", origin.id, doing.why)
    return _finish_ticket(work, number, doing.why, said, rated=doing.about.rating is not None)


def ticket_of(work: Work, rating_id: int, value: str, why: str) -> str:
    """Run the step `ticket:VALUE` for a survey answer without a ticket: open one for its customer (F-Q2)."""
    given = ratings.get(work.tx, rating_id)
    assert given.customer is not None
    boxes = work.definition.mailboxes
    box = next((one for one in boxes if one.segment == given.segment), boxes[0])
    said = f"{why}{_answer_in_words(work, rating_id)}"
    number = _create_ticket(
        work,
        value,
        f"{given.survey} {_grade(given)}",
        rating_id,
        said,
        priority="medium",
        channel="manual",
        mailbox=box.address,
        segment=given.segment,
        customer_id=customers.final(work.tx, given.customer).id,
        language=None,
    )
    return _finish_ticket(work, number, why, said, rated=True)


def _create_ticket(
    work: Work, value: str, about: str, rating: int | None, said: str, **columns: Any
) -> int:
    """Create a ticket of the type that the step names, if defined; its number."""
    type = value if types.may_be(work, value) else None
    title = value[:1].upper() + value[1:]
    segment = types.segment(work, type) or columns["segment"]
    number = tickets.create(
        work.tx,
        tickets.NewTicket(
            subject=header_value(f"{title}: {about}"),
            status=status.NEW,
            type=type,
            at=work.at,
            **columns | {"segment": segment},
        ),
    )
    if rating is not None:
        tickets.change(work.tx, number, at=work.at, response_id=rating)
    work.event(number, "created", comment=said)
    messages.add_comment(work.tx, number, author=work.actor.name, at=work.at, text=said)
    return number


def _finish_ticket(work: Work, number: int, why: str, said: str, *, rated: bool) -> str:
    """Run the consequences, find an owner whatever the segment says, and notify the team.

    A ticket about a survey answer goes to a manager of the segment who is at work, unless it is routed (F-Q2).
    """
    opened = consequences.on_opened(work, number, None)
    if not opened.owner and not work.agentless:
        opened = (route.to_manager(work, opened) if rated else None) or route.auto(work, opened)
        consequences.update_clocks(work, number)
    event = "assigned" if opened.owner else "new"
    notifications.tell(work, opened, event, notifications.team(work, opened), author=why, text=said)
    return f"ticket {number} opened"


def _answer_in_words(work: Work, rating: int | None) -> str:
    """The customer's survey answer, if the event is one."""
    if rating is None:
        return ""
    given = ratings.get(work.tx, rating)
    words = f": {given.comment}" if given.comment else ""
    return f" ({given.survey}: {_grade(given)}){words}"


def _grade(given: Rating) -> str:
    return f"{given.rating} of {bounds(given.scale)[1]}"


_DO: dict[str, Callable[[_Doing], str]] = {
    "type": _type,
    "segment": _segment,
    "priority": _priority,
    "status": _status,
    "owner": _owner,
    "assign": _owner,
    "tag": _tag,
    "untag": _untag,
    "important": _important,
    "set": _set,
    "comment": _comment,
    "notify": _notify,
    "escalate": _escalate,
    "dossier": _dossier,
    "reply": _reply,
    "ticket": _ticket,
}
