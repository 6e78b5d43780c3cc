"""Mailboxes that were not read to their end for too long."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ticketctl.console.times import ago
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.store.queues.imap_state import PollingState

LONGEST = timedelta(minutes=15)  # that polls may fail


def sentences(
    folders: "Iterable[PollingState]", accounts: Collection[str], now: datetime
) -> list[str]:
    """A sentence for each folder of these accounts that could not be polled for longer than that."""
    return [terminal_line(_sentence(one, now)) for one in failing(folders, accounts, now)]


def failing(
    folders: "Iterable[PollingState]", accounts: Collection[str], now: datetime
) -> "list[PollingState]":
    """The folders of these accounts that could not be polled for longer than that."""
    return [
        one
        for one in folders
        if one.account in accounts
        and one.error
        and (one.last_ok_at is None or now - one.last_ok_at > LONGEST)
    ]


def _sentence(one: "PollingState", now: datetime) -> str:
    last = f"was last polled {ago(one.last_ok_at, now)}" if one.last_ok_at else "was never polled"
    return f"{one.account} {one.folder} {last}: {(one.error or '').rstrip('.')}."
