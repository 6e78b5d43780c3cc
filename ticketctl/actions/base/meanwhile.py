"""What others did to a ticket while somebody was not looking, in a few words each."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from ticketctl.actions.base import load
from ticketctl.actions.base.context import Work
from ticketctl.domain.base.records import AUTOMATIC, Event, Ticket
from ticketctl.store.tickets import events, messages

MOST = 5


def news(work: Work, ticket: Ticket, looked: datetime | None) -> list[str]:
    """What people did since the actor looked and last did something himself, as `Ana replied 2 min ago`.

    Who never did either is told of the answers that the customer had to the last message.
    """
    history = events.of(work.tx, ticket.id)
    gone = {line.group for line in history if line.type == "undone"}
    mine = max((line.n for line in history if line.actor == work.actor.name), default=0)
    if looked is None and not mine:
        asked = max((line.n for line in history if line.type == "message"), default=0)
        lines = [line for line in history if line.n > asked and line.type == "replied"]
    else:
        lines = [
            line for line in history if line.n > mine and (looked is None or line.at >= looked)
        ]
    told = [line for line in lines if line.group not in gone and _by_a_person(line)]
    groups = [list(each) for _, each in groupby(told, key=lambda line: line.group)]
    return [_in_words(work, each) for each in groups[-MOST:]]


def _by_a_person(line: Event) -> bool:
    return line.type == "message" or line.actor not in AUTOMATIC


def _in_words(work: Work, lines: Sequence[Event]) -> str:
    wrote = next((line for line in lines if line.type == "message"), None)
    if wrote is None:
        return load.told(work, lines)
    message = messages.get(work.tx, wrote.ticket, int(wrote.new))
    return f"{message.author_name or message.author} wrote {load.ago(work.at - wrote.at)} ago"
