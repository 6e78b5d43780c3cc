"""What all SMTP and LMTP sessions of a process share: limits, the inbox writer, open sessions (A13, A14, A19)."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from gateway.auth.relays import is_trusted
from gateway.receive.inbox_writer import InboxWriter
from gateway.receive.smtp.tls import Certificate
from gateway.shared.replies import Outcome

_GOODBYE_SECONDS = 5.0  # for the last replies of sessions that are ended


class SessionLimits(Struct, frozen=True, kw_only=True):
    """Limits of the server; the seconds are those of RFC 5321 4.5.3.2 where it has them."""

    size: int  # bytes of a mail
    connections: int
    connections_per_address: int
    recipients: int = 1000  # a mail
    command_seconds: float = 300
    data_seconds: float = 600  # for each block of DATA
    mail_seconds: float = 3600  # for a whole mail, however slowly it comes
    commit_seconds: float = 300  # half of the time that a client waits after the final dot


class Session(Protocol):
    """A connection, as the registry sees it."""

    @property
    def remote(self) -> str:
        """Return the peer's IP address; "" on a Unix socket."""

    @property
    def busy(self) -> bool:
        """Is it between DATA and the reply?"""

    def dismiss(self, outcome: Outcome) -> None:
        """Send the outcome's reply and hang up."""


class SessionRegistry:
    """Counts the open sessions, admits new ones up to the limits, and ends them at shutdown."""

    def __init__(
        self,
        writer: InboxWriter,
        host: str,
        limits: SessionLimits,
        certificate: Certificate | None = None,
        relays: Sequence[str] = (),
    ) -> None:
        self._relays = relays
        self.writer = writer
        self.host = host
        self.limits = limits
        self.certificate = certificate
        self.closing = False
        self._sessions: set[Session] = set()
        self._by_address: Counter[str] = Counter()
        self._empty = asyncio.Event()
        self._empty.set()

    def is_relay(self, remote: str) -> bool:
        """Is the peer with this IP address one of our own relays?"""
        return is_trusted(remote, self._relays)

    def admit(self, session: Session) -> Outcome | None:
        """Add a session; return the outcome to refuse it with if there are too many."""
        if self.closing:
            return Outcome.STOPPING
        address = session.remote
        crowded = address and self._by_address[address] >= self.limits.connections_per_address
        if crowded or len(self._sessions) >= self.limits.connections:
            return Outcome.TOO_MANY_CONNECTIONS
        self._sessions.add(session)
        self._by_address[address] += 1
        self._empty.clear()
        return None

    def leave(self, session: Session) -> None:
        """Remove a session; harmless if it was removed before."""
        if session not in self._sessions:
            return
        self._sessions.remove(session)
        self._by_address[session.remote] -= 1
        if not self._by_address[session.remote]:
            del self._by_address[session.remote]
        if not self._sessions:
            self._empty.set()

    async def close(self, grace: float) -> None:
        """End idle sessions; give those inside DATA `grace` seconds to finish, then end them too (A19)."""
        self.closing = True
        self._dismiss(busy=False)
        if not await self._wait_until_empty(grace):
            self._dismiss(busy=True)
            await self._wait_until_empty(_GOODBYE_SECONDS)

    def _dismiss(self, *, busy: bool) -> None:
        for session in [one for one in self._sessions if one.busy == busy]:
            session.dismiss(Outcome.STOPPING)

    async def _wait_until_empty(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._empty.wait(), seconds)
        except TimeoutError:
            return False
        return True
