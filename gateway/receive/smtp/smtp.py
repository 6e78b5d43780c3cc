"""An SMTP session: one connection of a mail server that delivers mail to us (RFC 5321; rules A1–A19).

aiosmtpd speaks the protocol. What a public server needs besides is here: data in chunks, enhanced status codes,
PIPELINING, limits, time-outs with 421, a Received: line, and 451 for every unexpected error.
"""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack, closing

from gateway.receive.inbox_writer import Receipt, by_mailbox, log_receipt
from gateway.receive.smtp import path, received_header
from gateway.receive.smtp.connection import SmtpConnection
from gateway.receive.smtp.data_decoder import DataDecoder
from gateway.receive.smtp.envelope import SmtpEnvelope
from gateway.receive.smtp.received_header import Hop
from gateway.receive.smtp.spool import Spool
from gateway.shared import replies
from gateway.shared.replies import Outcome
from ticketctl import clock
from ticketctl.domain.base.records import ReceivedMail

_ALL = 2**24  # more than the stream's buffer ever holds, so that read(_ALL) empties it


class SmtpSession(SmtpConnection):
    """One session: the commands, and the mail after DATA."""

    hello = "EHLO"

    # ---- commands

    async def smtp_HELO(self, hostname: str) -> None:
        """Answer HELO; the reply has no enhanced code (RFC 2034, 4)."""
        if not hostname:
            await self.push("501 Syntax: HELO hostname")
            return
        self._greet(hostname, extended=False)
        await self.push(f"250 {self.hostname}".encode())

    async def smtp_EHLO(self, hostname: str) -> None:
        """Answer EHLO with our extensions (A5, A10, A11, A12)."""
        if not hostname:
            await self.push(f"501 Syntax: {self.hello} hostname")
            return
        self._greet(hostname, extended=True)
        words = [self.hostname, f"SIZE {self.limits.size}", "8BITMIME", "SMTPUTF8", "PIPELINING"]
        if self.tls_context and not self._tls_protocol:
            words.append("STARTTLS")
        first = "".join(f"250-{word}\r\n" for word in words)
        await self.push(f"{first}250 ENHANCEDSTATUSCODES")

    def _greet(self, hostname: str, *, extended: bool) -> None:
        assert self.session is not None
        self.envelope = self._create_envelope()
        self.session.extended_smtp = extended
        self.session.host_name = hostname

    async def smtp_STARTTLS(self, arg: str) -> None:
        """Start TLS, once. aiosmtpd discards the session and what came in clear text before (A12)."""
        if self._tls_protocol:
            await self.push("503 TLS is already active")
            return
        await super().smtp_STARTTLS(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        """Begin a mail."""
        await self._in_a_group(super().smtp_MAIL(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:
        """Add a recipient."""
        await self._in_a_group(super().smtp_RCPT(arg))

    async def smtp_RSET(self, arg: str) -> None:
        """Forget the mail that was begun."""
        await self._in_a_group(super().smtp_RSET(arg))

    async def smtp_AUTH(self, arg: str) -> None:
        """Refuse AUTH: nobody logs in here, because we only accept mail for ourselves."""
        await self.push("502 AUTH is not offered")

    async def smtp_HELP(self, arg: str) -> None:
        """Refuse HELP."""
        await self.push("502 HELP is not offered")

    async def smtp_VRFY(self, arg: str) -> None:
        """Answer VRFY without disclosing anything (RFC 5321 7.3)."""
        if not arg:
            await self.push("501 Syntax: VRFY address")
            return
        await self.push("252 Send a mail to find out")

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Return address and parameters of MAIL and RCPT; "<>" for the null sender, as aiosmtpd expects."""
        found = path.split(arg)
        return (path.unicode(found[0]) or "<>", found[1]) if found else (None, None)

    def _getparams(self, params: Sequence[str]) -> dict[str, str | bool] | None:
        """Parse the parameters of MAIL and RCPT; None leads to 501."""
        return path.parameters(params)

    def _create_envelope(self) -> SmtpEnvelope:
        return SmtpEnvelope()

    # ---- DATA

    async def smtp_DATA(self, arg: str) -> None:
        """Receive a mail; reply once it is in the inbox, or cannot be stored (A1)."""
        envelope = self.envelope
        assert envelope is not None
        if await self.check_helo_needed():
            return
        if not envelope.routes:
            await self.push("503 Need RCPT first")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        self.busy = True
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._receive_and_answer(envelope)
        finally:
            self.busy = False
        if self.sessions.closing:
            self.dismiss(Outcome.STOPPING)
            raise ConnectionResetError("stopping")  # read nothing more

    async def _receive_and_answer(self, envelope: SmtpEnvelope) -> None:
        try:
            outcome = await self._receive_mail(envelope)
        except ConnectionResetError:
            raise
        except Exception as error:
            # The end of the mail is unknown now, and its text must not be read as commands.
            await self.answer(self._outcome_of(error), len(envelope.routes))
            self._hang_up()
            raise ConnectionResetError("a mail without end") from error
        self.envelope = self._create_envelope()
        await self.answer(outcome, len(envelope.routes))

    async def answer(self, outcome: Outcome, recipients: int) -> None:
        """Send the reply after the final dot: SMTP has one for all recipients."""
        await self.push(replies.line(outcome))

    async def _receive_mail(self, envelope: SmtpEnvelope) -> Outcome:
        with ExitStack() as stack:
            spool = stack.enter_context(closing(Spool(self.limits.size)))
            await self._read_data(spool)
            mail = self._received_mail(envelope, spool)
            if spool.problem is not None:
                log_receipt(mail, Receipt(spool.problem))
                return spool.problem
            stack.pop_all()  # the inbox writer closes the spool
            return await self._submit(mail, spool)

    async def _read_data(self, spool: Spool) -> None:
        """Read up to the final dot, also if the mail is too big or cannot be stored (A5)."""
        decoder = DataDecoder()
        while not decoder.done:
            self._reset_timeout(self.limits.data_seconds)
            data = await self._reader.read(_ALL)
            if not data:
                raise ConnectionResetError
            spool.add(decoder.feed(data))
        if decoder.rest:
            self._reader.feed_data(decoder.rest)  # the buffer is empty: this puts the rest back
        self._deadline = self.loop.time() + self.limits.mail_seconds
        self._reset_timeout(self.limits.commit_seconds + self.limits.command_seconds)

    async def _submit(self, mail: ReceivedMail, spool: Spool) -> Outcome:
        try:
            async with asyncio.timeout(self.limits.commit_seconds):
                return (await self.sessions.writer.submit(mail, spool.file)).outcome
        except Exception as error:
            return self._outcome_of(error)

    def _received_mail(self, envelope: SmtpEnvelope, spool: Spool) -> ReceivedMail:
        sender = envelope.mail_from or ""
        return ReceivedMail(
            raw=b"",  # in the spool
            size=spool.size,
            via=self.via,
            envelope_from="" if sender == "<>" else sender,
            recipients=by_mailbox(envelope.routes),
            trace=self._trace(envelope),
            remote=self.remote,
        )

    def _trace(self, envelope: SmtpEnvelope) -> str:
        assert self.session is not None
        hop = Hop(
            helo=self.session.host_name or "",
            remote=self.remote,
            host=self.hostname,
            protocol=self._protocol(envelope),
            recipients=[recipient for recipient, _ in envelope.routes],
        )
        return received_header.received(hop, clock.now())

    def _protocol(self, envelope: SmtpEnvelope) -> str:
        """Return the protocol name of RFC 3848 and RFC 6531."""
        assert self.session is not None
        plain = self.via.upper()
        name = f"UTF8{plain}" if envelope.smtp_utf8 else self.name
        if not self.session.extended_smtp:
            name = plain
        return name + ("S" if self._tls_protocol else "")
