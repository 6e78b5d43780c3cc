"""What metrics say of the desk, read in one transaction."""

from datetime import datetime, timedelta

from msgspec import Struct

from gateway.receive.smtp.tls import Certificate
from ticketctl import clock
from ticketctl.console import failed_polls
from ticketctl.console.gateway_health import GatewayHealth
from ticketctl.errors import BadInput
from ticketctl.settings.table import Gateway, Settings
from ticketctl.store.db import meta
from ticketctl.store.db.database import Database
from ticketctl.store.queues import heartbeats, imap_state, inbox, lately, outbox
from ticketctl.store.queues.imap_state import PollingState
from ticketctl.store.queues.lately import Incoming, Outgoing
from ticketctl.store.sla import due

LATELY = timedelta(hours=1)


class DeskFacts(Struct, frozen=True, kw_only=True):
    """The figures of one moment. Ages are in seconds, 0 where nothing waits."""

    health: GatewayHealth
    waiting_in: dict[str, int]  # by state
    waiting_out: dict[str, int]
    oldest_unfiled: float
    oldest_unsent: float  # since it was due
    incoming: list[Incoming]
    outgoing: list[Outgoing]
    numbers: dict[str, int]
    late_tickets: int
    folders: list[PollingState]  # of accounts that a gateway polls
    failing: set[tuple[str, str]]  # account and folder
    stuck: int
    backup_at: datetime | None
    certificate_until: datetime | None


def read(db: Database, settings: Settings) -> DeskFacts:
    """Read them all. DatabaseTrouble."""
    now = clock.now()
    with db.read() as tx:
        health = GatewayHealth(heartbeats.gateways(tx), heartbeats.last_stop(tx), clock.wall())
        accounts = failed_polls.accounts(settings, health)
        folders = [one for one in imap_state.folders(tx) if one.account in accounts]
        return DeskFacts(
            health=health,
            waiting_in=inbox.waiting(tx),
            waiting_out=outbox.waiting(tx),
            oldest_unfiled=_age(inbox.oldest_waiting(tx), now),
            oldest_unsent=_age(outbox.oldest_due(tx), now),
            incoming=lately.incoming(tx, now - LATELY),
            outgoing=lately.outgoing(tx, now - LATELY),
            numbers=lately.numbers(tx),
            late_tickets=due.late(tx, now),
            folders=folders,
            failing={(o.account, o.folder) for o in failed_polls.failing(folders, accounts, now)},
            stuck=sum(one.account in accounts for one in imap_state.stuck(tx)),
            backup_at=meta.last(tx, meta.BACKUP),
            certificate_until=_certificate(settings.gateway),
        )


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _certificate(gateway: Gateway) -> datetime | None:
    """When our certificate expires; None without one that can be used, of which `doctor` says more."""
    if not (gateway.tls_cert and gateway.tls_key):
        return None
    try:
        return Certificate(gateway.tls_cert, gateway.tls_key).valid_until()
    except BadInput:
        return None
