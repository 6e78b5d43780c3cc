"""Issue 15, item 6: the editor of `reply` shows what is answered, and nothing of that gets into the mail."""

import os
from pathlib import Path

import pytest

from tests.scripts.shell import Shell
from ticketctl.store.db.database import Database
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import messages

SECRET = "INTERNA poznámka: refuse any refund above 20"
ASKED = (
    "Printer jams.\\n# ------------------------ >8 ------------------------\\n"
    "#------------------------>8-12345678-------------------------\\nIt smokes, too."
)


@pytest.fixture
def shell(home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell over ticket 1, in which a customer wrote scissors lines and ben a secret comment."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, value in {
        "TICKETCTL_DB": sqlite_url,
        "TICKETCTL_NOW": "2026-03-09T08:00:00Z",
        "XDG_STATE_HOME": str(home / "state"),
        "COLUMNS": "80",
        "TICKETCTL_EDITOR": "./editor",
        "TZ": "UTC",
    }.items():
        monkeypatch.setenv(name, value)
    desk = Path(__file__).parents[1] / "scripts" / "desk.toml"
    ready = Shell(folder)
    ready.play(f"$ ticketctl apply -q -y {desk}")
    monkeypatch.setenv("LOGNAME", "ana")
    ready.play(f'$ mail "Dora <dora@customer.example>" "Printer" "{ASKED}" --attach photo.txt')
    assert "comment 1" in ready.play(f'$ ticketctl comment 1 -m "{SECRET}"')
    return ready


def edit_with(script: str) -> None:
    """Make a shell script the editor; `seen` is the file as the editor gets it."""
    path = Path("editor")
    path.write_text(f'#!/bin/sh\ncp "$1" seen\n{script}\n', encoding="utf-8")
    path.chmod(0o755)


def sent(db: Database) -> list[str]:
    """The texts of the replies in the outbox, oldest first."""
    with db.read() as tx:
        rows = [row for row in outbox.listing(tx)[::-1] if row.kind == "reply"]
    return [str(row.data["text"]) for row in rows]


def test_item_6_the_editor_shows_recipients_subject_attachments_and_the_last_entries(
    shell: Shell,
) -> None:
    Path("offer.pdf").write_bytes(b"%PDF" * 1000)
    edit_with("sed -i '1s/^/Hello\\n/' \"$1\"")
    shell.play("$ ticketctl reply 1 -e --cc eve@customer.example --attach offer.pdf")
    above, below = Path("seen").read_text("utf-8").split("\n#------------------------>8-", 1)
    assert above == ""
    shown = below.splitlines()[1:]
    assert all(line.startswith("#") and len(line) <= 80 for line in shown)
    assert "# To:       dora@customer.example" in shown
    assert "# Cc:       eve@customer.example" in shown
    assert "# Subject:  Re: [Help #1] Printer" in shown
    assert "# Attached: offer.pdf (4 kB)" in shown
    customer = shown.index("# --- customer, Dora, Mon 2026-03-09 08:00, message 1 ---")
    internal = shown.index("# --- INTERNAL, ana, Mon 2026-03-09 08:00, comment 1 ---")
    assert customer < shown.index("# Printer jams.") < shown.index("# [1] photo.txt") < internal
    assert shown[internal + 1] == f"# {SECRET}"


EDITORS = {
    "writes above the line": "sed -i '1s/^/Hello Dora\\n/' \"$1\"",
    "saves CRLF": "sed -i '1s/^/Hello Dora\\n/; s/$/\\r/' \"$1\"",
    "saves a byte order mark": "sed -i '1s/^/\\xef\\xbb\\xbfHello Dora\\n/' \"$1\"",
    "overwrites the file": "printf 'Hello Dora' > \"$1\"",
    "breaks lines at 60": 'sed -i \'1s/^/Hello Dora\\n/\' "$1"; fmt -w 60 "$1" > x; cp x "$1"',
    "joins all lines": "sed -i '1s/^/Hello Dora\\n/' \"$1\"; tr '\\n' ' ' < \"$1\" > x; cp x \"$1\"",
    "folds at 20": 'sed -i \'1s/^/Hello Dora\\n/\' "$1"; fold -w 20 "$1" > x; cp x "$1"',
    "indents all": "sed -i '1s/^/Hello Dora\\n/; s/^/    /' \"$1\"",
}


@pytest.mark.parametrize("script", EDITORS.values(), ids=EDITORS)
def test_item_6_what_is_below_the_line_never_goes_whatever_the_editor_does(
    shell: Shell, sqlite_db: Database, script: str
) -> None:
    edit_with(script)
    assert "message 2 queued" in shell.play("$ ticketctl reply 1 -e")
    assert sent(sqlite_db) == ["Hello Dora"]


LOSE = {
    "deletes the line": "sed -i '/>8/d; 1s/^/Hello Dora\\n/' \"$1\"",
    "deletes it and joins": "sed -i '/>8/d' \"$1\"; tr '\\n' ' ' < \"$1\" > x; cp x \"$1\"",
    "quotes all of it": "sed -i '/>8/d; s/^/> /; 1s/^/Hello\\n/' \"$1\"",
    "makes dashes long": "sed -i 's/--/—/g; 1s/^/Hello Dora\\n/' \"$1\"",
    "writes below the line": "echo 'Hello Dora' >> \"$1\"",
}


@pytest.mark.parametrize("script", LOSE.values(), ids=LOSE)
def test_item_6_a_text_without_its_end_is_refused_and_kept(
    shell: Shell, sqlite_db: Database, script: str
) -> None:
    edit_with(script)
    said = shell.play("$ ticketctl reply 1 -e")
    assert "?6" in said and "--recover` continues with it" in said
    assert sent(sqlite_db) == []
    edit_with(":")  # the text as it was kept, left as it is
    shell.play("$ ticketctl reply 1 --recover")
    assert not any(SECRET in text for text in sent(sqlite_db))


def test_item_6_to_message_quotes_it_above_the_line_and_the_text_may_stand_between(
    shell: Shell, sqlite_db: Database
) -> None:
    edit_with("sed -i '1s/^/Dear Dora,\\n/; s/^> Printer jams.$/&\\nWhere?/' \"$1\"")
    shell.play("$ ticketctl reply 1 -e --to-message 1")
    (text,) = sent(sqlite_db)
    lines = text.splitlines()
    assert lines[0] == "Dear Dora," and "Dora wrote:" in text
    assert lines[lines.index("> Printer jams.") + 1] == "Where?"
    assert lines[-1] == "> It smokes, too."
    assert text.count("Printer jams.") == 1 and SECRET not in text
    with sqlite_db.read() as tx:
        assert "quote" not in outbox.listing(tx)[0].data


def test_item_6_a_quotation_left_as_it_is_stands_in_the_mail_once(
    shell: Shell, sqlite_db: Database
) -> None:
    edit_with("sed -i '1s/^/Dear Dora,\\n/' \"$1\"")
    shell.play("$ ticketctl reply 1 -e --to-message 1")
    assert sent(sqlite_db) == ["Dear Dora,"]
    with sqlite_db.read() as tx:
        assert outbox.listing(tx)[0].data["quote"]["author"] == "Dora"
        assert messages.of(tx, 1)[-1].text == "Dear Dora,"


def test_item_6_a_quotation_alone_is_no_text(shell: Shell, sqlite_db: Database) -> None:
    edit_with(":")
    assert "no new text was written" in shell.play("$ ticketctl reply 1 -e --to-message 1")
    assert sent(sqlite_db) == []


@pytest.mark.parametrize(
    "line", ["vim: set modeline:", "/* ex:set tw=1: */", "-*- mode: x; eval: (y) -*-"]
)
def test_item_6_a_customers_text_is_no_setting_of_the_editor(shell: Shell, line: str) -> None:
    shell.play(f'$ mail "Eve <eve@customer.example>" "Hi" "{line}\\nLocal Variables:\\nEnd:"')
    edit_with(":")
    shell.play("$ ticketctl reply 2 -e --to-message 1")
    seen = Path("seen").read_text("utf-8")
    assert "set" in seen or "mode" in seen
    for word in ("vim:", "ex:", "-*-", "Local Variables:"):
        assert word not in seen


def test_item_6_the_preview_is_the_mail_as_it_goes_within_80_columns(shell: Shell) -> None:
    Path("offer.pdf").write_bytes(b"%PDF" * 1000)
    words = "Please switch it off. " * 8
    said = shell.play(
        f'$ echo a | tty ticketctl reply 1 -m "{words}" -m "Bye." --attach offer.pdf'
        " --bcc boss@customer.example"
    )
    lines = [line.removeprefix("2> ") for line in said.splitlines()[1:]]
    assert [line for line in lines if len(line) > 80 and "[s]end" not in line] == []
    assert "  From:     Ana via Help <support@help.example>" in lines
    assert "  To:       dora@customer.example" in lines
    assert "  Bcc:      boss@customer.example" in lines
    assert "  Subject:  Re: [Help #1] Printer" in lines
    assert "  Attached: offer.pdf (4 kB)" in lines
    end = lines.index("  --")
    assert lines[end - 2 : end + 2] == ["  Bye.", "", "  --", "  Ana, Help"]


def test_item_6_enter_alone_does_not_send(shell: Shell, sqlite_db: Database) -> None:
    edit_with("sed -i '1s/$/ indeed/' \"$1\"")
    said = shell.play('$ echo "\\ne\\na" | tty ticketctl reply 1 -m "Yes"')
    assert said.count("[s]end, [e]dit, [c]omment instead, [a]bort:") == 3
    assert said.count("  Yes indeed") == 1
    assert sent(sqlite_db) == []
    shell.play('$ echo "x\\nsend" | tty ticketctl reply 1 -m "Yes"')
    assert sent(sqlite_db) == ["Yes"]
    shell.play('$ echo "n" | tty ticketctl reply 1 -m "No"')
    shell.play('$ echo "y" | tty ticketctl reply 1 -m "Yes again"')
    assert sent(sqlite_db) == ["Yes", "Yes again"]


def test_item_6_reply_m_tells_who_wrote_last(shell: Shell) -> None:
    os.environ["TICKETCTL_NOW"] = "2026-03-09T10:00:00Z"
    assert f"2> ticket 1, last: INTERNAL, ana, 2 h ago: {SECRET[:20]}" in shell.play(
        '$ ticketctl reply 1 -m "Yes."'
    )
    shell.play('$ mail "Dora <dora@customer.example>" "Re: [Help #1] Printer" "Still smokes."')
    said = shell.play('$ ticketctl reply 1 -m "Yes."')
    assert "2> ticket 1, last: customer, Dora, now: Still smokes." in said
