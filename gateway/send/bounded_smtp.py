"""smtplib's client with limits: on the size of a reply, its time, and the time of a whole transaction.

The standard library restarts its timeout with each byte, and stores any number of lines.
"""

import math
import smtplib
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

_MAX_LINES = 100  # of one reply; that to EHLO has about 20
_MAX_BYTES = 4096  # of one line; RFC 5321 4.5.3.1.5 has 512

GARBLED = -1
"""The code of an invalid reply."""


class BoundedSmtp(smtplib.SMTP):
    """A connection whose replies have a limit of size and time."""

    seconds: float | None = None  # for one reply, or to send; None: the timeout for connecting
    until = math.inf  # the end of the transaction, by time.monotonic()

    def send(self, s: "Buffer | str") -> None:
        """Send within the remaining time."""
        if self.sock is not None:
            self.sock.settimeout(self._left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Return code and text of the next reply; GARBLED as the code of an invalid one.

        SMTPServerDisconnected if it does not come, or does not end.
        """
        end = time.monotonic() + self._left()
        words: list[bytes] = []
        codes: set[bytes] = set()
        for _ in range(_MAX_LINES):
            line = self._line(end)
            codes.add(line[:3])
            words.append(line[4:].strip(b" \t\r\n"))
            if line[3:4] != b"-":
                is_valid = len(codes) == 1 and line[:3].isdigit() and line[3:4] in b" \r\n"
                return int(line[:3]) if is_valid else GARBLED, b"\n".join(words)
        raise self._gone(f"its reply has more than {_MAX_LINES} lines")

    def _line(self, end: float) -> bytes:
        if self.file is None:  # also after STARTTLS: what came before in clear text is discarded
            assert self.sock is not None
            self.file = _Lines(self.sock)
        try:
            line: bytes = self.file.readline(end)
        except OSError as trouble:
            raise self._gone(str(trouble) or type(trouble).__name__) from trouble
        if not line.endswith(b"\n"):
            long = len(line) > _MAX_BYTES
            raise self._gone("its reply has an endless line" if long else "it hung up")
        return line

    def _left(self) -> float:
        left = min(self.seconds or self.timeout, self.until - time.monotonic())
        if left <= 0:
            raise self._gone("it took too long for one mail")
        return left

    def _gone(self, why: str) -> smtplib.SMTPServerDisconnected:
        self.close()
        return smtplib.SMTPServerDisconnected(why)


class BoundedSmtpTls(BoundedSmtp, smtplib.SMTP_SSL):
    """The same with TLS from the start."""


class _Lines:
    """Reads lines from a socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = b""

    def readline(self, end: float) -> bytes:
        """Return the next line; incomplete if it is too long or the peer hung up. TimeoutError at `end`."""
        while b"\n" not in self._buffer and len(self._buffer) <= _MAX_BYTES:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            self._sock.settimeout(left)
            more = self._sock.recv(_MAX_BYTES)
            if not more:
                break
            self._buffer += more
        line, newline, rest = self._buffer.partition(b"\n")
        self._buffer = rest
        return line + newline

    def close(self) -> None:
        """Discard the buffer; the caller closes the socket."""
        self._buffer = b""
