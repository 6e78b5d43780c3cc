"""Lets agents watch tickets: they are told as the owner is, as long as they may see the ticket (F-C8).

Watching changes nothing of the ticket itself, so no rule runs and its version stays.
"""

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.errors import NotFound
from ticketctl.store.tickets import watchers

WATCHED, UNWATCHED, FIELD = "watched", "unwatched", "watcher"


def watch(work: Work, ticket_id: int, names: tuple[str, ...]) -> list[str]:
    """Add agents to those who watch a ticket; those that are new.

    NotFound for an unknown agent, Refused for one who may not see the ticket.
    """
    ticket = load_for_update(work, ticket_id)
    agents = [work.definition.agent(name) for name in names]
    for name, agent in zip(names, agents, strict=True):
        if agent is None and work.definition.agents:
            raise NotFound(f'no agent "{name}".')
    permission.require_readers(work, ticket, (one for one in agents if one is not None))
    return [name for name in names if add(work, ticket.id, name)]


def unwatch(work: Work, ticket_id: int, names: tuple[str, ...]) -> list[str]:
    """Remove agents from those who watch a ticket; those who did."""
    ticket = load_for_update(work, ticket_id)
    gone = [name for name in names if watchers.remove(work.tx, ticket.id, name)]
    for name in gone:
        work.event(ticket.id, UNWATCHED, field=FIELD, old=name)
    return gone


def add(work: Work, ticket_id: int, name: str) -> bool:
    """Let an agent watch a ticket, with a line in its history. False if they do."""
    if not watchers.add(work.tx, ticket_id, name):
        return False
    work.event(ticket_id, WATCHED, field=FIELD, new=name)
    return True
