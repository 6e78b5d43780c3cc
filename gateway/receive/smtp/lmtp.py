"""LMTP: an MTA of ours delivers to the desk (RFC 2033; rules A6, A7)."""

from gateway.receive.smtp.smtp import SmtpSession
from gateway.shared import replies
from gateway.shared.replies import Outcome


class LmtpSession(SmtpSession):
    """An SMTP session with LHLO, and a reply for each recipient after the final dot."""

    via = "lmtp"
    name = "LMTP"
    hello = "LHLO"

    async def smtp_LHLO(self, hostname: str) -> None:
        """Answer LHLO with our extensions."""
        await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        """Refuse HELO, which LMTP does not have (RFC 2033 4.1)."""
        await self.push("500 5.5.1 This is LMTP, say LHLO")

    smtp_EHLO = smtp_HELO

    async def check_helo_needed(self, helo: str = hello) -> bool:
        """Answer 503 and return True if there was no LHLO yet."""
        return await super().check_helo_needed(helo)

    async def answer(self, outcome: Outcome, recipients: int) -> None:
        """Send one reply for each accepted RCPT, in order, whatever the outcome (RFC 2033 4.2)."""
        await self.push("\r\n".join([replies.line(outcome)] * recipients))
