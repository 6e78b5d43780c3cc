"""`ticketctl reply`: canned replies, in the customer's language, with names filled in."""

import io
from pathlib import Path

import pytest

from ticketctl.cli import main as cli
from ticketctl.domain.base.records import Message, OutboxRow
from ticketctl.store.db.database import Database
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import messages


@pytest.fixture
def site(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates, over a desk with ticket 1 (English) and ticket 2 (Spanish)."""
    folder = home / "templates"
    (folder / "answers" / "es").mkdir(parents=True)
    (folder / "answers" / "refund-ok.txt").write_text(
        "Dear {{ customer_name }},\n\nyour refund for {{ tag }} is on its way.\n"
    )
    (folder / "answers" / "es" / "refund-ok.txt").write_text("Hola, {{ customer_name }}\n")
    (folder / "answers" / "bad.txt").write_text("{{ owner }}")
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_TEMPLATES", str(folder))
    for language in ("en", "es"):
        new = (
            "new",
            "--customer",
            f"carl@{language}.example",
            "--subject",
            "{{ 7 * 7 }}",
            "-m",
            "x",
        )
        run(*new)
    return folder


@pytest.fixture(autouse=True)
def spanish(site: Path, sqlite_db: Database) -> None:
    """Ticket 2 is in Spanish."""
    from ticketctl import clock
    from ticketctl.store.tickets import tickets

    sqlite_db.write(lambda tx: tickets.change(tx, 2, at=clock.now(), language="es-MX"))


def run(*args: str, code: int = 0) -> None:
    assert cli.run(list(args)) == code


def said(db: Database, ticket: int) -> str:
    with db.read() as tx:
        found: list[Message] = messages.of(tx, ticket)
        return found[-1].text if found else ""


def sent(db: Database) -> list[OutboxRow]:
    with db.read() as tx:
        return outbox.listing(tx)


def test_a_canned_answer_is_filled_in_and_followed_by_my_words(sqlite_db: Database) -> None:
    run("reply", "1", "--canned", "refund-ok", "-m", "Have a good day.")
    first, *_, last = said(sqlite_db, 1).split("\n\n")
    assert first.startswith("Dear ") and last == "Have a good day."
    assert "your refund for [Help #1] is on its way." in said(sqlite_db, 1)
    assert sent(sqlite_db)[0].data["text"] == said(sqlite_db, 1)


def test_each_customer_gets_it_in_their_language_L15(sqlite_db: Database) -> None:
    run("reply", "1", "2", "--canned", "refund-ok")
    assert said(sqlite_db, 1).startswith("Dear ")
    assert said(sqlite_db, 2).startswith("Hola,")


@pytest.mark.parametrize("name", ["nothing", "../../etc/passwd", "answers/refund-ok", ""])
def test_an_unknown_answer_is_exit_3_and_names_those_there_are(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    run("reply", "1", "--canned", name, code=3)
    assert "known: bad, refund-ok." in capsys.readouterr().err
    assert sent(sqlite_db) == []


def test_where_there_is_no_answer_at_all_it_says_how_to_add_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TICKETCTL_TEMPLATES")
    run("reply", "1", "--canned", "refund-ok", code=3)
    assert "`ticketctl canned add refund-ok`" in capsys.readouterr().err


def test_an_answer_can_say_nothing_internal(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    run("reply", "1", "--canned", "bad", code=2)
    assert "'owner' is undefined" in capsys.readouterr().err
    assert sent(sqlite_db) == []


def test_what_a_customer_wrote_is_filled_in_and_never_evaluated_K8(
    site: Path, sqlite_db: Database
) -> None:
    (site / "answers" / "about.txt").write_text("About {{ ticket_subject }}")
    run("reply", "1", "--canned", "about")
    assert said(sqlite_db, 1) == "About {{ 7 * 7 }}"


def test_an_answer_is_edited_before_it_goes(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/on its way/already there/" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("TICKETCTL_EDITOR", str(editor))
    run("reply", "1", "--canned", "refund-ok", "-e")
    assert "is already there." in said(sqlite_db, 1)
    run("reply", "1", "2", "--canned", "refund-ok", "-e", code=2)


def test_an_image_is_shown_in_the_reply_and_anything_else_is_refused_H28(
    home: Path, sqlite_db: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    picture, page = home / "shot.png", home / "page.html"
    picture.write_bytes(b"\x89PNG")
    page.write_text("<script>")
    run("reply", "1", "-m", "Look.", "--inline", str(page), "-y", code=2)
    assert "'page.html' is not a PNG, JPEG, GIF or WebP image" in capfd.readouterr().err
    run("reply", "1", "-m", "Look.", "--inline", str(picture), "-y")
    assert said(sqlite_db, 1) == "Look.\n\n[shot.png]"
    run("attachment", "list", "1", "--all-inline", "--json")
    assert '"inline":true' in capfd.readouterr().out


@pytest.mark.parametrize(("span", "seconds"), [("30", 30), ("30s", 30), ("1h5m", 3900), ("0", 0)])
def test_a_delay_is_a_span_of_time(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str], span: str, seconds: int
) -> None:
    run("reply", "1", "-m", "Soon.", "--delay", span)
    row = sent(sqlite_db)[0]
    assert row.next_try_at is not None
    assert round((row.next_try_at - row.created_at).total_seconds()) == seconds
    run("reply", "1", "-m", "Soon.", "--delay", "soon", code=2)
    assert '"soon" is not a duration' in capsys.readouterr().err


def test_show_lists_only_the_attachments_where_asked(
    home: Path, sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "log.txt").write_text("x")
    run("reply", "1", "-m", "Look.", "--attach", str(home / "log.txt"))
    capsys.readouterr()
    run("attachment", "list", "1")
    listed = capsys.readouterr().out
    run("show", "1", "--attachments")
    assert "log.txt" in listed and capsys.readouterr().out == listed


def test_no_field_at_all_is_answered_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run("list", "status:closed", "--json=", code=2)
    assert "--json= names no field; the fields are id, subject, " in capsys.readouterr().err


@pytest.fixture
def editor(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor in which an agent writes one line below what is there."""
    path = site / "editor"
    path.write_text("#!/bin/sh\nsed -i '1s/^/An hour of work\\n/' \"$1\"\n")
    path.chmod(0o755)
    monkeypatch.setenv("TICKETCTL_EDITOR", str(path))
    monkeypatch.setenv("XDG_STATE_HOME", str(site / "state"))
    return site / "state" / "ticketctl" / "recover"


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_edited_canned_answer_is_sent_to_the_ticket_on_standard_input(
    editor: Path, sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, "1\n")
    run("reply", "-", "--canned", "refund-ok", "-e", "-y")
    assert said(sqlite_db, 1).startswith("An hour of work\nDear ")
    assert list(editor.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        ("reply", "-", "-e"),
        ("reply", "--query", "subject:nothing", "-e"),
        ("comment", "-", "-e"),
        ("close", "-", "-e"),
        ("edit", "-", "--priority", "high", "-e"),
    ],
)
def test_a_text_that_was_written_for_no_ticket_is_kept(
    editor: Path,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    piped(monkeypatch, "")
    run(*command, "-y")
    (kept,) = editor.iterdir()
    assert kept.read_text().startswith("An hour of work")
    assert "your text is kept in" in capsys.readouterr().err
