"""What all SMTP and LMTP sessions of a process share: limits, the front, who is connected (A13, A14, A19)."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from gateway.auth.relays import is_trusted
from gateway.receive.inbox_writer import Front
from gateway.receive.smtp.tls import Certificate
from gateway.shared.replies import Outcome

_GOODBYE_SECONDS = 5.0  # for the last words of sessions that are cut off


class Limits(Struct, frozen=True, kw_only=True):
    """Seconds are those of RFC 5321 4.5.3.2 where it names them."""

    size: int  # octets of a mail
    connections: int
    connections_per_address: int
    recipients: int = 1000  # a mail
    command_seconds: float = 300
    data_seconds: float = 600  # for each block of DATA
    mail_seconds: float = 3600  # for all of a mail, however it drips
    commit_seconds: float = 300  # half of what a client waits after its final dot


class Session(Protocol):
    """A connection, as the reception sees it."""

    @property
    def remote(self) -> str:
        """The peer's IP address; "" on a Unix socket."""

    @property
    def busy(self) -> bool:
        """Is it between DATA and its reply?"""

    def dismiss(self, outcome: Outcome) -> None:
        """Say the outcome's reply and hang up."""


class Reception:
    """Admits sessions up to the limits and sees them off at the end."""

    def __init__(
        self,
        front: Front,
        host: str,
        limits: Limits,
        certificate: Certificate | None = None,
        relays: Sequence[str] = (),
    ) -> None:
        self._relays = relays
        self.front = front
        self.host = host
        self.limits = limits
        self.certificate = certificate
        self.closing = False
        self._present: set[Session] = set()
        self._by_address: Counter[str] = Counter()
        self._empty = asyncio.Event()
        self._empty.set()

    def is_relay(self, remote: str) -> bool:
        """Is the peer with this IP address one of our own relays?"""
        return is_trusted(remote, self._relays)

    def admit(self, session: Session) -> Outcome | None:
        """Count a session in; the outcome to turn it away with, if there is no place for it."""
        if self.closing:
            return Outcome.STOPPING
        address = session.remote
        crowded = address and self._by_address[address] >= self.limits.connections_per_address
        if crowded or len(self._present) >= self.limits.connections:
            return Outcome.TOO_MANY_CONNECTIONS
        self._present.add(session)
        self._by_address[address] += 1
        self._empty.clear()
        return None

    def leave(self, session: Session) -> None:
        """Count a session out; harmless for one that is out already."""
        if session not in self._present:
            return
        self._present.remove(session)
        self._by_address[session.remote] -= 1
        if not self._by_address[session.remote]:
            del self._by_address[session.remote]
        if not self._present:
            self._empty.set()

    async def close(self, grace: float) -> None:
        """Dismiss who is idle, let a DATA in progress finish within `grace` seconds, then dismiss it too (A19)."""
        self.closing = True
        self._dismiss(busy=False)
        if not await self._emptied(grace):
            self._dismiss(busy=True)
            await self._emptied(_GOODBYE_SECONDS)

    def _dismiss(self, *, busy: bool) -> None:
        for session in [one for one in self._present if one.busy == busy]:
            session.dismiss(Outcome.STOPPING)

    async def _emptied(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._empty.wait(), seconds)
        except TimeoutError:
            return False
        return True
