"""Delivers mail over one kept connection to the outgoing server (RFC 5321), pipelined where it can (RFC 2920).

If the connection is lost before the final dot, the mail is sent again later. After the reply the server has it. Between
the two nobody knows, and the delivery is reported as uncertain (F-R24).
"""

import math
import smtplib
import socket
import ssl
import time
from typing import NamedTuple

from gateway.send import mail_commands, oauth_login
from gateway.send.bounded_smtp import BoundedSmtp, BoundedSmtpTls
from gateway.send.mail_commands import CLOSING, MailToSend
from ticketctl.errors import MailServerTrouble
from ticketctl.settings import secrets
from ticketctl.settings.table import ImapAccount, Outgoing

SENT, RETRY, FAILED, UNCERTAIN = "sent", "retry", "failed", "uncertain"

_NEEDS_LOGIN = frozenset({530, 534, 535, 538})  # RFC 4954: the mail is not the cause
_IDLE_SECONDS = 5  # a connection that was idle for longer is checked with NOOP first
_KEEP_SECONDS = 60  # an idle connection is closed
_MAX_MAILS = 100  # over one connection; servers have such limits, too


class DeliveryResult(NamedTuple):
    """The state of one delivery, and the server's reply or our own explanation."""

    state: str
    reply: str


class SmtpTimeouts(NamedTuple):
    """Seconds to wait: for the connection, a command, the reply to the final dot (RFC 5321 4.5.3.2), a whole mail."""

    connect: float = 15
    command: float = 120
    reply: float = 600
    mail: float = 780


class SmtpClient:
    """The connection to one server. Not safe for several threads."""

    def __init__(
        self,
        server: Outgoing,
        timeouts: SmtpTimeouts | None = None,
        account: ImapAccount | None = None,  # used to log in by OAuth
    ) -> None:
        self._server = server
        self._account = account
        self._timeouts = timeouts or SmtpTimeouts()
        self._smtp: BoundedSmtp | None = None
        self._used = 0.0
        self._mails = 0  # tried over this connection
        self._helo = ""

    def open(self, helo: str) -> None:
        """Connect and log in as host `helo`, unless connected already; MailServerTrouble if that fails."""
        self._helo = helo
        if self._mails >= _MAX_MAILS:
            self.quit()
        if self._smtp is not None and not self._is_alive(self._smtp):
            self.close()
        if self._smtp is None:
            self._mails = 0
            try:
                self._smtp = self._connect(helo)
            except (OSError, ValueError) as trouble:  # smtplib's errors are OSErrors
                raise self._trouble(_reason(trouble)) from trouble
        self._used = time.monotonic()

    def close(self) -> None:
        """Close the connection, whatever its state."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def quit(self) -> None:
        """Send QUIT and close the connection, if there is one."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except OSError:
                self.close()  # the server hung up first
            self._smtp = None

    def close_if_idle(self) -> None:
        """Close a connection that has not been used for a while."""
        if time.monotonic() - self._used > _KEEP_SECONDS:
            self.quit()

    def deliver(self, sender: str, recipient: str, content: bytes, *, utf8: bool) -> DeliveryResult:
        """Send a mail to one recipient on the open connection. `utf8`: the mail needs SMTPUTF8.

        The result is RETRY if an earlier transaction lost the connection. A server that ends a connection between two
        mails is called again. MailServerTrouble if that fails, or if it requires a login, which has nothing to do with
        the mail.
        """
        mail = MailToSend(sender, recipient, content, utf8)
        until = time.monotonic() + self._timeouts.mail
        result = self._deliver(mail, until)
        while result is None:
            self.open(self._helo)
            result = self._deliver(mail, until)
        return result

    def _deliver(self, mail: MailToSend, until: float) -> DeliveryResult | None:
        """Send a mail; None if a connection that had carried others ended before the mail's text was sent."""
        smtp, is_reused = self._smtp, self._mails > 0
        if smtp is None:
            return DeliveryResult(RETRY, "the connection to the mail server was lost.")
        if mail.utf8 and not smtp.has_extn("smtputf8"):
            return DeliveryResult(
                FAILED,
                "the mail server does not offer SMTPUTF8, which an address of this mail needs.",
            )
        self._mails += 1
        sent = _Sent()
        smtp.until = until
        try:
            code, words = self._transaction(smtp, mail, sent)
        except OSError as trouble:
            self.close()
            return None if is_reused and not sent.text else _lost(sent, _reason(trouble))
        finally:
            smtp.until = math.inf
        if code == CLOSING and is_reused and not sent.text:
            self.close()
            return None
        if code // 100 not in (2, 4, 5):
            self.close()  # its next replies cannot be trusted
            return _lost(sent, f"it answered {words!r}, which is not a valid reply")
        if code in _NEEDS_LOGIN:
            self.close()
            raise self._trouble(f"it answered {code} {words}")
        self._reset(smtp, code)
        return DeliveryResult(_state(code), f"{code} {words}")

    def _connect(self, helo: str) -> BoundedSmtp:
        server = self._server
        wait = self._timeouts.connect
        smtp: BoundedSmtp
        if server.security == "tls":
            context = ssl.create_default_context()
            smtp = BoundedSmtpTls(server.host, server.port, helo, timeout=wait, context=context)
        else:
            smtp = BoundedSmtp(server.host, server.port, helo, timeout=wait)
        # Without this the end of a mail may wait 40 ms for the acknowledgement of its begin.
        assert smtp.sock is not None
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._start_session(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _start_session(self, smtp: BoundedSmtp) -> None:
        """Greet, encrypt, log in; in clear text only if the configuration says so (L20)."""
        smtp.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            if not smtp.has_extn("starttls"):
                raise self._trouble("it does not offer STARTTLS, and security is starttls")
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if self._account is not None:
            try:
                oauth_login.login(smtp, self._account)
            except MailServerTrouble as gone:
                raise self._trouble(gone.sentence) from None
        elif self._server.username:
            smtp.login(self._server.username, secrets.password(self._server))

    def _transaction(self, smtp: BoundedSmtp, mail: MailToSend, sent: "_Sent") -> tuple[int, str]:
        """Send a mail; return the first reply that refuses, or that to the final dot."""
        smtp.seconds = self._timeouts.command
        refusal = mail_commands.send(smtp, mail)
        if refusal is not None:
            return refusal.code, _text(refusal.words)
        sent.text = True
        smtp.send(_stuffed(mail.content) + b".\r\n")  # raises unless the last octet was handed over
        sent.dot = True
        smtp.seconds = self._timeouts.reply
        code, words = smtp.getreply()
        return code, _text(words)

    def _reset(self, smtp: BoundedSmtp, code: int) -> None:
        """Prepare the connection for the next transaction, or close it."""
        self._used = time.monotonic()
        smtp.seconds = self._timeouts.command
        if code // 100 == 2:
            return
        try:
            if code == CLOSING or smtp.rset()[0] != 250:
                self.close()
        except OSError:
            self.close()

    def _is_alive(self, smtp: BoundedSmtp) -> bool:
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


class _Sent:
    """How far a mail was sent: its text (in part), the final dot."""

    text = False
    dot = False


def _stuffed(content: bytes) -> bytes:
    """Return a text with a second dot at each line that begins with one (RFC 5321 4.5.2)."""
    first = b"." if content.startswith(b".") else b""
    return first + content.replace(b"\n.", b"\n..")


def _lost(sent: _Sent, why: str) -> DeliveryResult:
    if sent.dot:
        return DeliveryResult(
            UNCERTAIN,
            f"the mail was sent, but the server did not confirm it ({why}): it may have arrived or not. "
            "It is not sent again automatically; `ticketctl outbox retry` sends it again.",
        )
    return DeliveryResult(RETRY, f"the connection was lost ({why}).")


def _state(code: int) -> str:
    if code // 100 == 2:
        return SENT
    return FAILED if code // 100 == 5 else RETRY


def _text(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())


def _reason(trouble: Exception) -> str:
    if isinstance(trouble, smtplib.SMTPResponseException):
        words = trouble.smtp_error
        text = _text(words) if isinstance(words, bytes) else words
        return f"it answered {trouble.smtp_code} {text}"
    if isinstance(trouble, OSError) and trouble.strerror:
        return trouble.strerror
    return str(trouble) or type(trouble).__name__
