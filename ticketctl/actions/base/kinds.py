"""Whether a ticket is public, private or mixed, with the messages of tickets merged into it (F-A2)."""

from ticketctl.actions.base.context import Work
from ticketctl.store.tickets import messages, tickets


def settle(work: Work, ticket_id: int) -> None:
    """Bring the kind of a ticket up to date after tickets were merged or parted; without messages it stays."""
    merged = [one.id for one in tickets.merged(work.tx, ticket_id)]
    seen = messages.visibilities(work.tx, [ticket_id, *merged])
    kind = "mixed" if len(seen) > 1 else next(iter(seen), None)
    if kind is not None and kind != tickets.get(work.tx, ticket_id).kind:
        tickets.change(work.tx, ticket_id, at=work.at, kind=kind)
