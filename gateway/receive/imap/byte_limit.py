"""How much an IMAP server may send us, whatever size it stated: imaplib keeps all that comes."""

from typing import Any

ANSWER = 16 << 20
"""Octets of the answer to any command but those that fetch a mail."""

BESIDES = 64 << 10
"""Octets that come with a mail: its flags, and what the server says of others meanwhile."""


class TooMuch(OSError):
    """The server sends more than the command may bring; the connection is of no more use."""


class Meter:
    """Counts the octets of one connection, and of each literal before it is read."""

    def __init__(self, imap: Any) -> None:
        self._read, self._readline = imap.read, imap.readline
        self._left = ANSWER
        imap.read, imap.readline = self._counted, self._counted_line

    def allow(self, octets: int) -> None:
        """What may come from now on."""
        self._left = octets

    def _counted(self, size: int) -> bytes:
        self._spend(size)
        found: bytes = self._read(size)
        return found

    def _counted_line(self) -> bytes:
        line: bytes = self._readline()
        self._spend(len(line))
        return line

    def _spend(self, octets: int) -> None:
        self._left -= octets
        if self._left < 0:
            raise TooMuch("it sends more than it may")
