"""Adds the people in To and Cc of received mail as participants of the ticket (L9)."""

from msgspec.structs import replace

from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import outbound
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import Incoming, Participant
from ticketctl.safe import header_value
from ticketctl.store.tickets import tickets

AT_MOST = 40  # of one mail (E9)


def of_mail(work: Work, incoming: Incoming, requester: str) -> list[Participant]:
    """The people in To and Cc of a mail, except ourselves, our agents, and the requester."""
    found: dict[str, Participant] = {}
    for one in incoming.others:
        address = address_key(header_value(one.address))
        if address and address != address_key(requester) and not is_inside(work, address):
            found.setdefault(address, Participant(address, header_value(one.name), "cc"))
    return list(found.values())[:AT_MOST]


def add_of_first_mail(work: Work, ticket_id: int, incoming: Incoming) -> None:
    """Add the participants of a ticket's first mail. An event says where replies go, if not to its author."""
    answer = address_key(incoming.answer_to)
    if answer and answer != address_key(incoming.author) and not is_inside(work, answer):
        was = _set_role(work, ticket_id, Participant(answer, "", "answer"))
        _add_event(work, ticket_id, "answer", incoming.author, answer, [was])
    for one in of_mail(work, incoming, incoming.author):
        tickets.add_participant(work.tx, ticket_id, one)


def update_from_mail(work: Work, ticket_id: int, incoming: Incoming, requester: str) -> None:
    """Update the participants from a later mail, and the requester's Reply-To (G2).

    Only if the sender is proven. People that the requester no longer names leave the copies, but may still write; a
    reply to us alone names nobody and changes nothing.
    """
    if not incoming.proof.sure:
        return
    known = {one.address: one for one in tickets.participants(work.tx, ticket_id)}
    named = {one.address: one for one in of_mail(work, incoming, requester)}
    changed = [one for key, one in named.items() if key not in known or known[key].role == "mailed"]
    is_requester = address_key(incoming.author) == address_key(requester)
    if is_requester and named:
        left = [one for key, one in known.items() if one.role == "cc" and key not in named]
        changed += [replace(one, role="mailed") for one in left]
    for one in changed:
        was = _set_role(work, ticket_id, one, known.get(one.address))
        _add_event(work, ticket_id, one.role, None, one.address, [was])
    if is_requester:
        _answer_to(work, ticket_id, incoming, requester, frozenset(named))


def reset_answer_address(work: Work, ticket_id: int, requester: str, comment: str) -> None:
    """Send replies to the requester again, if they go elsewhere; the former recipient may still write."""
    for one in tickets.participants(work.tx, ticket_id):
        if one.role == "answer":
            was = _set_role(work, ticket_id, replace(one, role="mailed"), one)
            _add_event(work, ticket_id, "answer", one.address, requester, [was], comment)


def ignored_wishes(work: Work, ticket_id: int, incoming: Incoming, requester: str) -> str:
    """What an unproven mail would have changed, for history; "" for nothing."""
    if incoming.proof.sure:
        return ""
    known = {one.address: one.role for one in tickets.participants(work.tx, ticket_id)}
    wish = address_key(incoming.answer_to)
    new = [one.address for one in of_mail(work, incoming, requester) if one.address not in known]
    said = [f"copies to {', '.join(new)}"] if new else []
    if wish not in (address_key(requester), incoming.author) and known.get(wish) != "answer":
        said.insert(0, f"answers to {wish}")
    return f"not followed: {'; '.join(said)}" if said else ""


def _answer_to(
    work: Work, ticket_id: int, incoming: Incoming, requester: str, named: frozenset[str]
) -> None:
    """Send replies where this mail asks; former recipients may still write, and stay in copy if it names them."""
    wish = address_key(incoming.answer_to)
    known = {one.address: one for one in tickets.participants(work.tx, ticket_id)}
    before = [one for one in known.values() if one.role == "answer"]
    plain = not wish or wish == address_key(requester) or is_inside(work, wish)
    were = [
        _set_role(
            work, ticket_id, replace(one, role="cc" if one.address in named else "mailed"), one
        )
        for one in before
        if one.address != wish
    ]
    if not plain and (wish not in known or known[wish].role in ("mailed", "cc")):
        now = known.get(wish, Participant(wish, "", ""))
        were.append(_set_role(work, ticket_id, replace(now, role="answer"), known.get(wish)))
    if were:
        old = before[0].address if before else requester
        _add_event(work, ticket_id, "answer", old, requester if plain else wish, were)


Was = tuple[str, str, str | None]  # address, name, role (None: no participant)


def _set_role(
    work: Work, ticket_id: int, who: Participant, before: Participant | None = None
) -> Was:
    """Replace a participant's role `before`, and return what they were."""
    if before:
        tickets.remove_participant(work.tx, ticket_id, before.address)
    tickets.add_participant(work.tx, ticket_id, who)
    return who.address, who.name, before.role if before else None


def _add_event(
    work: Work,
    ticket_id: int,
    field: str,
    old: str | None,
    new: str,
    were: list[Was],
    comment: str = "",
) -> None:
    """Write an event: who is in copy, who may still write, or (`answer`) where replies go from now on."""
    way_back = {"were": were}
    work.event(
        ticket_id,
        "participant",
        field=field,
        old=old,
        new=new,
        comment=comment,
        way_back=way_back,
    )


def is_inside(work: Work, address: str) -> bool:
    """Is it an address of ours: a mailbox, an alias, an agent's?"""
    return outbound.is_ours(work, address) or work.definition.agent_by_email(address) is not None
