"""Skips lines that are no IMAP: Exchange sends the COPYUID of a MOVE without `* OK` in front of it."""

import imaplib
import logging

log = logging.getLogger("ticketctl.gateway.imap")


def skip(imap: imaplib.IMAP4) -> None:
    """Let this connection of imaplib read on after such a line; imaplib would hang up, with the mail moved."""
    readline = imap.readline

    def read() -> bytes:
        while (line := bytes(readline())).startswith((b"[COPYUID ", b"[APPENDUID ")):
            log.debug("the server sends %r without a response in front of it", line[:80])
        return line

    imap.readline = read  # type: ignore[method-assign]
