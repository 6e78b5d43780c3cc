"""`ticketctl canned`, and canned replies in `reply`, `new`, `doctor` and after TAB."""

import json
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from ticketctl.cli import main as cli
from ticketctl.cli.shared import completion as offering
from ticketctl.store.db.database import Database
from ticketctl.store.desk import canned_replies
from ticketctl.store.tickets import messages, tickets

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def site(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with ticket 1, and a folder with two answers."""
    folder = home / "templates"
    (folder / "answers" / "es").mkdir(parents=True)
    (folder / "answers" / "away.txt").write_text("I am away.")
    (folder / "answers" / "es" / "refund.txt").write_text("De un fichero.")
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_TEMPLATES", str(folder))
    run("new", "--customer", "carl@x.example", "--subject", "Refund", "-m", "x")
    return folder


def run(*args: str, code: int = 0) -> None:
    assert cli.run(list(args)) == code


def listed(capsys: Out, *args: str) -> list[tuple[str, str | None, str]]:
    capsys.readouterr()
    run("canned", "list", "--json", *args)
    found = json.loads(capsys.readouterr().out)
    return [(one["name"], one["language"], one["source"]) for one in found]


def after_tab(*words: str) -> dict[str, str | None]:
    *args, incomplete = words
    shell = ShellComplete(cli.ticketctl, {}, "ticketctl", "_X")
    return {one.value: one.help for one in shell.get_completions(args, incomplete)}


def test_former_spellings_work_and_are_not_listed(site: Path, capsys: Out) -> None:
    run("template", "add", "call", "--kind", "ticket", "--subject", "Call back", "-m", "x")
    run("new", "--customer", "dora@x.example", "--template", "call", "-m", "x")
    run("reply", "1", "--template", "away")
    capsys.readouterr()
    run("--template", "{{subject}}", "list", "--sort", "id")
    run("list", "--sort", "id", "--template", "{{messages_count}}")
    assert capsys.readouterr().out == "Refund\nCall back\n1\n1\n"
    for command in ("--help", "reply --help", "new --help", "list --help"):
        run(*command.split())
        assert "template " not in capsys.readouterr().out.replace("row-template", "")


def test_files_are_there_unless_the_team_has_a_text_of_their_name(site: Path, capsys: Out) -> None:
    away, refund = site / "answers" / "away.txt", site / "answers" / "es" / "refund.txt"
    assert listed(capsys) == [("away", None, str(away)), ("refund", "es", str(refund))]
    run("canned", "add", "refund", "-m", "From the team.")
    assert listed(capsys) == [("away", None, str(away)), ("refund", None, "desk")]
    run("canned", "show", "refund", "--language", "es")
    assert capsys.readouterr().out == "From the team.\n"
    run("canned", "edit", "away", "-m", "x", code=3)
    assert f"it is the file {away}." in capsys.readouterr().err
    run("canned", "remove", "away", code=3)


def test_a_file_of_the_site_is_the_answer_until_then(sqlite_db: Database) -> None:
    run("reply", "1", "--canned", "away", "-m", "Ana")
    with sqlite_db.read() as tx:
        assert messages.of(tx, 1)[-1].text == "I am away.\n\nAna"


def test_a_template_is_written_and_changed_in_the_editor(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "1s/^/More. /" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("TICKETCTL_EDITOR", str(editor))
    run("canned", "add", "new", "-e")
    run("canned", "edit", "new", "-e")
    run("canned", "edit", "new", code=2)
    with sqlite_db.read() as tx:
        assert canned_replies.every(tx)[0].text == "More. More."


def test_several_languages_want_to_be_named(capsys: Out) -> None:
    run("canned", "add", "one", "--language", "es_MX", "-m", "Hola")
    run("canned", "edit", "one", "-m", "Buenas")
    run("canned", "add", "one", "--language", "cs", "-m", "Dobrý den")
    run("canned", "edit", "one", "-m", "x", code=2)
    assert "choose one: --language cs, es-mx." in capsys.readouterr().err
    run("canned", "remove", "one", "--language", "cs")
    assert [one[:2] for one in listed(capsys, "Buenas")] == [("one", "es-mx")]


def test_impossible_canned_replies_are_refused(sqlite_db: Database) -> None:
    for line, code in (
        ("add x --from-message 1", 2),
        ("add x --from-message 1/9", 3),
        ("add x --from-message 9/1", 3),
        ("add x --from-message 1/1 -m y", 2),
        ("add ../x -m y", 2),
        ("add x", 6),
        ("test away --ticket 9", 3),
        ("test ack --ticket 1", 2),
        ("suggest 9", 3),
        ("remove x", 3),
    ):
        run("canned", *line.split(), code=code)
    run("canned", "replace", "", "x", code=2)
    with sqlite_db.read() as tx:
        assert canned_replies.every(tx) == []


def test_many_tickets_are_changed_only_by_who_says_so_F_T17(
    home: Path, sqlite_db: Database, capsys: Out
) -> None:
    desk = home / "desk.toml"
    desk.write_text(
        '[[mailbox]]\naddress = "a@b.example"\nsegment = "support"\n[[segment]]\nname = "support"\n'
        '[[field]]\non = "ticket"\nname = "note"\ntype = "text"\n'
    )
    run("apply", str(desk), "-y")
    for _ in range(6):
        new = (
            "new",
            "--customer",
            "c@x.example",
            "--subject",
            "s",
            "--set",
            "note=Acme",
            "-m",
            "x",
        )
        run(*new)

    def notes() -> set[str]:
        with sqlite_db.read() as tx:
            return {one.fields["note"] for one in tickets.some(tx, range(2, 8))}

    run("canned", "replace", "Acme", "Bolt", code=2)
    run("canned", "replace", "Acme", "Bolt", "--dry-run", "-y")
    assert notes() == {"Acme"}
    assert "tickets: 6 to change." in capsys.readouterr().err
    run("canned", "replace", "Acme", "Bolt", "-y")
    assert notes() == {"Bolt"}
    run("undo")
    assert notes() == {"Acme"}


def test_completion_offers_canned_replies_with_their_first_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offering, "SECONDS", 10)  # a busy machine is no failure
    run("canned", "add", "call", "--kind", "ticket", "--subject", "Call back", "-m", "x")
    run("canned", "add", "refund", "-m", "On its way,\n{{ customer_name }}")
    answers = {"away": "I am away.", "refund": "On its way, {{ customer_name }}"}
    assert after_tab("reply", "1", "--canned", "") == answers
    assert after_tab("new", "--canned", "") == {"call": "Call back"}
    for verb in ("show", "add", "edit", "remove", "test"):
        assert after_tab("canned", verb, "") == {**answers, "call": "Call back"}


def test_doctor_fills_in_what_the_team_shares_L15(sqlite_db: Database, capsys: Out) -> None:
    run("canned", "add", "good", "-m", "x")
    with sqlite_db.read() as tx:
        (good,) = canned_replies.every(tx)
    from msgspec.structs import replace

    bad = replace(good, name="bad", text="{{ owner }}")
    sqlite_db.write(lambda tx: canned_replies.store(tx, bad))
    capsys.readouterr()
    run("doctor", code=6)
    assert "canned reply bad: line 1: 'owner' is undefined" in capsys.readouterr().out
