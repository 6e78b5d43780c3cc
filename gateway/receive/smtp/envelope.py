"""Answers MAIL and RCPT: checks the sender and the recipients."""

import logging
import time
from collections.abc import Callable

from aiosmtpd.smtp import SMTP, Envelope

from gateway.receive.smtp.sessions import SessionRegistry
from gateway.shared import replies
from gateway.shared.log import log_value
from gateway.shared.replies import Outcome
from ticketctl.domain.definition.mailbox_addresses import Route, is_for_all

log = logging.getLogger("ticketctl.gateway.smtp")


class SmtpEnvelope(Envelope):
    """The envelope of one mail, with the routes of its recipients."""

    def __init__(self) -> None:
        super().__init__()
        self.since = 0.0  # monotonic time of the MAIL command
        self.routes: list[tuple[str, Route]] = []


class Hooks:
    """The hooks that aiosmtpd calls. `is_relay`: is the peer a relay of ours, which has already accepted the mail?"""

    def __init__(self, sessions: SessionRegistry, is_relay: Callable[[], bool]) -> None:
        self._writer = sessions.writer
        self._max_recipients = sessions.limits.recipients
        self._is_relay = is_relay

    async def handle_MAIL(
        self,
        _server: SMTP,
        _session: object,
        envelope: SmtpEnvelope,
        sender: str,
        options: list[str],
    ) -> str:
        """Accept every sender, the null sender too (A15)."""
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        envelope.since = time.monotonic()
        return "250 2.1.0 Sender OK"

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: object,
        envelope: SmtpEnvelope,
        recipient: str,
        _options: list[str],
    ) -> str:
        """Accept recipients of the desk, up to the limit; the same one twice counts twice (A6)."""
        if len(envelope.routes) >= self._max_recipients:
            return replies.line(Outcome.TOO_MANY_RECIPIENTS)
        found = await self._writer.find_route(recipient, envelope.since)
        if isinstance(found, Route) and await self._is_banned(envelope, recipient):
            found = Outcome.BANNED
        if isinstance(found, Outcome):
            log.info("recipient <%s> outcome=%s", log_value(recipient), found.name.lower())
            return replies.line(found)
        envelope.rcpt_tos.append(recipient)
        envelope.routes.append((recipient, found))
        return replies.line(Outcome.RECIPIENT)

    async def _is_banned(self, envelope: SmtpEnvelope, recipient: str) -> bool:
        """Is the sender banned (G15)? Everybody may write to the postmaster (A15).

        Mail of our own relays is accepted, because they would send the refusal to the sender; intake marks it as spam.
        """
        if is_for_all(recipient):
            return False
        sender = envelope.mail_from or ""
        return await self._writer.is_banned(sender, envelope.since) and not self._is_relay()
