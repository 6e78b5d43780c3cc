"""`outbox show --raw` writes a recipient's copy as it goes over the wire, also before it goes (L4, L14, L18)."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.run.debug_smtp import DebugSmtpServer, mails
from gateway.send.sender import Sender
from tests.support.paths import DATA
from tests.support.ports import free_port
from ticketctl.cli import main as cli
from ticketctl.settings import load
from ticketctl.store.db.database import Database
from ticketctl.store.queues import outbox
from ticketctl.templating.samples import samples

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
CARL, DORA = "carl@customer.example", "dora@customer.example"


@pytest.fixture
def caught(
    home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The folder of what the outgoing mail server got: for each mail its envelope in two lines, then its bytes."""
    port = free_port()
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:10:00Z")
    monkeypatch.setenv("TICKETCTL_OUTGOING_PORT", str(port))
    server = DebugSmtpServer(tmp_path / "caught", port=port)
    server.start()
    yield tmp_path / "caught"
    server.stop()


@pytest.fixture
def mail(caught: Path, sqlite_db: Database) -> int:
    """A reply to two people, each of whom answers to an address of their own."""
    new = outbox.NewMail(
        kind="survey",
        mailbox="support@help.example",
        to=(CARL,),
        cc=(DORA,),
        subject="[Help] How did we do?",
        message_id="<t1.1@help.example>",
        language="en",
        data=samples("survey")[0],
        at=AT,
    )
    return sqlite_db.write(lambda tx: outbox.queue(tx, new))


def raw(capsys: pytest.CaptureFixture[bytes], mail: int, *more: str) -> bytes:
    assert cli.run(["-q", "outbox", "show", str(mail), "--raw", *more]) == 0
    return capsys.readouterr().out


def test_each_copy_is_what_the_server_gets(
    mail: int, caught: Path, sqlite_db: Database, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = [raw(capsysbinary, mail, "--to", one) for one in (CARL, DORA.upper())]
    Sender(sqlite_db, load.load()).once()
    wire = [one.path.read_bytes().split(b"\r\n", 2)[2] for one in mails(caught)]
    assert before == wire and before[0] != before[1]
    assert [raw(capsysbinary, mail, "--to", one) for one in (CARL, DORA)] == wire
    assert raw(capsysbinary, mail) == wire[0]


def test_the_copies_of_others_are_named(mail: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["outbox", "show", str(mail), "--raw"]) == 0
    assert f"the copy of {CARL}; --to shows those of {DORA}." in capsys.readouterr().err
    assert cli.run(["outbox", "show", str(mail), "--raw", "--to", "eva@x.example"]) == 3
    assert f"its recipients: {CARL}, {DORA}." in capsys.readouterr().err
    assert cli.run(["outbox", "show", str(mail), "--to", CARL]) == 2
    assert "give --raw too" in capsys.readouterr().err


def test_the_copy_is_signed_if_the_key_can_be_read(
    mail: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = tmp_path / "dkim.pem"
    shutil.copyfile(DATA / "dkim.pem", key)
    key.chmod(0o600)
    for name, value in (("DOMAIN", "help.example"), ("SELECTOR", "desk"), ("KEY_FILE", str(key))):
        monkeypatch.setenv(f"TICKETCTL_OUTGOING_DKIM_{name}", value)
    cli.run(["outbox", "show", str(mail), "--raw"])
    assert capsys.readouterr().out.startswith("DKIM-Signature: ")
    key.unlink()
    assert cli.run(["outbox", "show", str(mail), "--raw"]) == 0
    said = capsys.readouterr()
    assert "shown without its DKIM signature: " in said.err and "List-Unsubscribe" in said.out


TEXTS = {
    "fr": "Bonjour Carl,\n\nessayez un redémarrage.",
    "ja": "お調べします。",
    "en": "It prints.\x1b]0;owned\x07\n> quoted",
}


@pytest.mark.parametrize("language", TEXTS)
def test_show_prints_the_text_before_and_after_it_is_sent(
    caught: Path, sqlite_db: Database, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    cli.run(["new", "--customer", CARL, "--subject", "Printer", "-m", "It jams."])
    assert cli.run(["reply", "1", "-m", TEXTS[language], "-y", "--delay", "0"]) == 0
    with sqlite_db.read() as tx:
        number = outbox.listing(tx)[0].id
    capsys.readouterr()
    for state in ("queued", "sent"):
        assert cli.run(["outbox", "show", str(number)]) == 0
        facts, _, text = capsys.readouterr().out.partition("\n\n")
        assert f"{state} {CARL}" in facts
        assert text.startswith(TEXTS[language].partition("\x1b")[0])
        assert "\x1b" not in text and "<html" not in text
        Sender(sqlite_db, load.load()).once()


SAYS = {"resolve": "number 1 solved", "close": "number 1 solved"}


@pytest.mark.parametrize("verb", SAYS)
def test_show_prints_what_an_acknowledgement_says_and_the_reason_stays_inside(
    caught: Path, sqlite_db: Database, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    cli.run(["new", "--customer", CARL, "--subject", "Printer", "-m", "It jams."])
    assert cli.run([verb, "1", "-m", "SECRET reason", "-y"]) == 0
    with sqlite_db.read() as tx:
        number = outbox.listing(tx)[0].id
    capsys.readouterr()
    assert cli.run(["outbox", "show", str(number)]) == 0
    said = capsys.readouterr().out
    assert SAYS[verb] in " ".join(said.partition("\n\n")[2].split())
    assert "SECRET" not in said
    assert cli.run(["outbox", "show", str(number), "--json"]) == 0
    assert "deliveries" in capsys.readouterr().out


def test_show_says_why_a_mail_cannot_be_composed(
    mail: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "templates" / "mail" / "en"
    folder.mkdir(parents=True)
    (folder / "survey.txt.j2").write_text("{{ nonsense() }}")
    monkeypatch.setenv("TICKETCTL_TEMPLATES", str(tmp_path / "templates"))
    assert cli.run(["outbox", "show", str(mail)]) == 0
    said = capsys.readouterr()
    assert CARL in said.out
    assert "shown without its text: " in said.err


@pytest.mark.parametrize("verb", ["wait", "resolve", "close", "reopen", "assign", "edit", "merge"])
def test_help_tells_that_a_reason_is_not_sent(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([verb, "--help"]) == 0
    assert "never sent" in " ".join(capsys.readouterr().out.split())
