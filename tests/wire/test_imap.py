"""Mail fetched by IMAP: from real servers, and from one that does everything a server should not."""

import contextlib
import logging
import os
import random
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select, text

from gateway.doors import imap_folder, imap_memory, imap_session
from gateway.doors.backoff import Backoff
from gateway.doors.imap import Poller, poll_all
from gateway.doors.imap_session import Patience
from gateway.doors.lease import Lease
from gateway.parse.mail import Mail
from gateway.parse.parse import parse
from gateway.worker import Worker
from tests.wire.imap_server import (
    ALL,
    PASSWORD,
    USER,
    Drop,
    Folder,
    Server,
    Talk,
    client,
    dovecot,
    pymap,
)
from ticketctl import clock
from ticketctl.config import Gateway, Settings
from ticketctl.desk import definition, reference
from ticketctl.desk.records import InboxRow
from ticketctl.errors import BadInput, DatabaseTrouble, MailServerTrouble, NotFound
from ticketctl.settings import ImapAccount
from ticketctl.store import definitions, imap, inbox, meta, schema
from ticketctl.store.engine import Database

ROOT = Path(__file__).parents[2]
QUICK = Patience(connect=5, read=0.3, mail=5, rest=480)
TOML = """
[desk]
domain = "help.example"

[[mailbox]]
address = "support@help.example"
aliases = ["soporte@help.example"]

[[mailbox]]
address = "billing@help.example"
"""


def mail(subject: str, to: str = "support@help.example", body: bytes = b"Hello") -> bytes:
    head = f"From: Ana <ana@client.example>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@client.example>"
    return head.encode() + b"\r\n\r\n" + body + b"\r\n"


class House:
    """A desk with IMAP accounts, and what came into its inbox."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.gateway = Gateway(max_message_size=10_000)
        desk = definition.parse(TOML)
        db.write(lambda tx: definitions.save(tx, TOML, desk, "test", "test", clock.now()))

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

    def poller(self, account: ImapAccount, patience: Patience | None = None) -> Poller:
        return Poller(self.db, self.settings(account), account, patience)

    def settings(self, *accounts: ImapAccount) -> Settings:
        return replace(Settings(), gateway=self.gateway, imap=accounts)

    def poll(self, port: int, patience: Patience | None = None, **changes: Any) -> int:
        return self.poller(self.account(port, **changes), patience).once(wait=False)

    def rows(self) -> list[InboxRow]:
        """The inbox, oldest first."""
        with self.db.read() as tx:
            return inbox.listing(tx)[::-1]

    def raws(self) -> list[bytes]:
        with self.db.read() as tx:
            return [inbox.raw(tx, row.id) for row in inbox.listing(tx)[::-1]]

    def state(self) -> imap.FolderState:
        with self.db.read() as tx:
            return imap.folders(tx)[0]

    def known(self) -> bool:
        """Was a folder ever read to its end?"""
        with self.db.read() as tx:
            return any(one.last_ok_at for one in imap.folders(tx))

    def notes(self, folder: Folder) -> dict[int, str]:
        with self.db.read() as tx:
            noted = imap.noted(tx, "support", "INBOX", folder.uidvalidity)
        return {uid: state for uid, (state, _) in noted.items()}

    def subjects(self) -> Counter[str]:
        """The subjects of all tickets, after filing."""
        Worker(self.db, self.settings()).drain()
        with self.db.read() as tx:
            return Counter(tx.execute(select(schema.ticket.c.subject)).scalars())

    @contextlib.contextmanager
    def running(self, account: ImapAccount, patience: Patience | None = None) -> Iterator[None]:
        """A poller that runs meanwhile, as under `gateway serve`."""
        stop = threading.Event()
        thread = threading.Thread(target=self.poller(account, patience).run, args=(stop,))
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


@pytest.fixture
def house(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("TICKETCTL_IMAP_SUPPORT_PASSWORD", PASSWORD)
    return House(sqlite_db)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """A function: an IMAP server with these capabilities and mails in its INBOX."""
    running: list[Server] = []

    def go(*subjects: str, capabilities: tuple[str, ...] = ALL, **more: Any) -> Server:
        running.append(Server(*capabilities, **more))
        for subject in subjects:
            running[-1].inbox.add(mail(subject))
        return running[-1]

    yield go
    for server in running:
        server.close()


def drop(talk: Talk) -> None:
    raise Drop


def refuse(words: str) -> Callable[[Talk], str]:
    return lambda talk: f"NO {words}"


# ---- real servers


@pytest.fixture(scope="module", params=["pymap", "dovecot"])
def real(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of a real IMAP server."""
    with pymap() if request.param == "pymap" else dovecot() as port:
        yield port


def test_B13_mail_of_a_real_server_comes_as_the_bytes_it_is(house: House, real: int) -> None:
    octets = mail("eight", body=bytes(range(128, 256)) + b"\r\n.\r\nend")
    with client(real) as other:
        other.append("INBOX", octets)
        other.append("INBOX", mail("seen"), flags=[b"\\Seen"])
        other.select_folder("INBOX", readonly=True)
        there = len(other.search())
    assert house.poll(real, done="move:Gelöst ✓") == there
    assert octets in house.raws()
    assert house.poll(real, done="move:Gelöst ✓") == 0
    with client(real) as other:
        assert other.select_folder("INBOX")[b"EXISTS"] == 0
        assert other.select_folder("Gelöst ✓")[b"EXISTS"] == there


def test_B6_idle_brings_mail_at_once_from_a_real_server(house: House, real: int) -> None:
    with house.running(house.account(real, poll=3600, done="delete")):
        until(house.known)
        with client(real) as other:
            other.append("INBOX", mail("woken"))
        until(lambda: mail("woken") in house.raws())


# ---- never lost, never twice


def test_B2_a_mail_is_moved_only_after_it_is_ours(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    taken: list[int] = []
    server.before["UID MOVE"] = lambda talk: taken.append(len(house.rows()))
    assert house.poll(server.port) == 2
    assert taken == [2]
    assert server.inbox.raws() == []
    assert server.folders["Processed"].raws() == house.raws() == [mail("one"), mail("two")]
    assert house.notes(server.inbox) == {}


def test_B2_a_connection_lost_before_the_move_makes_nothing_twice(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    server.before["UID MOVE"] = drop
    with pytest.raises(MailServerTrouble, match="move mail to Processed"):
        house.poll(server.port)
    assert len(house.rows()) == 1
    del server.before["UID MOVE"]
    assert house.poll(server.port) == 0, "it was ours already"
    assert server.folders["Processed"].raws() == [mail("one")]
    assert len(house.rows()) == 1


def test_B2_a_move_that_was_done_but_never_answered_is_noticed(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    server.after["UID MOVE"] = drop
    with pytest.raises(MailServerTrouble):
        house.poll(server.port)
    assert house.poll(server.port) == 0
    assert server.count("UID MOVE") == 1
    assert house.notes(server.inbox) == {}


def test_B3_what_was_read_elsewhere_is_fetched_and_no_flag_is_touched(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve()
    server.inbox.add(mail("read"), "\\Seen")
    server.inbox.add(mail("unread"))
    assert [house.poll(server.port, done="keep") for _ in range(2)] == [2, 0]
    assert [one.flags for one in server.inbox.mails] == [{"\\Seen"}, set()]
    assert server.count("SELECT") == 0, "the folder is opened read-only"
    assert all("PEEK" in one for one in server.said if "BODY" in one)
    server.inbox.add(mail("later"))
    assert house.poll(server.port, done="keep") == 1
    assert house.notes(server.inbox) == {}, "the UID alone says what is done"


def test_B4_a_move_that_is_refused_is_not_tried_for_ever(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one")
    server.before["UID MOVE"] = refuse("[OVERQUOTA] full")
    assert [house.poll(server.port) for _ in range(5)] == [1, 0, 0, 0, 0]
    assert server.count("UID MOVE") == 3
    assert sum("PEEK" in one for one in server.said) == 1
    assert "stays in its folder" in caplog.text and "full" in caplog.text
    assert house.notes(server.inbox) == {1: "filed"}


def test_B4_a_mail_that_cannot_be_moved_does_not_keep_the_others(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two", "three")
    server.before["UID MOVE"] = lambda talk: (
        "NO not that" if "2" in talk.command.split()[2] else None
    )
    assert house.poll(server.port) == 3
    assert server.inbox.uids() == [2]
    assert "not that" in (house.state().error or "")


@pytest.mark.parametrize("trouble", [drop, refuse("read-only")])
def test_B4_a_delete_that_fails_copies_nothing_again(
    house: House, serve: Callable[..., Server], trouble: Callable[[Talk], str | None]
) -> None:
    server = serve("one", capabilities=("UIDPLUS",))
    server.before["UID EXPUNGE"] = trouble
    for _ in range(2):
        with contextlib.suppress(MailServerTrouble):
            house.poll(server.port)
    del server.before["UID EXPUNGE"]
    assert house.poll(server.port) == 0
    assert server.folders["Processed"].raws() == [mail("one")]
    assert server.inbox.raws() == [] and len(house.rows()) == 1


def test_B4_a_server_that_copies_and_hangs_up_makes_few_copies(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    copies = server.folders["Processed"] = Folder()

    def copy_only(talk: Talk) -> None:
        copies.add(mail("one"))
        raise Drop

    server.before["UID MOVE"] = copy_only
    for _ in range(6):
        with contextlib.suppress(MailServerTrouble):
            house.poll(server.port)
    assert len(copies.mails) == 3
    assert len(house.rows()) == 1


def test_B4_a_folder_that_cannot_be_made_costs_no_mail_a_try(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    server.before["CREATE"] = refuse("not under this name")
    assert [house.poll(server.port) for _ in range(5)] == [1, 0, 0, 0, 0]
    assert "not under this name" in (house.state().error or "")
    del server.before["CREATE"]
    house.poll(server.port)
    assert server.folders["Processed"].raws() == [mail("one")]
    assert house.state().error is None


def test_B4_mail_is_not_moved_to_where_it_is_fetched_from(house: House) -> None:
    with pytest.raises(BadInput, match="folder it is fetched from"):
        house.poll(1, done="move:Inbox")


def test_B5_a_new_uidvalidity_is_read_again_and_filed_once(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one", "two")
    assert house.poll(server.port, done="keep") == 2
    server.inbox.renumber()
    server.inbox.add(mail("three"))
    assert house.poll(server.port, done="keep") == 3
    assert "UIDVALIDITY" in caplog.text
    assert house.subjects() == {"one": 1, "two": 1, "three": 1}
    assert house.poll(server.port, done="keep") == 0


# ---- waiting


def test_B6_idle_is_renewed_and_wakes_the_poller(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    with house.running(house.account(server.port, poll=3600), Patience(rest=0.05)):
        until(lambda: server.count("IDLE") > 3)
        server.inbox.add(mail("two"))
        until(lambda: mail("two") in house.raws())
    assert server.count("LOGIN") == 1


def test_B6_without_idle_a_sign_of_life_finds_mail(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve(capabilities=("MOVE",))
    with house.running(house.account(server.port, poll=3600), Patience(rest=0.05)):
        until(lambda: server.count("NOOP") > 0)
        server.inbox.add(mail("one"))
        until(lambda: mail("one") in house.raws())


def deaf(talk: Talk) -> str:
    """IDLE that tells nothing."""
    talk.send("+ idling")
    talk.hear()
    return "OK done"


def test_B6_mail_is_looked_for_besides_idle(house: House, serve: Callable[..., Server]) -> None:
    server = serve()
    with house.running(house.account(server.port, poll=1)):
        until(lambda: server.count("IDLE") > 0)
        server.before["IDLE"] = deaf
        server.inbox.add(mail("one"))
        until(lambda: mail("one") in house.raws())


def test_B6_a_connection_that_dies_in_idle_is_noticed(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one")
    server.before["IDLE"] = drop
    with house.running(house.account(server.port, poll=3600)):
        until(lambda: "wait for mail" in caplog.text)
    assert "wait for mail" in (house.state().error or "")
    assert house.state().last_ok_at is not None


# ---- bad mail, bad answers


def asks_for(talk: Talk, uid: int) -> bool:
    """Is it the body of this mail that is fetched?"""
    return talk.command.startswith(f"UID FETCH {uid} (BODY")


def test_B7_a_mail_that_cannot_be_fetched_is_given_up_and_stops_no_other(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one", "two", "three")
    server.before["UID FETCH"] = lambda talk: "NO broken" if asks_for(talk, 2) else None
    assert [house.poll(server.port) for _ in range(5)] == [2, 0, 0, 0, 0]
    assert server.count("UID FETCH 2 (BODY") == 3
    assert server.inbox.raws() == [mail("two")]
    assert "move it out and back in" in caplog.text
    assert house.state().oldest_waiting_at == datetime(2026, 3, 1, 8, tzinfo=UTC), "B17"


def test_B7_a_mail_that_becomes_readable_is_taken(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    server.before["UID FETCH"] = refuse("not now")
    assert house.poll(server.port) == 0
    del server.before["UID FETCH"]
    assert house.poll(server.port) == 2
    assert house.raws() == [mail("one"), mail("two")]


def test_B7_a_mail_on_which_the_server_dies_does_not_keep_the_others(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    server.before["UID FETCH"] = lambda talk: drop(talk) if asks_for(talk, 1) else None
    for _ in range(4):
        with contextlib.suppress(MailServerTrouble):
            house.poll(server.port)
    assert house.raws() == [mail("two")]
    assert house.notes(server.inbox) == {1: "failed"}


def test_B7_an_empty_body_is_no_mail(house: House, serve: Callable[..., Server]) -> None:
    server = serve("one")
    server.inbox.add(b"", size=500)
    server.inbox.add(mail("three"))
    assert [house.poll(server.port) for _ in range(4)] == [2, 0, 0, 0]
    assert house.notes(server.inbox) == {2: "failed"}
    assert server.count("UID FETCH 2 (BODY") == 3


def test_B7_an_answer_without_sense_is_one_mails_trouble(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")

    def babble(talk: Talk) -> str | None:
        if not asks_for(talk, 1):
            return None
        talk.send("* 1 FETCH (UID one BODY[")
        return "OK done"

    server.before["UID FETCH"] = babble
    assert house.poll(server.port) == 1
    assert house.raws() == [mail("two")]


def test_B7_a_mail_that_the_inbox_cannot_take_does_not_keep_the_others(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    size = len(mail("longer"))
    trap = f"CREATE TRIGGER trap BEFORE INSERT ON inbox WHEN NEW.size = {size} "
    trap += "BEGIN SELECT RAISE(ABORT, 'no'); END"
    house.db.write(lambda tx: tx.execute(text(trap)))
    server.inbox.mails[0].raw = mail("longer")
    for _ in range(3):
        with pytest.raises(DatabaseTrouble, match="stays in its folder"):
            house.poll(server.port)
    assert house.poll(server.port) == 1
    assert house.raws() == [mail("two")]
    assert server.inbox.raws() == [mail("longer")]


def test_B7_a_bug_of_ours_is_one_mails_trouble(
    house: House, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("one", "two")

    def stumble(raw: bytes) -> Mail:
        return {b"two": parse(raw)}[b"two" if b"two@" in raw else b"one"]

    monkeypatch.setattr(imap_folder, "parse", stumble)
    assert house.poll(server.port) == 1
    assert server.inbox.raws() == [mail("one")]


def test_B8_short_answers_lose_nothing_and_the_oldest_comes_first(
    house: House, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_memory, "CHUNK", 2)
    subjects = [f"m{number}" for number in range(7)]
    server = serve(*subjects)
    server.short = True
    assert house.poll(server.port) == 7
    assert house.raws() == [mail(subject) for subject in subjects]
    assert server.inbox.raws() == []


def test_B8_a_long_folder_is_searched_in_pieces(
    house: House, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_session, "_WINDOW", 3)
    server = serve()
    for uid in (2, 3, 11, 12, 13, 40):
        server.inbox.last = uid - 1
        server.inbox.add(mail(f"m{uid}"))
    assert [house.poll(server.port, done="keep") for _ in range(2)] == [6, 0]
    assert house.raws() == server.inbox.raws()


def test_B12_a_mail_that_is_too_big_is_noticed_once_and_stays(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve()
    server.inbox.add(mail("big", body=b"x" * 20_000))
    server.inbox.add(mail("small"))
    assert [house.poll(server.port) for _ in range(3)] == [1, 0, 0]
    assert server.count("UID FETCH 1 (BODY") == 0
    assert server.inbox.uids() == [1]
    assert caplog.text.count("max_message_size") == 1
    assert house.state().oldest_waiting_at is not None


def test_B14_mail_marked_as_deleted_is_not_taken_unless_the_mark_goes(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    server.inbox.mails[0].flags.add("\\Deleted")
    assert [house.poll(server.port) for _ in range(2)] == [1, 0]
    server.inbox.mails[0].flags.clear()
    assert house.poll(server.port) == 1
    assert house.raws() == [mail("two"), mail("one")]


def test_B14_mail_that_vanishes_meanwhile_is_no_trouble(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one", "two", "three")

    def vanish(talk: Talk) -> None:
        if "BODY" in talk.command:
            server.inbox.mails[:] = [one for one in server.inbox.mails if one.uid != 2]

    server.before["UID FETCH"] = vanish
    assert house.poll(server.port) == 2
    assert house.notes(server.inbox) == {}
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


def test_B16_an_answer_that_does_not_come_is_not_waited_for(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    over = threading.Event()
    server.before["UID SEARCH"] = lambda talk: over.wait(30) and None
    with pytest.raises(MailServerTrouble, match="no answer in time to search"):
        house.poll(server.port, QUICK)
    over.set()
    assert "no answer in time" in (house.state().error or "")


def test_B16_a_trickle_is_cut(house: House, serve: Callable[..., Server]) -> None:
    server = serve("one")
    over = threading.Event()

    def trickle(talk: Talk) -> None:
        if "BODY" in talk.command:
            talk.send(b"* 1 FETCH (UID 1 BODY[] {9999}\r\n")
            while not over.wait(0.01):
                talk.send(b"x")

    server.before["UID FETCH"] = trickle
    with pytest.raises(MailServerTrouble, match="fetch a mail"):
        house.poll(server.port, Patience(mail=0.1))
    over.set()
    assert house.notes(server.inbox) == {1: "failed"}


# ---- other people's mail


def test_B18_marks_of_others_are_not_carried_out(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", capabilities=("UIDPLUS",))
    server.inbox.add(mail("theirs"), "\\Deleted")
    assert house.poll(server.port, done="delete") == 1
    assert server.inbox.raws() == [mail("theirs")]
    assert server.count("EXPUNGE") == server.count("CLOSE") == 0


def test_B18_without_move_and_uidplus_mail_stays_and_is_remembered(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", capabilities=())
    assert [house.poll(server.port) for _ in range(3)] == [1, 0, 0]
    assert server.inbox.raws() == [mail("one")] and server.inbox.mails[0].flags == set()
    assert "neither MOVE nor UIDPLUS" in (house.state().error or "")


def test_B15_one_poller_at_a_time(house: House, serve: Callable[..., Server]) -> None:
    server = serve(*[f"m{number}" for number in range(6)])
    pollers = [house.poller(house.account(server.port)) for _ in range(3)]
    threads = [threading.Thread(target=one.once, kwargs={"wait": True}) for one in pollers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(house.rows()) == 6


def test_B15_a_mailbox_that_another_polls_is_left_to_it(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    counts: list[int] = []
    server.before["UID SEARCH"] = lambda talk: counts.append(house.poll(server.port))
    assert house.poll(server.port) == 1
    assert set(counts) == {0}
    assert server.count("LOGIN") == 1


def test_B15_a_lease_that_another_has_is_no_longer_held(sqlite_db: Database) -> None:
    ours, theirs = Lease(sqlite_db, "imap:x"), Lease(sqlite_db, "imap:x")
    assert ours.take() and not theirs.take() and ours.held()
    sqlite_db.write(forget_leases)
    assert theirs.take() and not ours.take() and not ours.held()
    with theirs:
        pass
    assert ours.take()


def test_B19_a_folder_that_is_missing_is_said_and_other_accounts_go_on(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    settings = house.settings(
        house.account(server.port, folder="Anfragen für uns"),
        house.account(server.port, name="billing", mailbox="billing@help.example"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TICKETCTL_IMAP_BILLING_PASSWORD", PASSWORD)
        with pytest.raises(MailServerTrouble, match="Anfragen für uns"):
            poll_all(house.db, settings, (), wait=False)
        assert [row.mailbox for row in house.rows()] == ["billing@help.example"]
        server.folders["Anfragen für uns"] = Folder()
        server.folders["Anfragen für uns"].add(mail("two"))
        assert poll_all(house.db, settings, ("support",), wait=False) == 1


# ---- which mailbox, from whom


def test_all_mail_of_the_account_is_for_its_mailbox(
    house: House, serve: Callable[..., Server]
) -> None:
    with house.db.read() as tx:
        key = meta.key(tx)
    reply = reference.reply_address(key, "billing@help.example", "t", 12, "ana@client.example")
    server = serve()
    to = f"Soporte@help.example, {reply}, billing@help.example, eva@else.example"
    server.inbox.add(b"Return-Path: <>\r\n" + mail("one", to))
    server.inbox.add(mail("two", "eva@else.example"))
    house.poll(server.port)
    first, second = house.rows()
    assert first.mailbox == second.mailbox == "support@help.example"
    assert first.recipients == ("support@help.example", "soporte@help.example", reply)
    assert second.recipients == ("support@help.example",)
    assert (first.envelope_from, second.envelope_from) == ("<>", "")
    assert first.via == "imap"


def test_a_mailbox_that_the_desk_lacks_is_a_sentence(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    with pytest.raises(NotFound, match=r"the desk has no mailbox sales@help\.example"):
        house.poll(server.port, mailbox="sales@help.example")
    assert server.said == []


# ---- connecting


class Waits(threading.Event):
    """A stop event that notes the first pause and ends it."""

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds = timeout or 0.0
        self.set()
        return True


def test_B9_pauses_grow_from_5_seconds_to_15_minutes() -> None:
    backoff = Backoff(random.Random(1))
    pauses = [backoff.failed() for _ in range(12)]
    for expected, pause in zip((5, 10, 20, 40, 80, 160, 320, 640, 900, 900), pauses, strict=False):
        assert expected <= pause <= expected * 1.25
    assert len(set(pauses)) == len(pauses), "no two hosts keep step"
    assert backoff.refused() >= 900
    backoff.reset()
    assert backoff.failed() < 10


def test_B9_a_refused_login_is_loud_and_not_repeated_soon(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve()
    server.before["LOGIN"] = lambda talk: f"NO [AUTHENTICATIONFAILED] no: {talk.command}"
    stop = Waits()
    house.poller(house.account(server.port)).run(stop)
    assert stop.seconds >= 900
    assert [one.levelname for one in caplog.records if "the login failed" in one.message] == [
        "ERROR"
    ]
    assert PASSWORD not in caplog.text + str(house.state()), "not even where the server repeats it"


@pytest.mark.parametrize("trouble", [drop, refuse("[UNAVAILABLE] later")])
def test_B9_a_login_that_fails_without_a_verdict_is_tried_again_soon(
    house: House, serve: Callable[..., Server], trouble: Callable[[Talk], str | None]
) -> None:
    server = serve()
    server.before["LOGIN"] = trouble
    stop = Waits()
    house.poller(house.account(server.port)).run(stop)
    assert 5 <= stop.seconds <= 7


def test_B9_trouble_is_survived(house: House, serve: Callable[..., Server]) -> None:
    server = serve("one")
    server.before["SELECT"] = drop
    stop = Waits()
    house.poller(house.account(server.port)).run(stop)
    assert 5 <= stop.seconds <= 7
    del server.before["SELECT"]
    with house.running(house.account(server.port)):
        until(house.rows)


def test_B10_oauth2_is_said_to_be_missing(house: House) -> None:
    with pytest.raises(BadInput, match="oauth2 is not available yet"):
        house.poll(1, auth="oauth2")


def test_B11_an_unknown_certificate_is_refused_and_a_known_one_taken(
    house: House,
    serve: Callable[..., Server],
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server = serve("one", tls=context)
    with pytest.raises(MailServerTrouble, match="certificate is not trusted"):
        house.poll(server.port, host="localhost", security="tls")
    assert server.said == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert house.poll(server.port, host="localhost", security="tls") == 1


def test_B11_without_starttls_nothing_is_told(house: House, serve: Callable[..., Server]) -> None:
    server = serve("one")
    with pytest.raises(MailServerTrouble, match="STARTTLS"):
        house.poll(server.port, security="starttls")
    assert server.count("LOGIN") == 0


def test_a_server_that_takes_no_clear_password_gets_none(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", capabilities=("LOGINDISABLED",))
    with pytest.raises(MailServerTrouble, match="without TLS"):
        house.poll(server.port)
    assert server.count("LOGIN") == 0


def test_accounts_are_polled_by_name_and_one_that_fails_stops_no_other(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    nobody = house.account(1, name="nobody")
    settings = house.settings(nobody, replace(nobody, name="other"), house.account(server.port))
    with pytest.raises(NotFound, match='no IMAP account "sales"'):
        poll_all(house.db, settings, ("sales",), wait=False)
    with pytest.raises(MailServerTrouble, match="2 IMAP accounts failed") as caught:
        poll_all(house.db, settings, (), wait=False)
    assert len(caught.value.problems) == 2
    assert house.raws() == [mail("one")]
    with pytest.raises(NotFound, match="no \\[\\[imap\\]\\] account"):
        poll_all(house.db, house.settings(), (), wait=False)


# ---- killed


POLLER = """
import sys, threading
from gateway.doors.imap import Poller
from ticketctl.config import Settings
from ticketctl.settings import ImapAccount
from ticketctl.store.engine import Database

account = ImapAccount(name="support", host="127.0.0.1", port=int(sys.argv[2]), security="none",
                      username="support", mailbox="support@help.example")
Poller(Database(sys.argv[1]), Settings(imap=(account,)), account).run(threading.Event())
"""


def forget_leases(tx: Any) -> None:
    """As if a minute had passed since their holders died."""
    tx.execute(delete(schema.lease))


@pytest.mark.parametrize("capabilities", [ALL, ("UIDPLUS",)])
def test_B2_every_mail_is_one_ticket_however_often_the_poller_is_killed(
    house: House, serve: Callable[..., Server], sqlite_url: str, capabilities: tuple[str, ...]
) -> None:
    chance = random.Random(2)
    subjects = [f"m{number}" for number in range(12)]
    server = serve(*subjects, capabilities=capabilities)
    for _ in range(4):
        kill_poller(server, sqlite_url, chance)
        house.db.write(forget_leases)
    house.poll(server.port)
    assert house.subjects() == dict.fromkeys(subjects, 1)
    assert server.inbox.raws() == []
    assert set(server.folders["Processed"].raws()) == {mail(subject) for subject in subjects}


def kill_poller(server: Server, url: str, chance: random.Random) -> None:
    """Let a poller work and kill it at one of its commands, before or shortly after the answer."""
    last, delay = len(server.said) + chance.randint(5, 22), chance.choice((0, 0, 0.002, 0.01))
    command = [sys.executable, "-c", POLLER, url, str(server.port)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}) as process:

        def count() -> None:
            if len(server.said) >= last or server.said[-1] == "IDLE":
                threading.Timer(delay, process.kill).start() if delay else process.kill()

        server.each = count
        until(lambda: process.poll() is not None)
    server.each = lambda: None
