"""The connection of an SMTP session: admission, time-outs, replies, errors (RFC 5321; rules A2, A3, A11, A13, A14)."""

import asyncio
import logging
import sys
from collections import defaultdict
from collections.abc import Awaitable
from typing import Any, AnyStr

from aiosmtpd.smtp import SMTP

from gateway.receive.smtp.envelope import Hooks, SmtpEnvelope
from gateway.receive.smtp.sessions import SessionLimits, SessionRegistry
from gateway.shared import replies
from gateway.shared.replies import Outcome

log = logging.getLogger("ticketctl.gateway.smtp")

_ABORT_SECONDS = 10.0  # for a peer to read our last reply

# How often a command may come in one connection (A14). Those that transfer mails are not limited.
_MAX_CALLS = {"*": 100, **dict.fromkeys(("MAIL", "RCPT", "DATA", "RSET"), sys.maxsize)}
_MAX_COMMAND = 4096  # RFC 5321 says 512; long VERP senders and SMTPUTF8 need more
_MAX_HELD = 2**14  # bytes of replies to pipelined commands; a client may send commands without end


class SmtpConnection(SMTP):
    """One connection. The listener creates it inside its event loop; SmtpSession has the commands."""

    via = "smtp"
    name = "ESMTP"
    line_length_limit = 2**16  # of the stream's buffer only: lines of a mail are not limited
    command_size_limit = _MAX_COMMAND
    envelope: SmtpEnvelope | None

    def __init__(self, sessions: SessionRegistry) -> None:
        self.sessions = sessions
        self.limits: SessionLimits = sessions.limits
        self.remote = ""
        self.busy = False
        self._admitted = False
        self._in_group = False  # may the next reply wait for those of other commands?
        self._held = b""  # replies that wait
        # aiosmtpd's own table is shared by all sessions, and each EHLO changes it.
        self.command_size_limits = defaultdict(lambda: _MAX_COMMAND)
        loop = asyncio.get_running_loop()
        self._deadline = loop.time() + self.limits.mail_seconds
        certificate = sessions.certificate
        super().__init__(
            Hooks(sessions, lambda: self.via == "lmtp" or sessions.is_relay(self.remote)),
            data_size_limit=self.limits.size,
            enable_SMTPUTF8=True,
            hostname=sessions.host,
            ident=f"{self.name} ticketctl",
            tls_context=certificate.context() if certificate else None,
            timeout=self.limits.command_seconds,
            command_call_limit=_MAX_CALLS,
            loop=loop,
        )

    # ---- connection

    def connection_made(self, transport: Any) -> None:
        """Admit the peer, or reply 421 and hang up (A14). Called again after STARTTLS."""
        if not self._admitted:
            peer = transport.get_extra_info("peername")
            self.remote = peer[0] if isinstance(peer, tuple) else ""
            refusal = self.sessions.admit(self)
            if refusal is not None:
                log.warning("connection from %s refused: %s", self.remote, refusal.name.lower())
                transport.write(f"{replies.line(refusal)}\r\n".encode())
                transport.close()
                return
            self._admitted = True
            super().connection_made(transport)
            assert self._handler_coroutine is not None
            self._handler_coroutine.add_done_callback(_log_end)
        else:
            super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Remove the session from the registry."""
        if self._admitted:
            self.sessions.leave(self)
            super().connection_lost(error)

    def dismiss(self, outcome: Outcome) -> None:
        """Send the outcome's reply and hang up; cut the connection soon after if the peer does not read it."""
        if self.transport is not None:
            self._held += f"{replies.line(outcome)}\r\n".encode()
            self._send_held()
            self._hang_up()

    def _hang_up(self) -> None:
        transport: Any = self.transport
        if transport is not None:
            transport.close()
            self.loop.call_later(_ABORT_SECONDS, transport.abort)

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Set the time-out for the next step, within the time left for the whole mail (A13)."""
        left = self._deadline - self.loop.time()
        super()._reset_timeout(max(min(duration or self.limits.command_seconds, left), 0.001))

    def _timeout_cb(self) -> None:
        self.dismiss(Outcome.IDLE)

    # ---- replies

    async def push(self, status: AnyStr) -> None:
        """Send a reply, with an enhanced status code unless it is the greeting (A11).

        The replies to a group of pipelined commands are sent in one write (RFC 2920 3.2).
        """
        if isinstance(status, bytes):
            reply = status
        elif status.startswith(f"220 {self.hostname}"):
            reply = status.encode()
        else:
            reply = replies.enhanced(status).encode()
        self._held += reply + b"\r\n"
        if not self._in_group or len(self._held) > _MAX_HELD or not self._has_next_command():
            self._send_held()
            await self._writer.drain()

    def _has_next_command(self) -> bool:
        """Has a whole command arrived that is still to be answered?"""
        return b"\n" in self._reader._buffer  # type: ignore[attr-defined]

    def _send_held(self) -> None:
        held, self._held = self._held, b""
        if held:
            self._writer.write(held)

    async def _in_a_group(self, command: Awaitable[None]) -> None:
        """Run a command whose reply may wait for that of the next one."""
        self._in_group = True
        try:
            await command
        except asyncio.CancelledError:  # the client has sent its last command
            self._send_held()
            raise
        finally:
            self._in_group = False

    async def handle_exception(self, error: Exception) -> str:
        """Reply to any unexpected error as temporary, without disclosing its text (A2, A3)."""
        return replies.line(self._outcome_of(error))

    def _outcome_of(self, error: Exception) -> Outcome:
        log.error("session with %s failed", self.remote or "local peer", exc_info=error)
        return replies.of_error(error)


def _log_end(session: asyncio.Task[None]) -> None:
    """Log the error that ended a session, so that asyncio does not."""
    if not session.cancelled() and (error := session.exception()):
        log.debug("session over: %r", error)
