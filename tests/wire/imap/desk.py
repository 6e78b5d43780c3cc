"""A desk with IMAP accounts, mail for it, and hooks that trouble its server."""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace
from sqlalchemy import delete, select

from gateway.intake.worker import Worker
from gateway.receive.imap.poll import Poller
from gateway.receive.imap.session import ImapTimeouts
from tests.support.desk import DeskFixture
from tests.wire.imap.server import USER, Drop, Folder, Talk
from ticketctl.settings.table import Gateway, ImapAccount, Settings
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database
from ticketctl.store.queues import imap_state

QUICK = ImapTimeouts(connect=30, read=2, mail=30, rest=480)
ACCOUNT = """
[[imap]]
name = "{name}"
host = "127.0.0.1"
port = {port}
security = "none"
username = "{user}"
mailbox = "{mailbox}"
folder = "{folder}"
"""


def account(port: int, name: str = "support", folder: str = "INBOX") -> str:
    """An account of config.toml."""
    address = f"{'support' if name == 'support' else 'billing'}@help.example"
    return ACCOUNT.format(name=name, port=port, user=USER, mailbox=address, folder=folder)


def mail(subject: str, to: str = "support@help.example", body: bytes = b"Hello") -> bytes:
    head = f"From: Ana <ana@client.example>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@client.example>"
    return head.encode() + b"\r\n\r\n" + body + b"\r\n"


class ImapDesk(DeskFixture):
    """A desk with IMAP accounts, and what came into its inbox."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.gateway = Gateway(max_message_size=10_000)

    def account(self, port: int, **changes: Any) -> ImapAccount:
        usual = ImapAccount(
            name="support",
            host="127.0.0.1",
            port=port,
            security="none",
            username=USER,
            mailbox="support@help.example",
        )
        return replace(usual, **changes)

    def poller(self, account: ImapAccount, timeouts: ImapTimeouts | None = None) -> Poller:
        return Poller(self.db, self.settings(account), account, timeouts)

    def settings(self, *accounts: ImapAccount) -> Settings:
        return replace(Settings(), gateway=self.gateway, imap=accounts)

    def poll(self, port: int, timeouts: ImapTimeouts | None = None, **changes: Any) -> int:
        return self.poller(self.account(port, **changes), timeouts).once(wait=False)

    def state(self) -> imap_state.PollingState:
        with self.db.read() as tx:
            return imap_state.folders(tx)[0]

    def known(self) -> bool:
        """Was a folder ever read to its end?"""
        with self.db.read() as tx:
            return any(one.last_ok_at for one in imap_state.folders(tx))

    def notes(self, folder: Folder) -> dict[int, str]:
        with self.db.read() as tx:
            noted = imap_state.message_states(tx, "support", "INBOX", folder.uidvalidity)
        return {uid: one.state for uid, one in noted.items()}

    def subjects(self) -> Counter[str]:
        """The subjects of all tickets, after filing."""
        Worker(self.db, self.settings()).drain()
        with self.db.read() as tx:
            return Counter(tx.execute(select(schema.ticket.c.subject)).scalars())

    @contextlib.contextmanager
    def running(self, account: ImapAccount, timeouts: ImapTimeouts | None = None) -> Iterator[None]:
        """A poller that runs meanwhile, as under `gateway serve`."""
        stop = threading.Event()
        thread = threading.Thread(target=self.poller(account, timeouts).run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread is about to do; how long says nothing."""
    for _ in range(1500):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it never came")


def drop(talk: Talk) -> None:
    raise Drop


def refuse(words: str) -> Callable[[Talk], str]:
    return lambda talk: f"NO {words}"


def asks_for(talk: Talk, uid: int) -> bool:
    """Is it the body of this mail that is fetched?"""
    return talk.command.startswith(f"UID FETCH {uid} (BODY")


def deaf(talk: Talk) -> str:
    """IDLE that tells nothing."""
    talk.send("+ idling")
    talk.hear()
    return "OK done"


def forget_leases(tx: Any) -> None:
    """As if a minute had passed since their holders died."""
    tx.execute(delete(schema.lease))
