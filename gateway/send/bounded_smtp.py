"""smtplib's client with bounds: on the size of a reply, on the time that one takes, on the time of a whole transaction.

The standard library waits anew for each byte and keeps as many lines as a server cares to send.
"""

import math
import smtplib
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

_LINES = 100  # of one reply; an EHLO has about 20
_OCTETS = 4096  # of one line; RFC 5321 4.5.3.1.5 has 512

GARBLED = -1
"""The code of a reply that is none."""


class Client(smtplib.SMTP):
    """A connection on which every reply ends, one way or the other."""

    seconds: float | None = (
        None  # to wait for one reply or to hand over what is sent; None: as for connecting
    )
    until = math.inf  # when the transaction must be over, as time.monotonic() tells it

    def send(self, s: "Buffer | str") -> None:
        """Send, within the time that is left."""
        if self.sock is not None:
            self.sock.settimeout(self._left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """The code and words of the next reply; the code is GARBLED where that is none. SMTPServerDisconnected where
        it does not come, or not to an end."""
        end = time.monotonic() + self._left()
        words: list[bytes] = []
        codes: set[bytes] = set()
        for _ in range(_LINES):
            line = self._line(end)
            codes.add(line[:3])
            words.append(line[4:].strip(b" \t\r\n"))
            if line[3:4] != b"-":
                well = len(codes) == 1 and line[:3].isdigit() and line[3:4] in b" \r\n"
                return int(line[:3]) if well else GARBLED, b"\n".join(words)
        raise self._gone(f"its reply has more than {_LINES} lines")

    def _line(self, end: float) -> bytes:
        if (
            self.file is None
        ):  # also after STARTTLS: what came before it in clear text is thrown away
            assert self.sock is not None
            self.file = _Lines(self.sock)
        try:
            line: bytes = self.file.readline(end)
        except OSError as trouble:
            raise self._gone(str(trouble) or type(trouble).__name__) from trouble
        if not line.endswith(b"\n"):
            long = len(line) > _OCTETS
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


class TlsClient(Client, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class _Lines:
    """The lines that come in on a socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._got = b""

    def readline(self, end: float) -> bytes:
        """The next line; without its end where it is too long or the peer hung up. TimeoutError at `end`."""
        while b"\n" not in self._got and len(self._got) <= _OCTETS:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            self._sock.settimeout(left)
            more = self._sock.recv(_OCTETS)
            if not more:
                break
            self._got += more
        line, newline, rest = self._got.partition(b"\n")
        self._got = rest
        return line + newline

    def close(self) -> None:
        """Forget what came in; the socket is closed by who opened it."""
        self._got = b""
