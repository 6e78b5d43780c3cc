"""A whole help desk on loopback: doors, intake, command line, sender, and the mail server that catches what leaves."""

import asyncio
import io
import json
import smtplib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, redirect_stdout
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from sqlalchemy import func, select

from gateway.intake.worker import Worker
from gateway.run.debug_smtp import DebugSmtpServer, mails
from gateway.send.sender import Sender
from ticketctl import clock
from ticketctl.cli import main as cli
from ticketctl.domain.loading import load
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import Gateway, Outgoing, Settings
from ticketctl.store.db.database import Database
from ticketctl.store.db.schema import metadata
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox, outbox

DESK = """
[desk]
name = "Help"
domain = "help.example"
reopen_window = "{window}"

[[agent]]
name = "anna"
email = "anna@help.example"
role = "manager"

[[agent]]
name = "ben"
email = "ben@help.example"
"""
QUEUE = """
[[mailbox]]
address = "{queue}@help.example"
segment = "{queue}"

[[segment]]
name = "{queue}"
agents = ["anna", "ben"]
"""


class Left(Struct, frozen=True):
    """A mail as the outgoing server got it."""

    kind: str  # of the outbox: ack, reply, notification, …
    sender: str  # envelope
    recipient: str
    mail: EmailMessage
    raw: bytes

    @property
    def text(self) -> str:
        """All of its text, decoded."""
        parts = (p for p in self.mail.walk() if p.get_content_maintype() == "text")
        return "\n".join([str(self.mail["Subject"]), *(part.get_content() for part in parts)])


class LoopbackDesk:
    """One desk and everything around it. `way` is how mail comes in: smtp, lmtp or pipe."""

    def __init__(
        self, db: Database, settings: Settings, post: "Post", at: dict[str, str], way: str
    ) -> None:
        self.db, self.post, self.at, self.way = db, post, at, way
        self._settings = settings
        self._sender = Sender(db, settings)

    def deliver(self, raw: bytes, sender: str, *recipients: str) -> None:
        """Hand in a mail ("" is the null sender); it must be taken for each recipient."""
        if self.way == "pipe":
            file = self.post.folder.parent / "in.eml"
            file.write_bytes(raw)
            words = [word for one in recipients for word in ("--recipient", one)]
            believed = ("--authserv-id", self._settings.gateway.authserv_id)
            self.run("gateway", "ingest", "--sender", sender, *believed, *words, str(file))
            return
        with self.client(self.way) as client:
            assert client.sendmail(sender, recipients, raw) == {}

    def client(self, way: str) -> smtplib.SMTP:
        """A new connection to a door."""
        host, _, port = self.at[way].rpartition(":")
        protocol = smtplib.LMTP if way == "lmtp" else smtplib.SMTP
        return protocol(host, int(port), timeout=60)

    def work(self) -> None:
        """File all that came in and send all that is due; a mail server that is away is met another time."""
        Worker(self.db, self._settings).drain()
        try:
            self._sender.once()
        except MailServerTrouble:
            assert not self.post.is_up

    def new_sender(self) -> Sender:
        """Another worker of the outbox."""
        return Sender(self.db, self._settings)

    def run(self, *words: str) -> str:
        """One command line, as anna; what it printed."""
        with redirect_stdout(io.StringIO()) as out:
            assert cli.run(list(words)) == 0, words
        return out.getvalue()

    def json(self, *words: str) -> Any:
        """One command line with --json."""
        return json.loads(self.run(*words, "--json"))

    def show(self, ticket: int) -> dict[str, Any]:
        """`show` of a ticket."""
        shown: dict[str, Any] = self.json("show", str(ticket))
        return shown

    def left(self) -> list[Left]:
        """Every mail that the outgoing server got, oldest first."""
        with self.db.read() as tx:
            kinds = {row.message_id: row.kind for row in outbox.listing(tx)}
        found = []
        for caught in mails(self.post.folder):
            raw = caught.path.read_bytes().partition(b"\r\nDelivered-To: ")[2].partition(b"\r\n")[2]
            (recipient,) = caught.recipients
            kind = kinds[str(caught.mail["Message-ID"])]
            found.append(Left(kind, caught.sender, recipient, caught.mail, raw))
        return found

    def count(self, table: str) -> int:
        """The number of rows of a table."""
        with self.db.read() as tx:
            query = select(func.count()).select_from(metadata.tables[table])
            return int(tx.execute(query).scalar_one())

    def inbox(self) -> list[dict[str, Any]]:
        """`inbox list`, oldest first."""
        with self.db.read() as tx:
            return [_row(one) for one in inbox.listing(tx)[::-1]]


def _row(one: Any) -> dict[str, Any]:
    return {"state": one.state, "verdict": one.verdict, "ticket": one.ticket, "class": one.class_}


class Post:
    """The outgoing mail server: goes down, and comes up again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._catcher: DebugSmtpServer | None = None

    @property
    def is_up(self) -> bool:
        """Does it take mail?"""
        return self._catcher is not None

    def up(self) -> None:
        """Listen; at a free port at first."""
        self._catcher = _AnyPort(self.folder, port=self.port)
        self._catcher.start()
        self.port = self._catcher.port

    def down(self) -> None:
        """Refuse connections."""
        if self._catcher is not None:
            self._catcher.stop()
            self._catcher = None


class _AnyPort(DebugSmtpServer):
    """Port 0 is a free one."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


pytest.register_assert_rewrite("tests.stories.expect", "tests.stories.story")

NewDesk = Callable[..., LoopbackDesk]
OpenDoors = Callable[[Database, Settings], AbstractContextManager[dict[str, str]]]


@pytest.fixture
def new_desk(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    open_doors: OpenDoors,
) -> Iterator[NewDesk]:
    """A function: a running desk with these mailboxes, on a database of this kind, fed in this way."""
    ends: list[Callable[[], object]] = []

    def make(
        *queues: str,
        way: str = "smtp",
        kind: str = "sqlite",
        window: str = "14d",
        authserv_id: str = "",
    ) -> LoopbackDesk:
        url = str(
            request.getfixturevalue("postgres_url")()
            if kind == "postgres"
            else request.getfixturevalue("sqlite_url")
        )
        db, post = Database(url), Post(tmp_path / "caught")
        toml = DESK.format(window=window) + "".join(QUEUE.format(queue=q) for q in queues)
        desk = load.parse(toml)
        db.write(lambda tx: definitions.save(tx, toml, desk, "test", "test", clock.now()))
        post.up()
        settings = Settings(
            gateway=Gateway(smtp=("127.0.0.1:0",), lmtp=("127.0.0.1:0",), authserv_id=authserv_id),
            outgoing=Outgoing(port=post.port, envelope="bounces@help.example"),
        )
        doors = open_doors(db, settings)
        monkeypatch.setenv("TICKETCTL_DB", url)
        monkeypatch.setenv("TICKETCTL_AGENT", "anna")
        monkeypatch.setenv("TICKETCTL_GATEWAY_AUTHSERV_ID", authserv_id)
        at = doors.__enter__()
        ends.extend([db.dispose, post.down, lambda: doors.__exit__(None, None, None)])
        return LoopbackDesk(db, settings, post, at, way)

    yield make
    for end in reversed(ends):
        end()
