"""Describes mail that could not be fetched from, or moved on, an IMAP server."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ticketctl.clock import rfc3339
from ticketctl.console.times import ago
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.store.queues.imap_state import Stuck


def sentence(one: "Stuck", now: datetime) -> str:
    """A sentence: which mail, since when, and why."""
    what = "is filed, but stays in its folder" if one.filed else "has not been fetched"
    where = f"UID {one.uid} of {one.account} {one.folder}"
    when = f"first tried {ago(one.first_at, now)}, last {ago(one.at, now)}"
    return terminal_line(f"{where} {what} ({when}): {one.error.rstrip('.')}.")


def summary(stuck: Sequence["Stuck"], now: datetime) -> str:
    """A sentence about the first one and the number of others; "" for none."""
    if not stuck:
        return ""
    more = f" And {len(stuck) - 1} more." if len(stuck) > 1 else ""
    return sentence(stuck[0], now) + more


def shape(one: "Stuck") -> dict[str, object]:
    """The same for programs."""
    return {
        "account": one.account,
        "folder": one.folder,
        "uid": one.uid,
        "state": one.state,
        "first_at": rfc3339(one.first_at),
        "at": rfc3339(one.at),
        "error": one.error,
    }
