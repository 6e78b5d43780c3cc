"""The LMTP door: an MTA of ours delivers into the desk (RFC 2033; rules A6, A7)."""

from gateway.receive.smtp.smtp import SmtpDoor
from gateway.shared import replies
from gateway.shared.replies import Outcome


class LmtpDoor(SmtpDoor):
    """SMTP with LHLO, and after the final dot a reply for each recipient."""

    via = "lmtp"
    name = "LMTP"
    hello = "LHLO"

    async def smtp_LHLO(self, hostname: str) -> None:
        """LHLO: what we can."""
        await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        """Not in LMTP (RFC 2033 4.1)."""
        await self.push("500 5.5.1 This is LMTP, say LHLO")

    smtp_EHLO = smtp_HELO

    async def check_helo_needed(self, helo: str = hello) -> bool:
        """True, after a 503, until LHLO was said."""
        return await super().check_helo_needed(helo)

    async def answer(self, outcome: Outcome, recipients: int) -> None:
        """One reply for each accepted RCPT, in order, whatever the outcome (RFC 2033 4.2)."""
        await self.push("\r\n".join([replies.line(outcome)] * recipients))
