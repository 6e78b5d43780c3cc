"""link and unlink: how tickets stand to each other."""

from ticketctl.actions import checks
from ticketctl.actions.work import Work
from ticketctl.desk.records import LINK_KINDS
from ticketctl.errors import NotFound, Refused
from ticketctl.store import tickets


def link(work: Work, ticket_id: int, kind: str, other_id: int, *, comment: str = "") -> bool:
    """Note that a ticket `kind` another (blocks, related …); False where that was known. Refused with itself."""
    _words(work, "link", kind, comment)
    if ticket_id == other_id:
        raise Refused(f"ticket {ticket_id} cannot be linked with itself.")
    _both(work, ticket_id, other_id)
    if not tickets.add_link(work.tx, ticket_id, kind, other_id, work.at):
        return False
    _note(work, ticket_id, "linked", kind, other_id, comment)
    return True


def unlink(work: Work, ticket_id: int, kind: str, other_id: int, *, comment: str = "") -> None:
    """Take a link away; NotFound where there is none."""
    _words(work, "unlink", kind, comment)
    _both(work, ticket_id, other_id)
    if not tickets.drop_link(work.tx, ticket_id, kind, other_id):
        raise NotFound(f"ticket {ticket_id} has no link {kind} {other_id}.")
    _note(work, ticket_id, "unlinked", kind, other_id, comment)


def _words(work: Work, verb: str, kind: str, comment: str) -> None:
    checks.comment(work, verb, comment)
    checks.word(kind, LINK_KINDS, "kind of link")


def _both(work: Work, ticket_id: int, other_id: int) -> None:
    for one in sorted((ticket_id, other_id)):
        checks.access(work, tickets.get(work.tx, one, lock=True))


def _note(work: Work, ticket_id: int, type: str, kind: str, other_id: int, comment: str) -> None:
    """One event on each side; what it says of the other ticket is its number alone."""
    for one, field, other in ((ticket_id, kind, other_id), (other_id, f"{kind} by", ticket_id)):
        tickets.change(work.tx, one, at=work.at)
        new, old = (other, None) if type == "linked" else (None, other)
        work.event(one, type, field=field, old=old, new=new, comment=comment)
