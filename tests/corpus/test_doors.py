"""Every mail of the corpus by SMTP, twice: taken, there once, filed by a verdict that fits, rarely answered."""

import io
import json
import re
import shutil
import smtplib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from gateway.intake.worker import Worker
from gateway.parse.parse import parse
from tests.support.once import once
from tests.support.paths import CORPUS
from ticketctl import clock
from ticketctl.cli import main as cli
from ticketctl.domain.base.records import InboxRow, OutboxRow
from ticketctl.domain.loading import load
from ticketctl.settings.table import Gateway, Outgoing, Settings
from ticketctl.store.db import integrity
from ticketctl.store.db.database import Database
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox, outbox
from ticketctl.store.tickets import messages

DESK = """
[desk]
name = "Help"
domain = "help.example"

[[mailbox]]
address = "support@help.example"

[[agent]]
name = "ana"
email = "ana@help.example"

[[segment]]
name = "support"
agents = ["ana"]
"""
SETTINGS = Settings(
    gateway=Gateway(smtp=("127.0.0.1:0",), lmtp=()),
    outgoing=Outgoing(envelope="bounces@help.example"),
)
# Bounces that nothing tells from a human's mail, yet no machine answers them: one forwarded by a person, and one
# from the owner of a list with words of its own.
LIKE_HUMAN = {"sisimai-lhost-sendmail-14", "sisimai-lhost-fml-02"}

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus {CORPUS} is not here"),
]

OUR_SIDE = {"ana@help.example"}
REPORTS = ("is_bounce", "is_feedback_report", "is_dsn_success", "is_delay_notice")

# The keys that `gateway explain` promises.
EXPLAINED = {
    "verdict",
    "class",
    "ticket",
    "reasons",
    "reason_slugs",
    "mails",
    "mail",
    "bounce",
    "flags",
    "proof",
}
MAIL = {
    *("from", "from_name", "sender", "to", "cc", "reply_to", "answer_to", "subject", "message_id"),
    *("in_reply_to", "references", "date", "language", "text", "reply_text", "elided_text"),
    *("signature", "attachments"),
}
ATTACHMENT = {"name", "type", "size", "sha256", "inline"}
FAILED = {"address", "action", "status", "hard", "diagnostic"}
FLAGS = {
    *("is_auto", "is_bounce", "is_list", "is_vacation", "is_delay_notice", "is_dsn_success"),
    *("is_feedback_report", "may_ack"),
}

OpenDoors = Callable[[Database, Settings], AbstractContextManager[dict[str, str]]]


class Fed(Struct, frozen=True):
    """What became of the mails that went in."""

    db: Database
    sent: dict[str, bytes]  # by name, in order
    codes: dict[str, int]
    first: dict[str, InboxRow]
    again: dict[str, InboxRow]
    outgoing: list[OutboxRow]


@cache
def cases() -> dict[str, dict[str, Any]]:
    return {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted(CORPUS.glob("*.json"))
    }


def on_the_wire(name: str) -> bytes:
    """The mail as an MTA sends it: LF becomes CRLF; a bare CR stays what it is."""
    raw = re.sub(rb"(?<!\r)\n", b"\r\n", (CORPUS / f"{name}.eml").read_bytes())
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def send(address: str, raws: dict[str, bytes]) -> dict[str, int]:
    """Hand every mail to the door over one connection; the code of each final answer."""
    host, _, port = address.rpartition(":")
    codes = {}
    with smtplib.SMTP(host, int(port), timeout=60) as client:
        client.ehlo()
        for name, raw in raws.items():
            client.mail("mta@relay.example")
            client.rcpt("support@help.example")
            codes[name], _ = client.data(raw)
    return codes


@pytest.fixture(scope="module")
def new_desk(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Database]]:
    """A function: a fresh desk on SQLite."""
    made: list[Database] = []

    def make() -> Database:
        made.append(desk(tmp_path_factory.mktemp("corpus"), sqlite_template))
        return made[-1]

    yield make
    for db in made:
        db.dispose()


def desk(folder: Path, template: Path) -> Database:
    """A fresh desk in a folder."""
    shutil.copyfile(template, folder / "desk.db")
    db, definition = Database(f"sqlite:///{folder}/desk.db"), load.parse(DESK)
    db.write(lambda tx: definitions.save(tx, DESK, definition, "test", "test", clock.now()))
    return db


def feed(db: Database, open_doors: OpenDoors) -> dict[str, int]:
    """Every mail in once and filed, then every mail in again; the answers of the door."""
    sent = {name: on_the_wire(name) for name in cases()}
    with open_doors(db, SETTINGS) as at:
        codes = send(at["smtp"], sent)
        Worker(db, SETTINGS).drain()
        codes |= {f"{name} again": code for name, code in send(at["smtp"], sent).items()}
        Worker(db, SETTINGS).drain()
    db.dispose()
    return codes


@pytest.fixture(scope="module")
def fed(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, open_doors: OpenDoors
) -> Iterator[Fed]:
    """Every mail in once and filed, then every mail in again; once for all workers, who only read it."""

    def make(folder: Path) -> None:
        codes = feed(desk(folder, sqlite_template), open_doors)
        (folder / "codes.json").write_text(json.dumps(codes))

    folder = once(tmp_path_factory.getbasetemp(), "corpus", make)
    db = Database(f"sqlite:///{folder}/desk.db")
    yield fed_of(db, json.loads((folder / "codes.json").read_text()))
    db.dispose()


def fed_of(db: Database, codes: dict[str, int]) -> Fed:
    """What the desk says of the mails."""
    sent = {name: on_the_wire(name) for name in cases()}
    with db.read() as tx:
        rows = inbox.listing(tx)[::-1]
        outgoing = outbox.listing(tx)
    assert len(rows) == 2 * len(sent) > 1000
    first, again = rows[: len(sent)], rows[len(sent) :]
    summary = Counter(f"{row.state} {row.verdict} {row.class_}" for row in first)
    print("\n", *summary.most_common(), sep="\n")
    return Fed(
        db,
        sent,
        codes,
        dict(zip(sent, first, strict=True)),
        dict(zip(sent, again, strict=True)),
        outgoing,
    )


def test_every_mail_is_taken_with_250_A4(fed: Fed) -> None:
    assert {name: code for name, code in fed.codes.items() if code != 250} == {}


def test_every_mail_is_kept_byte_for_byte_A8(fed: Fed) -> None:
    with fed.db.read() as tx:
        for name, row in fed.first.items():
            assert inbox.raw(tx, row.id) == fed.sent[name], name


def test_every_mail_is_filed_and_none_is_held_H2(fed: Fed) -> None:
    """Nobody need look at a mail that can be read, and all of these can."""
    assert {name: row.error for name, row in fed.first.items() if row.state != "done"} == {}


def test_every_mail_is_there_once_C1(fed: Fed) -> None:
    verdicts = {name: row.verdict for name, row in fed.again.items()}
    assert {name: verdict for name, verdict in verdicts.items() if verdict != "duplicate"} == {}
    filed = [(row.ticket, row.message) for row in fed.first.values() if row.ticket]
    assert len(filed) == len(set(filed)) > 200
    with fed.db.read() as tx:
        tickets = sorted({row.ticket for row in fed.first.values() if row.ticket})
        kept = [(one.ticket, one.n) for ticket in tickets for one in messages.of(tx, ticket)]
    assert sorted(kept) == sorted(filed)


def test_only_copies_are_duplicates_C5(fed: Fed) -> None:
    """A mail that counts as filed before says what one before it said: same sender, subject and words."""
    said: set[tuple[str, str, str]] = set()
    for name, row in fed.first.items():
        mail = parse(fed.sent[name])
        words = (mail.sender.key if mail.sender else "", mail.subject, "".join(mail.text.split()))
        assert row.verdict != "duplicate" or words in said, name
        said.add(words)


def test_mails_of_strangers_do_not_thread_D10(fed: Fed) -> None:
    """The corpus holds one conversation (RFC 2822, appendix A.2); every other mail is for itself."""
    alone = ("new", "spam", "bounce", "duplicate")
    joined = [name for name, row in fed.first.items() if row.verdict not in alone]
    assert joined == ["mail-rfc2822-example07", "mail-rfc2822-example08"]
    conversation = ("mail-rfc2822-example06", *joined)
    assert len({fed.first[name].ticket for name in conversation}) == 1


def test_reports_become_no_tickets_and_other_mails_do_F12(fed: Fed) -> None:
    wrong = {}
    for name, row in fed.first.items():
        expect = cases()[name]["expect"]
        report = any(expect.get(key) for key in REPORTS) or row.class_ in ("bounce", "report")
        fits = row.verdict == "duplicate" or (row.verdict == "bounce") == report
        if not fits or (row.ticket is None) != (row.verdict in ("bounce", "duplicate")):
            wrong[name] = row.verdict
    assert wrong.keys() == LIKE_HUMAN
    wanted = {name for name in fed.first if cases()[name]["expect"].get("ticket_created")}
    without = {name for name in wanted if not fed.first[name].ticket}
    assert all(fed.first[name].verdict == "duplicate" for name in without) and len(without) < 3


def test_ordinary_mails_are_not_taken_for_reports_F5(fed: Fed) -> None:
    people = [name for name, case in cases().items() if "reply-trim" in case["tags"]]
    assert len(people) > 90
    assert {fed.first[name].class_ for name in people} == {"human"}


def test_no_mail_that_must_not_be_answered_is_E14(fed: Fed) -> None:
    outside = [one for one in fed.outgoing if not {*one.to, *one.cc, *one.bcc} <= OUR_SIDE]
    answered = {one.ticket for one in outside}
    silent = [name for name, case in cases().items() if case["expect"].get("auto_ack") is False]
    assert len(silent) > 300
    assert [name for name in silent if fed.first[name].ticket in answered] == []
    assert {one.kind for one in outside} == {"ack"}
    assert len(answered) > 50  # the door does answer people


def test_each_ticket_is_acknowledged_once_at_most_E14(fed: Fed) -> None:
    acks = [one.ticket for one in fed.outgoing if one.kind == "ack"]
    opened = {row.ticket for row in fed.first.values() if row.verdict == "new"}
    assert len(acks) == len(set(acks)) and set(acks) <= opened


def test_the_database_is_sound_afterwards(fed: Fed) -> None:
    with fed.db.read() as tx:
        assert list(integrity.faults(tx, full=True)) == []


def test_replies_join_their_ticket_with_their_new_text_D4_I1(
    new_desk: Callable[[], Database], open_doors: OpenDoors
) -> None:
    """Where the mail before is in a ticket, the reply lands there, trimmed, whatever client wrote it."""
    db = new_desk()
    replies = {
        n: case for n, case in cases().items() if "parent_message_id" in case.get("setup", {})
    }
    assert len(replies) > 90
    with open_doors(db, SETTINGS) as at:
        send(at["smtp"], {name: parent(name) for name in replies})
        send(at["smtp"], {name: on_the_wire(name) for name in replies})
        Worker(db, SETTINGS).drain()
    with db.read() as tx:
        rows = inbox.listing(tx)[::-1]
        opened, joined = rows[: len(replies)], rows[len(replies) :]
        shown = {
            name: messages.get(tx, row.ticket, 2).text
            for name, row in zip(replies, joined, strict=True)
            if row.ticket and row.message == 2
        }
    assert [row.verdict for row in joined] == ["reply"] * len(replies)
    assert [row.ticket for row in joined] == [row.ticket for row in opened]
    wanted = {name: case["expect"].get("reply_text") for name, case in replies.items()}
    told = {name: text for name, text in wanted.items() if text is not None}
    right = [name for name, text in told.items() if shown[name].split() == text.split()]
    assert len(right) >= 0.95 * len(told) > 40, told.keys() - set(right)


def parent(name: str) -> bytes:
    """The mail that a reply of the corpus answers: it opens the ticket."""
    case, sender = cases()[name], parse(on_the_wire(name)).sender
    assert sender is not None
    head = (
        f"From: {sender.email}",
        "To: support@help.example",
        f"Subject: before {name}",
        f"Message-ID: <{case['setup']['parent_message_id']}>",
    )
    return "\r\n".join((*head, "", "The mail before.", "")).encode()


def test_explain_has_the_promised_shape_and_says_what_happens(
    fed: Fed, new_desk: Callable[[], Database], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = new_desk()
    monkeypatch.setenv("TICKETCTL_DB", db.url.text())
    files = [str(CORPUS / f"{name}.eml") for name in cases()]
    with redirect_stdout(io.StringIO()) as out:
        assert cli.run(["gateway", "explain", "--format", "ndjson", *files]) == 0
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["file"] for line in lines] == files
    for line in lines:
        assert set(line) == EXPLAINED | {"file"}
        assert set(line["mail"]) == MAIL
        assert set(line["flags"]) == FLAGS
        assert set(line["bounce"]) == {"recipients", "original_message_id"}
        assert all(set(one) == FAILED for one in line["bounce"]["recipients"])
        assert all(set(one) == ATTACHMENT for one in line["mail"]["attachments"])
    classes = {name: row.class_ for name, row in fed.first.items()}
    assert dict(zip(cases(), (line["class"] for line in lines), strict=True)) == classes
    with db.read() as tx:
        assert inbox.listing(tx) == [] and outbox.listing(tx) == []
