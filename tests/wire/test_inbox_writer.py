"""Recipients are looked up, and mail that arrives together is stored in one commit."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from gateway.receive.inbox_writer import InboxWriter, _Queued, by_mailbox
from gateway.receive.shared_commits import SharedCommits
from gateway.shared import replies
from gateway.shared.replies import Outcome
from ticketctl import clock
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.domain.definition.mailbox_addresses import Directory, Route, split
from ticketctl.domain.loading import load
from ticketctl.errors import DatabaseTrouble
from ticketctl.settings.table import Outgoing, Settings
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox

KEY = b"k" * 32
SUPPORT, BILLING = "support@help.example", "billing@help.example"
TOML = f"""
[desk]
domain = "help.example"
[[mailbox]]
address = "{SUPPORT}"
aliases = ["soporte@ayuda.example", "a-b@help.example"]
[[mailbox]]
address = "{BILLING}"
"""
DIRECTORY = Directory(load.parse(TOML), "bounces@help.example")
SETTINGS = replace(Settings(), outgoing=Outgoing(envelope="bounces@help.example"))
TOKEN = (
    signed_addresses.reply_address(KEY, SUPPORT, "t", 12, "ana@x.example")
    .split("+")[1]
    .split("@")[0]
)
DELIVERY = (
    signed_addresses.bounce_address(KEY, "bounces@help.example", 7).split("+")[1].split("@")[0]
)


@pytest.mark.parametrize(
    ("recipient", "mailbox", "detail"),
    [
        ("support@help.example", SUPPORT, ""),
        ("SUPPORT@Help.Example", SUPPORT, ""),
        ("support@help.example.", SUPPORT, ""),
        ('"support"@help.example', SUPPORT, ""),
        (r'"s\upport"@help.example', SUPPORT, ""),
        ("soporte@AYUDA.example", SUPPORT, ""),
        ("a-b@help.example", SUPPORT, ""),
        ("a-b+d@help.example", SUPPORT, "d"),
        ("support+anything+more@help.example", SUPPORT, "anything+more"),
        ("support+@help.example", SUPPORT, ""),
        (f"support+{TOKEN}@help.example", SUPPORT, TOKEN),
        (f"support+{TOKEN.upper()}@help.example", SUPPORT, TOKEN),
        (f"support-{TOKEN}@help.example", SUPPORT, TOKEN),
        (f"support={TOKEN}@help.example", SUPPORT, TOKEN),
        (f"support--{TOKEN}@help.example", SUPPORT, TOKEN),
        (f"bounces+{DELIVERY}@help.example", "", DELIVERY),
        (f"bounces-{DELIVERY}@help.example", "", DELIVERY),
        ("bounces@help.example", "", ""),
        ("billing@help.example", BILLING, ""),
        ("Postmaster", SUPPORT, ""),
        ("postmaster@help.example", SUPPORT, ""),
        ("ABUSE@ayuda.example", SUPPORT, ""),
    ],
)
def test_recipients_of_the_desk_A16(recipient: str, mailbox: str, detail: str) -> None:
    assert DIRECTORY.route(recipient) == Route(mailbox, detail)
    assert DIRECTORY.is_ours(recipient)


@pytest.mark.parametrize(
    "recipient",
    ["support-sales@help.example", "support--x@help.example", "supportx@help.example", "@help.example",
     "+x@help.example", "help.example", '"support@help.example', "support@@help.example", ""],
)  # fmt: skip
def test_addresses_we_do_not_have_A16(recipient: str) -> None:
    assert DIRECTORY.route(recipient) is None
    assert DIRECTORY.is_ours(recipient)


@pytest.mark.parametrize(
    "recipient", ["support@elsewhere.example", "postmaster@elsewhere.example", "a@[127.0.0.1]"]
)
def test_foreign_addresses_A16(recipient: str) -> None:
    assert DIRECTORY.route(recipient) is None
    assert not DIRECTORY.is_ours(recipient)


def test_a_domain_is_the_same_in_unicode_and_ascii_A16() -> None:
    desk = load.parse('[[mailbox]]\naddress = "info@xn--bcher-kva.example"\n')
    assert Directory(desk, "").route("info@Bücher.example") == Route("info@xn--bcher-kva.example")


def test_bounces_come_to_the_desks_own_domain_when_nothing_is_set() -> None:
    assert Directory(load.parse(TOML), "").route("bounces@help.example") == Route("")


@pytest.mark.parametrize("separator", ["+", "-", "=", "--"])
def test_a_token_is_split_off_at_any_separator_D3(separator: str) -> None:
    assert split(f"A-B{separator}{TOKEN.upper()}@Help.Example") == ("a-b@help.example", TOKEN)


def test_split_takes_no_name_apart() -> None:
    assert split("jean-luc@x.example") == ("jean-luc@x.example", "")
    assert split("a+b+c@x.example") == ("a@x.example", "b+c")


# ---- into the inbox


@pytest.fixture
def writer(db: Database) -> Iterator[InboxWriter]:
    definitions_of(db, TOML)
    writer = InboxWriter(db, SETTINGS.outgoing.envelope)
    yield writer
    writer.close()


def definitions_of(db: Database, toml: str) -> None:
    desk = load.parse(toml)
    db.write(lambda tx: definitions.save(tx, toml, desk, "test", "test", clock.now()))


def mail(
    writer: InboxWriter,
    *recipients: str,
    raw: bytes = b"Subject: x\r\n\r\n",
    sender: str = "a@x.example",
) -> ReceivedMail:
    routes = [(one, route) for one in recipients if (route := writer.route(one))]
    assert len(routes) == len(recipients)
    return ReceivedMail(raw=raw, via="smtp", envelope_from=sender, recipients=by_mailbox(routes))


def test_one_mail_to_two_mailboxes_is_a_row_in_each_and_one_blob_C6(
    db: Database, writer: InboxWriter
) -> None:
    recipients = (SUPPORT, f"bounces+{DELIVERY}@help.example", BILLING, "soporte@ayuda.example")
    receipt = writer.accept(mail(writer, *recipients))
    with db.read() as tx:
        rows = [inbox.get(tx, id) for id in receipt.rows]
    assert receipt.outcome is Outcome.ACCEPTED
    assert {row.mailbox: row.recipients for row in rows} == {
        SUPPORT: (SUPPORT, "soporte@ayuda.example"),
        "": (f"bounces+{DELIVERY}@help.example",),
        BILLING: (BILLING,),
    }
    assert len({row.sha256 for row in rows}) == 1


def test_what_waits_together_shares_a_commit_A1(
    db: Database, writer: InboxWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    write, gate = db.write, threading.Event()

    def counted(work: Callable[..., Any]) -> Any:
        commits.append(1)
        assert gate.wait(30)
        return write(work)

    letters = [mail(writer, SUPPORT, raw=b"%d" % n) for n in range(30)]
    monkeypatch.setattr(db, "write", counted)

    async def all_at_once() -> list[Outcome]:
        tasks = [asyncio.create_task(writer.submit(letters[0]))]
        while not commits:
            await asyncio.sleep(0.01)
        tasks += [asyncio.create_task(writer.submit(letter)) for letter in letters[1:]]
        await asyncio.sleep(0)  # each task runs up to its wait
        gate.set()
        return [receipt.outcome for receipt in await asyncio.gather(*tasks)]

    assert asyncio.run(all_at_once()) == [Outcome.ACCEPTED] * 30
    assert len(commits) == 2
    with db.read() as tx:
        assert len(inbox.listing(tx)) == 30


def test_while_a_commit_hangs_no_mail_is_kept_for_the_next_one_A2(
    db: Database, writer: InboxWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, gate = db.write, threading.Event()

    def hangs(work: Callable[..., Any]) -> Any:
        assert gate.wait(30)
        return write(work)

    monkeypatch.setattr(db, "write", hangs)
    monkeypatch.setattr("gateway.receive.inbox_writer._HANGS_SECONDS", 0.01)
    spool = SpooledTemporaryFile(max_size=10)  # noqa: SIM115 (the writer closes it)

    async def one_by_one() -> list[Outcome]:
        first = asyncio.create_task(writer.submit(mail(writer, SUPPORT, raw=b"1")))
        while writer._commits.seconds() <= 0.01:
            await asyncio.sleep(0.01)
        second = await writer.submit(mail(writer, SUPPORT, raw=b"2"), spool)
        gate.set()
        return [(await first).outcome, second.outcome]

    assert asyncio.run(one_by_one()) == [Outcome.ACCEPTED, Outcome.TROUBLE]
    assert spool.closed
    assert writer.accept(mail(writer, SUPPORT, raw=b"3")).outcome is Outcome.ACCEPTED
    with db.read() as tx:
        assert sorted(inbox.raw(tx, row.id) for row in inbox.listing(tx)) == [b"1", b"3"]


def test_one_bad_mail_fails_alone_A2(
    db: Database, writer: InboxWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = inbox.accept

    def picky(tx: Any, mail: Any, at: Any) -> list[int]:
        if mail.raw == b"bad":
            raise ValueError("secret")
        return accept(tx, mail, at)

    monkeypatch.setattr(inbox, "accept", picky)
    letters = [mail(writer, SUPPORT, raw=raw) for raw in (b"1", b"bad", b"2")]
    outcomes = [receipt.outcome for receipt in writer._commit([_Queued(one) for one in letters])]
    assert outcomes == [Outcome.ACCEPTED, Outcome.TROUBLE, Outcome.ACCEPTED]
    with db.read() as tx:
        assert sorted(inbox.raw(tx, row.id) for row in inbox.listing(tx)) == [b"1", b"2"]


def test_a_spooled_body_is_stored_whole_and_closed_A5(db: Database, writer: InboxWriter) -> None:
    spool = SpooledTemporaryFile(max_size=10)  # noqa: SIM115 (the writer closes it)
    spool.write(b"x" * 1000)
    receipt = asyncio.run(writer.submit(mail(writer, SUPPORT, raw=b""), spool))
    with db.read() as tx:
        assert inbox.raw(tx, receipt.rows[0]) == b"x" * 1000
    assert spool.closed


def test_each_mail_has_one_clean_line_in_the_log_A22(writer: InboxWriter, caplog: Any) -> None:
    with caplog.at_level(logging.INFO, "ticketctl.gateway.smtp"):
        receipt = writer.accept(mail(writer, SUPPORT, sender="a\x1b[31m\u202e@x.example"))
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"inbox={receipt.rows[0]} via=smtp ")
    assert line.endswith(f"to=<{SUPPORT}> size=14 outcome=accepted")
    assert "\x1b" not in line and "\u202e" not in line


def test_connections_that_the_database_cut_are_replaced_A2(
    postgres_url: Callable[[], str],
) -> None:
    url = postgres_url()
    db = Database(url)
    definitions_of(db, TOML)
    writer = InboxWriter(db, SETTINGS.outgoing.envelope)
    assert writer.accept(mail(writer, SUPPORT)).outcome is Outcome.ACCEPTED
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert writer.accept(mail(writer, SUPPORT)).outcome is Outcome.ACCEPTED
    writer.close()
    db.dispose()


def test_a_mailbox_just_added_is_known_before_anybody_is_refused_A16(
    db: Database, writer: InboxWriter
) -> None:
    started = time.monotonic()
    assert asyncio.run(writer.find_route("new@help.example", started)) is Outcome.UNKNOWN_RECIPIENT
    definitions_of(db, TOML + '[[mailbox]]\naddress = "new@help.example"\n')
    # Nothing was asked for a second, yet the mail that starts now must not be refused for ever.
    assert asyncio.run(writer.find_route("new@help.example", time.monotonic())) == Route(
        "new@help.example"
    )


def test_recipients_cost_no_question_each_A16(
    db: Database, writer: InboxWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.route(SUPPORT)
    asked: list[int] = []
    version = definitions.version
    monkeypatch.setattr(definitions, "version", lambda tx: asked.append(1) or version(tx))
    started = time.monotonic()

    async def many() -> None:
        for number in range(200):
            await writer.find_route(f"no{number}@help.example", started)

    asyncio.run(many())
    assert len(asked) <= 1 + (time.monotonic() - started)


def test_a_recipient_that_cannot_be_looked_up_may_come_again_A2(tmp_path: Any) -> None:
    writer = InboxWriter(Database(f"sqlite:///{tmp_path}/none/desk.db"), SETTINGS.outgoing.envelope)
    assert asyncio.run(writer.find_route(SUPPORT, time.monotonic())) is Outcome.TROUBLE


def test_every_outcome_has_a_reply_with_its_codes() -> None:
    for outcome in Outcome:
        code, status, text = replies.line(outcome).split(" ", 2)
        assert status.startswith(f"{code[0]}.") and text


def test_an_unforeseen_error_is_451_and_a_full_disk_452_A2() -> None:
    assert replies.of_error(RuntimeError("db down: secret")) is Outcome.TROUBLE
    assert replies.of_error(DatabaseTrouble("away")) is Outcome.TROUBLE
    assert replies.of_error(OSError(28, "No space left")) is Outcome.DISK_FULL
    full = DatabaseTrouble("the database is full")
    full.__cause__ = psycopg.errors.DiskFull()
    assert replies.of_error(full) is Outcome.DISK_FULL


def test_a_full_database_is_452_A2(sqlite_db: Database) -> None:
    definitions_of(sqlite_db, TOML)
    writer = InboxWriter(sqlite_db, SETTINGS.outgoing.envelope)
    letter = mail(writer, SUPPORT, raw=b"x" * 5_000_000)

    def fill(tx: Tx) -> None:  # on the connection that the next write takes
        (pages,) = tx.run("PRAGMA page_count").fetchone()
        tx.run(f"PRAGMA max_page_count = {pages}")

    sqlite_db.write(fill)
    try:
        assert writer.accept(letter).outcome is Outcome.DISK_FULL
    finally:
        writer.close()


def test_commits_answer_in_order_and_finish_what_waits_before_closing() -> None:
    seen: list[int] = []

    def commit(items: Sequence[int]) -> list[int]:
        time.sleep(0.01)
        seen.extend(items)
        return [item * 2 for item in items]

    commits: SharedCommits[int, int] = SharedCommits(commit, lambda item: 1)
    futures = [commits.submit(number) for number in range(250)]
    commits.close()
    assert [future.result(0) for future in futures] == [number * 2 for number in range(250)]
    assert seen == list(range(250))
    with pytest.raises(RuntimeError):
        commits.submit(1)


def test_a_commit_that_raises_wakes_its_waiters_and_the_next_one_works() -> None:
    def commit(items: Sequence[int]) -> list[int]:
        return [1 // item for item in items]

    commits: SharedCommits[int, int] = SharedCommits(commit, lambda item: 1)
    with pytest.raises(ZeroDivisionError):
        commits.submit(0).result(30)
    assert commits.submit(1).result(30) == 1
    commits.close()
