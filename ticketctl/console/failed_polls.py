"""Mailboxes that were not read to their end for too long."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ticketctl.console.gateway_health import GatewayHealth
from ticketctl.console.times import ago
from ticketctl.safe import terminal_line
from ticketctl.settings.table import Settings

if TYPE_CHECKING:
    from ticketctl.store.queues.imap_state import PollingState

LONGEST = timedelta(minutes=15)  # without a good poll

Accounts = Mapping[str, timedelta | None]
"""IMAP accounts by name, with the pause between two polls; None if unknown, or if no gateway polls the account now."""


def accounts(settings: Settings, health: GatewayHealth) -> Accounts:
    """The accounts of these settings, and those that running gateways poll."""
    polled = health.polled()
    own = {
        one.name: timedelta(seconds=one.poll) if one.name in polled else None
        for one in settings.imap
    }
    return dict.fromkeys(polled) | own


def failing(
    folders: "Iterable[PollingState]", known: Accounts, now: datetime
) -> "list[PollingState]":
    """The folders of these accounts that were not polled for too long, whether it is known why or not."""
    return [
        one for one in folders if one.account in known and _is_late(one, known[one.account], now)
    ]


def sentences(folders: "Iterable[PollingState]", known: Accounts, now: datetime) -> list[str]:
    """A sentence for each of these."""
    return [terminal_line(_sentence(one, now)) for one in failing(folders, known, now)]


def _is_late(one: "PollingState", pause: timedelta | None, now: datetime) -> bool:
    if one.last_ok_at is None:
        return one.error is not None
    since = now - one.last_ok_at
    return since > LONGEST and (
        one.error is not None or (pause is not None and since > LONGEST + 2 * pause)
    )


def _sentence(one: "PollingState", now: datetime) -> str:
    last = f"was last polled {ago(one.last_ok_at, now)}" if one.last_ok_at else "was never polled"
    why = f": {one.error.rstrip('.')}" if one.error else ""
    return f"{one.account} {one.folder} {last}{why}."
