"""Limits how much an IMAP server may send: imaplib stores everything, whatever size was announced."""

from typing import Any

REPLY = 16 << 20
"""Bytes of the reply to any command that does not fetch a mail."""

OVERHEAD = 64 << 10
"""Bytes that come besides a mail: its flags, and news about other mails."""


class TooMuch(OSError):
    """The server sent more than the command allows; the connection cannot be used any more."""


class ByteLimiter:
    """Counts the bytes of one connection; those of a literal before it is read."""

    def __init__(self, imap: Any) -> None:
        self._read, self._readline = imap.read, imap.readline
        self._left = REPLY
        imap.read, imap.readline = self._read_counted, self._readline_counted

    def allow(self, count: int) -> None:
        """Set how many bytes may come from now on."""
        self._left = count

    def _read_counted(self, size: int) -> bytes:
        self._spend(size)
        found: bytes = self._read(size)
        return found

    def _readline_counted(self) -> bytes:
        line: bytes = self._readline()
        self._spend(len(line))
        return line

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise TooMuch("it sends too much")
