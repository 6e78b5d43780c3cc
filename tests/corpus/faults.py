"""`../shared/faults`: mails after public bug reports, each filed in a desk of its own, and what must hold for it.

The lines are sentences. What they quote is read from them; which check they mean is said here, by name.
"""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec.structs import replace

from gateway.intake.worker import Worker
from gateway.parse.mail import Mail
from gateway.parse.parse import parse
from gateway.receive.imap.poll import Poller
from gateway.receive.imap.session import ImapTimeouts
from tests.corpus.facts import blanks
from tests.support.desk import DESK
from tests.support.mail_desk import MailDesk
from tests.support.paths import FAULTS
from tests.support.ports import free_port
from ticketctl.actions.mail.outgoing_attachments import NewAttachment
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.domain.base.records import InboxRow, Message
from ticketctl.settings.table import ImapAccount
from ticketctl.store.db import migrate
from ticketctl.store.db.database import Database

SCENES = {  # what a mail answers: mails filed before it
    "copied-1-reminder": ("copied-0-first",),
    "copied-2-yes": ("copied-0-first",),
    "copied-3-yes-again": ("copied-0-first", "copied-2-yes"),
    "copy-option": ("rep-1-first",),
    "idn-2": ("idn-1",),
    "react-2": ("react-1",),
}
LONG = "a very long name of a file " * 4 + ".pdf"


class Case:
    """One mail, filed after its scene. `wrong` collects what does not hold."""

    def __init__(self, name: str, desk: MailDesk) -> None:
        self.name, self.desk = name, desk
        self.sentence = (FAULTS / f"{name}.expected").read_text("utf-8").strip()
        self.quoted = re.findall(r'"([^"]*)"', self.sentence)
        self.wrong: list[str] = []
        self.opened = 0

    def is_there(self, holds: object, found: object) -> None:
        """Note what was found instead, if something does not hold."""
        if not holds:
            self.wrong.append(f"{self.name}: {self.sentence}\n  found {found!r}"[:2000])

    def feed(self, name: str) -> InboxRow:
        raw = re.sub(rb"(?<!\r)\n", b"\r\n", (FAULTS / f"{name}.eml").read_bytes())
        return self.desk.feed(raw)

    def prepare(self) -> None:
        """File what comes before the mail."""
        if self.name == "copy-option":
            self.desk.mail("Eva <eva@x.example>", "support@help.example", "First", "Hello")
        if self.name.startswith("r-"):
            first = {"message_id": "<base@client.example>"}
            words = "The machine does not start, what can we do?"
            self.desk.mail(
                "Dana Lind <dana@client.example>", "support@help.example", "Machine", words, **first
            )
            self._answer(1, "Thank you, we look into it.")
        for one in SCENES.get(self.name, ()):
            self.opened = self.opened or self.feed(one).ticket or 0
        if self.name == "copy-option":
            offer = f"We can offer:\n\nA) repair, 100 EUR\n{self.quoted[0]}\nC) a new one, 900 EUR"
            self._answer(self.opened, offer)
        if self.name == "react-2":
            self.desk.do(lambda work: resolve(work, self.opened, comment="done"))

    def _answer(self, ticket: int, text: str) -> None:
        self.desk.do(lambda work: reply(work, ticket, text))

    def run(self) -> None:
        self.prepare()
        self.row = self.feed(self.name)
        CHECKS[self.name](self)

    @property
    def mail(self) -> Mail:
        return parse((FAULTS / f"{self.name}.eml").read_bytes())

    @property
    def message(self) -> Message | None:
        """The message that the mail became."""
        if self.row.ticket is None:
            return None
        found = self.desk.messages(self.row.ticket)
        return next((one for one in found if one.n == self.row.message), None)

    @property
    def shown(self) -> str:
        """The text that an agent sees."""
        return self.message.text if self.message else ""


def shown(case: Case) -> None:
    """Everything that is quoted, but a subject, is in the text shown."""
    text = blanks(case.shown)
    about = re.findall(r'subject "([^"]*)"', case.sentence)
    for words in case.quoted:
        case.is_there(words in about or blanks(words) in text, case.shown)
    case.is_there(case.shown.strip(), case.shown)


def html_or_plain(case: Case) -> None:
    """The words of the HTML part are shown, or at least what the sentence quotes."""
    html = blanks(re.sub(r"<[^>]*>", " ", case.mail.html or ""))
    said = blanks(case.shown)
    case.is_there(said and (said[:60] in html or case.quoted[-1] in said), case.shown)


def header(case: Case) -> None:
    """From, subject and text, in the words of the sentence."""
    message, mail = case.message, case.mail
    sender = mail.sender
    whom = re.search(r"from ([^<]*) <([^>]*)>", case.sentence)
    if whom:
        case.is_there(sender and (sender.name, sender.key) == whom.groups(), sender)
    for field, found in (
        ("subject", mail.subject),
        ("sender", sender.name if sender else ""),
        ("text", message.text.strip() if message else ""),
    ):
        stated = re.search(rf'{field} "([^"]*)"', case.sentence)
        case.is_there(not stated or stated[1] in found, found)
    if "U+FFFD" in case.sentence:
        shown(case)
        case.is_there("\ufffd" not in case.shown + mail.subject, case.shown)


def files(case: Case) -> None:
    """The attachment is listed, with its size if that is said; the text is once there."""
    stated = re.search(r"attachment (\S+?)(?: \((\d+) bytes\)| is|;|,)", case.sentence)
    attachments = case.message.attachments if case.message else ()
    fits = [one for one in attachments if stated and one.name == stated[1]]
    case.is_there(
        fits and str(fits[0].size) == ((stated and stated[2]) or str(fits[0].size)), attachments
    )
    for words in case.quoted:
        case.is_there(words in case.shown, case.shown)
    case.is_there("Content-Type" not in case.shown, case.shown)


def no_such_sender(case: Case) -> None:
    wrong = re.search(r"is not ([^\s:]+)", case.sentence)
    author = case.message.author if case.message else ""
    case.is_there(wrong and author != wrong[1], author)


def invitation(case: Case) -> None:
    """The line of the first invitation, with this one's zone; or all parts of the line around its `…`."""
    first = (FAULTS / "invite-weu.expected").read_text("utf-8")
    line = (re.search(r'"([^"]*)"', first) or ["", ""])[1]
    if case.name == "invite-fle":
        line = line.replace("W. Europe Standard Time", case.quoted[0])
    if case.name == "invite-gmt":
        line, barred = case.quoted[0], case.quoted[1]
        case.is_there(barred not in case.shown and "\\" not in case.shown, case.shown)
        for part in line.split(" …"):
            case.is_there(part.strip(",") in case.shown, case.shown)
        return
    case.is_there(case.shown.startswith(line), case.shown)


def same_ticket(case: Case) -> None:
    case.is_there(case.row.ticket == case.opened, case.row)
    authors = {one.author for one in case.desk.messages(case.opened)}
    case.is_there(len(authors) == 1, authors)


def reaction(case: Case) -> None:
    ticket = case.desk.ticket(case.opened)
    noted = case.desk.events(case.opened, "reported")
    case.is_there(ticket.status == "resolved", ticket)
    case.is_there(case.row.ticket == case.opened and noted, (case.row, noted))


def opens(case: Case) -> None:
    case.is_there(case.row.verdict == "new" and case.row.ticket, case.row)


def whole(case: Case) -> None:
    raw = (FAULTS / f"{case.name}.eml").read_text("utf-8").partition("\n\n")[2]
    case.is_there(raw.strip().splitlines()[0] in case.shown, case.shown)


CHECKS: dict[str, Callable[[Case], None]] = {
    "addr-space-word": no_such_sender,
    "alt-stub-mjml": html_or_plain,
    "b64-root-multipart": files,
    "copied-0-first": opens,
    "copied-1-reminder": shown,
    "copied-2-yes": whole,
    "copied-3-yes-again": shown,
    "copy-option": shown,
    "cp850": header,
    "html-mjml": shown,
    "idn-1": opens,
    "idn-2": same_ticket,
    "invite-fle": invitation,
    "invite-gmt": invitation,
    "invite-weu": invitation,
    "jp-nec-row13": header,
    "leading-blank-first": header,
    "mso-hide-button": shown,
    "r-dict-markdown-table": lambda case: case.is_there(case.shown.count("|") > 3, case.shown),
    "r-html-blockquote-own": shown,
    "r-samsung-oneline": shown,
    "r-shell-log": shown,
    "react-1": opens,
    "react-2": reaction,
    "rep-1-first": opens,
    "same-boundary-depth3": files,
    "same-boundary-nested": files,
    "smime-note": shown,
    "unindented-fold": header,
    "win1251-labels": header,
}


def outgoing_names(desk: MailDesk, case: Case) -> None:
    """Names of outgoing files stand as encoded words too."""
    desk.mail("Eva <eva@x.example>", "support@help.example", "Files", "Please send them.")
    for name in ("Prüfung.pdf", "見積書.pdf", LONG):
        extras = Extras(attachments=(NewAttachment(name, "application/pdf", b"%PDF-"),))
        desk.do(lambda work, extras=extras: reply(work, 1, "Here.", extras))
        content = desk.text(desk.outbox("reply")[-1])
        case.is_there(re.search(r'name="=\?utf-8\?[bq]\?', content, re.IGNORECASE), content)


def fake_imap(desk: MailDesk, case: Case) -> None:
    """The server with habits of others: both mails are fetched, from each of its users."""
    with _imap_server() as port:
        for user in ("netease", "split"):
            account = ImapAccount(
                name=user, host="127.0.0.1", port=port, security="none", username=user,
                mailbox="support@help.example", password_command="echo x",
            )  # fmt: skip
            settings = replace(desk.settings, imap=(account,))
            count = Poller(desk.db, settings, account, ImapTimeouts(read=30)).once(wait=False)
            case.is_there(count == 2, f"{user}: {count}")
    Worker(desk.db, desk.settings).drain()


@contextmanager
def _imap_server() -> Iterator[int]:
    port = free_port()
    command = [sys.executable, str(FAULTS / "fakeimap.py"), str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(1000):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            yield port
        finally:
            server.kill()


DESKS: dict[str, Callable[[MailDesk, Case], None]] = {
    "fakeimap": fake_imap,
    "outgoing-attachment-names": outgoing_names,
}


def faults() -> Iterator[tuple[str, list[str]]]:
    """Each name with what is wrong; a name that no check knows is wrong as well."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        migrate.upgrade(f"sqlite:///{template}")
        for file in sorted(FAULTS.glob("*.expected")):
            path = Path(folder) / f"{file.stem}.db"
            shutil.copy(template, path)
            database = Database(f"sqlite:///{path}")
            try:
                yield file.stem, _check(file.stem, MailDesk(database, DESK))
            finally:
                database.dispose()


def _check(name: str, desk: MailDesk) -> list[str]:
    case = Case(name, desk)
    if name in DESKS:
        DESKS[name](desk, case)
    elif name in CHECKS:
        case.run()
    else:
        case.wrong.append(f"{name}: no check knows it.")
    return case.wrong
