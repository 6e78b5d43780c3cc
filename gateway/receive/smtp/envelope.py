"""MAIL and RCPT: who writes, and to whom of us."""

import logging
import time
from collections.abc import Callable

from aiosmtpd.smtp import SMTP, Envelope

from gateway.receive.smtp.sessions import Reception
from gateway.shared import replies
from gateway.shared.log import printable
from gateway.shared.replies import Outcome
from ticketctl.domain.definition.mailbox_addresses import Route, is_for_all

log = logging.getLogger("ticketctl.gateway.smtp")


class Sealed(Envelope):
    """The envelope of one mail, with the places its recipients lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.since = 0.0  # monotonic time of MAIL
        self.places: list[tuple[str, Route]] = []


class Hooks:
    """What aiosmtpd asks at MAIL and RCPT. `is_own`: is the peer a mail server of ours, that took the mail already?"""

    def __init__(self, reception: Reception, is_own: Callable[[], bool]) -> None:
        self._front = reception.front
        self._most = reception.limits.recipients
        self._is_own = is_own

    async def handle_MAIL(
        self, _server: SMTP, _session: object, envelope: Sealed, sender: str, options: list[str]
    ) -> str:
        """Every sender may write, the null sender too (A15)."""
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        envelope.since = time.monotonic()
        return "250 2.1.0 Sender OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: object, envelope: Sealed, recipient: str, _options: list[str]
    ) -> str:
        """Recipients of the desk, up to the limit; the same one twice counts twice (A6)."""
        if len(envelope.places) >= self._most:
            return replies.line(Outcome.TOO_MANY_RECIPIENTS)
        found = await self._front.find(recipient, envelope.since)
        if isinstance(found, Route) and await self._refused(envelope, recipient):
            found = Outcome.BANNED
        if isinstance(found, Outcome):
            log.info("recipient <%s> outcome=%s", printable(recipient), found.name.lower())
            return replies.line(found)
        envelope.rcpt_tos.append(recipient)
        envelope.places.append((recipient, found))
        return replies.line(Outcome.RECIPIENT)

    async def _refused(self, envelope: Sealed, recipient: str) -> bool:
        """Is the sender banned (G15)? Refusing what a server of ours has taken would make it write to him: intake
        makes spam of that. Nobody is kept from the postmaster (A15)."""
        if self._is_own() or is_for_all(recipient):
            return False
        return await self._front.is_banned(envelope.mail_from or "", envelope.since)
