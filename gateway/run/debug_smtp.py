"""A mail server that writes every mail to a file and sends nothing, for `gateway demo` and tests."""

import itertools
import os
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_TEMPORARY, _READY = ".part", ".eml"


class CaughtMail(NamedTuple):
    """A received mail: its file, envelope and content."""

    path: Path
    sender: str  # "" is the null sender
    recipients: tuple[str, ...]
    mail: EmailMessage


class DebugSmtpServer(Controller):
    """Listens on `host`:`port` in its own thread between `start()` and `stop()`, and writes mails to `folder`."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", port: int) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(_FileHandler(folder), hostname=host, port=port, enable_SMTPUTF8=True)


class _FileHandler:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content
        assert content is not None
        head = [f"Return-Path: <{(envelope.mail_from or '').strip('<>')}>"]
        head += [f"Delivered-To: {recipient}" for recipient in envelope.rcpt_tos]
        name = f"{time.time_ns():020}-{os.getpid()}-{next(self._numbers)}"
        part = self._folder / (name + _TEMPORARY)
        part.write_bytes("".join(line + "\r\n" for line in head).encode() + content)
        part.rename(part.with_suffix(_READY))  # complete, or not there
        return "250 2.0.0 Kept"


def mails(folder: Path) -> list[CaughtMail]:
    """Return every mail in `folder`, oldest first."""
    return [_read(path) for path in sorted(folder.glob("*" + _READY))]


def _read(path: Path) -> CaughtMail:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    sender = str(mail["Return-Path"]).strip("<>")
    recipients = tuple(map(str, mail.get_all("Delivered-To", [])))
    return CaughtMail(path, sender, recipients, mail)
