"""A desk as it is seen from outside: command lines typed, mails delivered, JSON read."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import CommandLine
from tests.support.desk import DESK

NOW = "2026-03-09T08:00:00Z"  # a Monday
CARL, DORA = "Carl <carl@customer.example>", "Dora <dora@customer.example>"


class Outside(CommandLine):
    """The desk at `url`, which has the definition `DESK`, at the command lines of root, its admin."""

    def __init__(self, url: str, home: Path, patch: pytest.MonkeyPatch) -> None:
        super().__init__(url, patch, NOW, "root")
        self.home = home
        self._mails = 0

    def apply(self, more: str = "", base: str = DESK) -> None:
        """Apply the definition of most tests and `more`."""
        self.run("apply", self.file("desk.toml", base + more), "-y")

    def file(self, name: str, content: str | bytes) -> str:
        """Write a file; its path."""
        path = self.home / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def become(self, agent: str) -> None:
        """Type as this agent from now on."""
        self._patch.setenv("TICKETCTL_AGENT", agent)

    def type_in_editor(self, script: str) -> None:
        """The editor is a shell script that gets the file as $1."""
        path = Path(self.file("editor.sh", f"#!/bin/sh\n{script}\n"))
        path.chmod(0o700)
        self._patch.setenv("EDITOR", str(path))

    def mail(
        self,
        text: str = "It does not print.",
        sender: str = CARL,
        to: str = "support@help.example",
        **head: str,
    ) -> str:
        """Deliver a mail by the pipe; its Message-ID. `In_Reply_To` and the like are further header lines."""
        self._mails += 1
        mail = EmailMessage()
        head = {"Subject": "Printer is broken", **head}
        head.setdefault("Message_ID", f"<m{self._mails}@customer.example>")
        mail["From"], mail["To"] = sender, to
        for name, value in head.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        self.deliver(mail.as_bytes(), to)
        return head["Message_ID"]

    def deliver(self, raw: bytes, to: str = "support@help.example") -> None:
        """Deliver these bytes by the pipe, from a relay that is believed."""
        path = self.file("in.eml", raw)
        self.run(
            "gateway", "ingest", "-q", "--authserv-id", "mx.help.example", "--recipient", to, path
        )

    def new(self, *words: str, customer: str = "carl@customer.example") -> int:
        """A ticket by hand; its number."""
        given = () if "--subject" in words else ("--subject", "Printer")
        made = self.run("new", "--customer", customer, *given, "-m", "by phone", *words, "-q")
        return int(made.strip().lstrip("#"))

    def ticket(self, id: int = 1) -> dict[str, Any]:
        """`show` of a ticket."""
        shown: dict[str, Any] = self.data("show", str(id))
        return shown

    def events(self, id: int = 1, *types: str) -> list[dict[str, Any]]:
        """`history` of a ticket, or only events of these types."""
        return [one for one in self.data("history", str(id)) if not types or one["type"] in types]

    def outbox(self, *kinds: str, to: str = "") -> list[dict[str, Any]]:
        """Mail that leaves, oldest first: of these kinds, to this address."""
        rows = self.data("outbox", "list", "--limit", "0")[::-1]
        return [r for r in rows if (not kinds or r["kind"] in kinds) and (not to or to in r["to"])]

    def sent(self, row: dict[str, Any]) -> EmailMessage:
        """An outgoing mail as it leaves."""
        raw = self.raw("outbox", "show", str(row["id"]), "--raw")
        return message_from_bytes(raw, EmailMessage, policy=default)

    def text(self, row: dict[str, Any]) -> str:
        """Its subject and its text."""
        mail = self.sent(row)
        body = mail.get_body(("plain",))
        assert body is not None
        return f"{mail['Subject']}\n{body.get_content()}"
