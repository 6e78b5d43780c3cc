"""One SMTP connection to the outgoing server, kept, and what became of each mail on it (RFC 5321).

Before the final dot the mail is ours: a lost connection means trying again. After the reply it is the server's.
Between the two nobody knows, and that is said instead of guessed (F-R24).
"""

import math
import re
import smtplib
import socket
import ssl
import time
from typing import NamedTuple

from gateway.send import bearer
from gateway.send.bounded_smtp import GARBLED, Client, TlsClient
from ticketctl.errors import MailServerTrouble
from ticketctl.settings import secrets
from ticketctl.settings.table import ImapAccount, Outgoing

SENT, RETRY, FAILED, UNCERTAIN = "sent", "retry", "failed", "uncertain"

_NEEDS_LOGIN = frozenset({530, 534, 535, 538})  # RFC 4954: not this mail's fault
_CLOSING = 421
_IDLE_SECONDS = 5  # a connection that rested longer is asked for a sign of life first
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Answer(NamedTuple):
    """What became of one delivery, and the server's words or ours about it."""

    state: str
    reply: str


class Patience(NamedTuple):
    """Seconds to wait for the server: to connect, for a command, for the reply to the final dot (RFC 5321 4.5.3.2);
    and for all of one mail, however slowly each of its replies comes."""

    connect: float = 15
    command: float = 120
    reply: float = 600
    mail: float = 780


class Wire:
    """The connection to one server. Not to be shared by threads."""

    def __init__(
        self,
        server: Outgoing,
        patience: Patience | None = None,
        account: ImapAccount | None = None,  # whose OAuth consent logs in
    ) -> None:
        self._server = server
        self._account = account
        self._patience = patience or Patience()
        self._smtp: Client | None = None
        self._used = 0.0

    def open(self, helo: str) -> None:
        """Have a connection, logged in, as host `helo`; MailServerTrouble says what is wrong with the server."""
        if self._smtp is not None and not self._alive(self._smtp):
            self.close()
        if self._smtp is None:
            try:
                self._smtp = self._connect(helo)
            except (OSError, ValueError) as trouble:  # smtplib's errors are OSErrors
                raise self._trouble(_reason(trouble)) from trouble
        self._used = time.monotonic()

    def close(self) -> None:
        """Drop the connection, whatever its state."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def quit(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except OSError:
                self.close()  # it went before us
            self._smtp = None

    def deliver(self, sender: str, recipient: str, content: bytes, *, utf8: bool) -> Answer:
        """One transaction for one recipient on the open connection; `utf8`: the mail needs SMTPUTF8.

        Where the last transaction lost the connection, this one waits for another try. MailServerTrouble where
        the server wants a login: that says nothing about the mail.
        """
        smtp = self._smtp
        if smtp is None:
            return Answer(RETRY, "the connection to the mail server was lost.")
        if utf8 and not smtp.has_extn("smtputf8"):
            return Answer(
                FAILED,
                "the mail server does not offer SMTPUTF8, which an address of this mail needs.",
            )
        dot = _Dot()
        smtp.until = time.monotonic() + self._patience.mail
        try:
            code, words = self._transaction(smtp, sender, recipient, content, utf8, dot)
        except OSError as trouble:
            self.close()
            return _lost(dot, _reason(trouble))
        finally:
            smtp.until = math.inf
        if code // 100 not in (2, 4, 5):
            self.close()  # nobody knows what it would answer next
            return _lost(dot, f"it answered {words!r}, which is no reply")
        if code in _NEEDS_LOGIN:
            self.close()
            raise self._trouble(f"it answered {code} {words}")
        self._after(smtp, code)
        return Answer(_state(code), f"{code} {words}")

    def _connect(self, helo: str) -> Client:
        server = self._server
        wait = self._patience.connect
        smtp: Client
        if server.security == "tls":
            context = ssl.create_default_context()
            smtp = TlsClient(server.host, server.port, helo, timeout=wait, context=context)
        else:
            smtp = Client(server.host, server.port, helo, timeout=wait)
        # The final dot goes out by itself (see _Dot); without this it waits 40 ms for the body's acknowledgement.
        assert smtp.sock is not None
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._prepare(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _prepare(self, smtp: Client) -> None:
        """Greeting, encryption, login: in clear text only where the configuration says so (L20)."""
        smtp.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            if not smtp.has_extn("starttls"):
                raise self._trouble("it does not offer STARTTLS, and security is starttls")
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if self._account is not None:
            try:
                bearer.login(smtp, self._account)
            except MailServerTrouble as gone:
                raise self._trouble(gone.sentence) from None
        elif self._server.username:
            smtp.login(self._server.username, secrets.password(self._server))

    def _transaction(
        self,
        smtp: Client,
        sender: str,
        recipient: str,
        content: bytes,
        utf8: bool,
        dot: "_Dot",
    ) -> tuple[int, str]:
        """MAIL, RCPT, DATA; the first reply that is not what it should be, or the last one."""
        smtp.seconds = self._patience.command
        stuffed = _LEADING_DOT.sub(b"..", content)
        options = [f"size={len(content)}"] if smtp.has_extn("size") else []
        code, words = smtp.mail(sender, [*options, "SMTPUTF8"] if utf8 else options)
        if code // 100 == 2:
            code, words = smtp.rcpt(recipient)
            if code // 100 == 2:
                code, words = smtp.docmd("DATA")
                if code == 354:
                    smtp.send(stuffed)
                    smtp.seconds = self._patience.reply
                    dot.sent = True
                    smtp.send(b".\r\n")
                    code, words = smtp.getreply()
                elif code // 100 == 2:  # it has not even asked for the mail
                    code = GARBLED
        return code, _text(words)

    def _after(self, smtp: Client, code: int) -> None:
        """Be ready for the next transaction, or without a connection."""
        self._used = time.monotonic()
        smtp.seconds = self._patience.command
        if code // 100 == 2:
            return
        try:
            if code == _CLOSING or smtp.rset()[0] != 250:
                self.close()
        except OSError:
            self.close()

    def _alive(self, smtp: Client) -> bool:
        if time.monotonic() - self._used < _IDLE_SECONDS:
            return smtp.sock is not None
        try:
            return smtp.noop()[0] == 250
        except OSError:
            return False

    def _trouble(self, why: str) -> MailServerTrouble:
        server = self._server
        return MailServerTrouble(
            f"the mail server {server.host}:{server.port} cannot be used: {why.rstrip('.')}."
        )


class _Dot:
    """Has the end of the mail been on its way to the server?"""

    sent = False


def _lost(dot: _Dot, why: str) -> Answer:
    if dot.sent:
        return Answer(
            UNCERTAIN,
            f"the mail was handed over, but the server did not say that it has it ({why}): "
            "it may have arrived or not. It is not sent again by itself; `ticketctl outbox retry` sends it once more.",
        )
    return Answer(RETRY, f"the connection was lost ({why}).")


def _state(code: int) -> str:
    if code // 100 == 2:
        return SENT
    return FAILED if code // 100 == 5 else RETRY


def _text(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())


def _reason(trouble: Exception) -> str:
    if isinstance(trouble, smtplib.SMTPResponseException):
        words = trouble.smtp_error
        said = _text(words) if isinstance(words, bytes) else words
        return f"it answered {trouble.smtp_code} {said}"
    if isinstance(trouble, OSError) and trouble.strerror:
        return trouble.strerror
    return str(trouble) or type(trouble).__name__
