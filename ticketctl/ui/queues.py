"""The queues at the left: which tickets each has, and how many."""

from collections.abc import Sequence
from typing import NamedTuple

from ticketctl.cli.shared.filters import FLAGS, Filters
from ticketctl.cli.shared.ticket_list import Plan, plan
from ticketctl.console.context import App
from ticketctl.domain.base.condition import Condition
from ticketctl.domain.base.records import Ticket
from ticketctl.errors import BadInput, NotFound
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import changes, saved_queries, ticket_lists
from ticketctl.store.tickets.changes import Version
from ticketctl.ui.news import News

MOST = 1000  # tickets that are counted
AT_ONCE = 100  # tickets read at first, and at each end of the list


class Queue(NamedTuple):
    """A query with a name. `of_month`: as in `list`, only tickets of the last month unless the query names a time."""

    name: str
    query: str
    of_month: bool = False


STANDING = (
    Queue("Mine", "owner:@me is:open"),
    Queue("Unassigned", "owner:none is:open"),
    Queue("Breached and due", "is:open (sla:breach OR sla:warn)"),
    Queue("Waiting for us", "awaiting:agent is:open"),
    Queue("All open", "is:open"),
)


def first(query: str) -> Queue:
    """The queue to begin with: a query, or the agent's own tickets."""
    return Queue(query, query, True) if query else STANDING[0]


class Found(NamedTuple):
    """The tickets of a queue, the first so many, and the version of all tickets as these were read.

    `older`: how many open ones are older than the list goes back.
    """

    tickets: Sequence[Ticket]
    older: int
    version: Version


def queues(app: App) -> list[Queue]:
    """The standing queues, then the saved queries that the agent may use."""
    with app.db.read() as tx:
        saved = saved_queries.usable(tx, app.me())
    return [*STANDING, *(Queue(f"@{one.name}", f"@{one.name}", True) for one in saved)]


class Counted(NamedTuple):
    """How many tickets a queue has, at most MOST, and how many of them have something new.

    None: its query cannot be read any more, as a field of it has gone.
    """

    queue: Queue
    tickets: int | None
    new: int


def counts(app: App, of: Sequence[Queue], news: News) -> tuple[list[Counted], News]:
    """Count each queue; the news with what happened since they were read."""
    conditions = [_condition(app, one) for one in of]
    with app.db.read() as tx:
        news = news.read(tx, app.me() or "")
        return [
            _count(tx, queue, condition, news.since_look(queue.name))
            for queue, condition in zip(of, conditions, strict=True)
        ], news


def _condition(app: App, queue: Queue) -> Condition | None:
    try:
        return _plan(app, queue, MOST).condition
    except (BadInput, NotFound):
        return None


def _count(tx: Tx, queue: Queue, condition: Condition | None, changed: Sequence[int]) -> Counted:
    if condition is None:
        return Counted(queue, None, 0)
    count = ticket_lists.count_up_to(tx, condition, MOST)
    new = ticket_lists.count_among(tx, condition, changed) if changed and count else 0
    return Counted(queue, count, new)


def tickets(app: App, queue: Queue, limit: int) -> Found:
    """The first tickets of a queue, in the order of `list`. BadInput for a query that cannot be read."""
    from ticketctl.cli.shared.query_names import refuse_unknown
    from ticketctl.cli.shared.ticket_list import found, older_open

    wanted = _plan(app, queue, limit)
    with app.db.read() as tx:
        refuse_unknown(app, tx, wanted.asked.condition)
        tickets = [*found(tx, wanted.condition, wanted)]
        return Found(tickets, older_open(app, tx, wanted), changes.version(tx))


def check(app: App, queue: Queue) -> None:
    """BadInput, with the place of what is wrong, for a query that cannot be read."""
    _plan(app, queue, 1)


def _plan(app: App, queue: Queue, limit: int) -> Plan:
    none = Filters(**dict.fromkeys(FLAGS, ()), important=False, since=None, until=None,
                   created=None, updated=None, sort=None)  # fmt: skip
    filters = none if queue.of_month else none._replace(since="all")
    return plan(app, (queue.query,), filters, limit)
