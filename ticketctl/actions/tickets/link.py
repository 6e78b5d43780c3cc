"""Links and unlinks tickets; a link is an event on both sides."""

from ticketctl.actions.base import checks
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_two_for_update
from ticketctl.actions.tickets import consequences
from ticketctl.domain.base.records import LINKS
from ticketctl.errors import NotFound, Refused
from ticketctl.store.tickets import links, tickets


def link(
    work: Work,
    ticket_id: int,
    kind: str,
    other_id: int,
    *,
    comment: str = "",
    if_version: int | None = None,
) -> bool:
    """Link a ticket to another as `kind` (blocks, related …). False if the link exists.

    Refused for a link to itself, and if the reverse link exists: two tickets cannot block each other.
    """
    _check_words(work, "link", kind, comment)
    if ticket_id == other_id:
        raise Refused(f"ticket {ticket_id} cannot be linked to itself.")
    load_two_for_update(work, ticket_id, other_id, if_version)
    if links.exists(work.tx, other_id, kind, ticket_id):
        if LINKS[kind] == kind:
            return False
        raise Refused(f"ticket {ticket_id} is already {LINKS[kind]} ticket {other_id}.")
    if not relate(work, ticket_id, kind, other_id, comment):
        return False
    _after_change(work, ticket_id, other_id)
    return True


def unlink(
    work: Work,
    ticket_id: int,
    kind: str,
    other_id: int,
    *,
    comment: str = "",
    if_version: int | None = None,
) -> None:
    """Remove a link. NotFound if there is none."""
    _check_words(work, "unlink", kind, comment)
    load_two_for_update(work, ticket_id, other_id, if_version)
    one, other = ticket_id, other_id
    if LINKS[kind] == kind and links.exists(work.tx, other_id, kind, ticket_id):
        one, other = other_id, ticket_id
    if not links.drop(work.tx, one, kind, other):
        raise NotFound(f"ticket {ticket_id} has no link {kind} {other_id}.")
    for mine, word, its in ((one, kind, other), (other, LINKS[kind], one)):
        work.event(mine, "unlinked", field=word, old=its, comment=comment)
    _after_change(work, ticket_id, other_id)


def relate(work: Work, ticket_id: int, kind: str, other_id: int, comment: str = "") -> bool:
    """Store a link, with an event on each side that names only the other ticket's number. False if it exists."""
    if not links.add(work.tx, ticket_id, kind, other_id, work.at):
        return False
    for one, word, other in ((ticket_id, kind, other_id), (other_id, LINKS[kind], ticket_id)):
        work.event(one, "linked", field=word, new=other, comment=comment)
    return True


def _check_words(work: Work, verb: str, kind: str, comment: str) -> None:
    checks.require_comment(work, verb, comment)
    checks.require_one_of(kind, LINKS, "kind of link")


def _after_change(work: Work, *numbers: int) -> None:
    for one in numbers:
        tickets.change(work.tx, one, at=work.at)
        consequences.on_updated(work, one)
