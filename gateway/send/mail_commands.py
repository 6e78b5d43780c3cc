"""The commands before a mail's text: MAIL, RCPT and DATA, in turn or in one write (RFC 5321, RFC 2920)."""

import re
from typing import NamedTuple

from gateway.send.bounded_smtp import GARBLED, BoundedSmtp

CLOSING = 421
_GO_ON = 354
_DATA = b"DATA\r\n"
_NO_DELIMITERS = re.compile(r"[^\x00-\x20\x7f<>]*")


class MailToSend(NamedTuple):
    """A mail for one recipient; `utf8`: it needs SMTPUTF8."""

    sender: str
    recipient: str
    content: bytes
    utf8: bool


class Refusal(NamedTuple):
    """A reply that ends a transaction; its code is GARBLED if it is not one of 4xx and 5xx."""

    code: int
    words: bytes


def send(smtp: BoundedSmtp, mail: MailToSend) -> Refusal | None:
    """Send the commands; return the first reply that refuses, or None if the server waits for the text."""
    commands = _commands(mail, with_size=smtp.has_extn("size"))
    if smtp.has_extn("pipelining"):
        return _send_together(smtp, commands)
    for command in commands:
        smtp.send(command)
        if refusal := _read_refusal(smtp, command):
            return refusal
    return None


def _commands(mail: MailToSend, *, with_size: bool) -> list[bytes]:
    size = f" SIZE={len(mail.content)}" if with_size else ""
    utf8 = " SMTPUTF8" if mail.utf8 else ""
    for address in (mail.sender, mail.recipient):
        if not _NO_DELIMITERS.fullmatch(address):
            raise ValueError(f"{address!r} cannot stand in a command")
    lines = [f"MAIL FROM:<{mail.sender}>{size}{utf8}", f"RCPT TO:<{mail.recipient}>"]
    charset = "utf-8" if mail.utf8 else "ascii"
    return [*(line.encode(charset) + b"\r\n" for line in lines), _DATA]


def _send_together(smtp: BoundedSmtp, commands: list[bytes]) -> Refusal | None:
    """Send all commands in one write. A refusal is returned when the replies to the others are read, too."""
    smtp.send(b"".join(commands))
    refusals: list[Refusal | None] = []
    for command in commands:
        try:
            refusals.append(_read_refusal(smtp, command))
        except OSError:  # the connection is closed
            if not any(refusals):
                raise
            break
        last = refusals[-1]
        if last and last.code in (CLOSING, GARBLED):
            break
    first = next(filter(None, refusals), None)
    if first and len(refusals) == len(commands) and not refusals[-1]:
        _send_no_text(smtp, is_begun=not refusals[0])
    return first


def _send_no_text(smtp: BoundedSmtp, *, is_begun: bool) -> None:
    """Answer a server that waits for the text although it has refused the recipient (RFC 2920 3.1)."""
    if not is_begun:  # it has refused the sender, and is beyond understanding
        smtp.close()
        return
    try:
        smtp.send(b".\r\n")
        smtp.getreply()
    except OSError:
        smtp.close()


def _read_refusal(smtp: BoundedSmtp, command: bytes) -> Refusal | None:
    code, words = smtp.getreply()
    if code == _GO_ON if command == _DATA else code // 100 == 2:
        return None
    return Refusal(code if code // 100 in (4, 5) else GARBLED, words)
