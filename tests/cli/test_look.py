"""What a list looks like: colours that words say too, columns that fit, charts, and a list that is watched."""

import io
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from ticketctl import text_table
from ticketctl.cli import main as cli
from ticketctl.cli.reference import manual_pages
from ticketctl.cli.views.bars import bar
from ticketctl.console.json_shapes import TICKET
from ticketctl.store.db.database import Database, Tx

NOW = "2026-03-09T09:00:00Z"
LEVELS = {
    1: ("running", "2026-03-09T10:10:00Z", "2026-03-09T09:40:00Z"),
    2: ("running", "2026-03-09T09:20:00Z", "2026-03-09T08:30:00Z"),
    3: ("running", "2026-03-09T07:55:00Z", "2026-03-09T07:00:00Z"),
    4: ("paused", None, None),
}
SUBJECTS = (
    "Printer",
    "Tür 🚪 klemmt",
    "ご注文の商品がまだ届いていませんので至急ご確認ください",
    "x" * 90,
)


class Terminal(io.StringIO):
    """Where a list is looked at."""

    def isatty(self) -> bool:
        return True


Look = Callable[..., str]


@pytest.fixture
def look(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Look:
    """A function that runs a command on a terminal of a width and returns what is seen; four tickets are there."""
    for name, value in {"TICKETCTL_DB": sqlite_url, "TICKETCTL_NOW": NOW, "TZ": "UTC"}.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "CLICOLOR_FORCE", "LC_ALL", "LANG", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for subject in SUBJECTS:
        line = ["new", "-q", "--customer", "carl@customer.example", "--subject", subject]
        assert cli.run([*line, "-m", "x"]) == 0
    db = Database(sqlite_url)

    def set_levels(tx: Tx) -> None:
        for id, (state, due, warn) in LEVELS.items():
            tx.execute(
                text("UPDATE ticket SET sla_state=:s, due_at=:d, warn_at=:w WHERE id=:id"),
                {"s": state, "d": due, "w": warn, "id": id},
            )

    db.write(set_levels)
    db.dispose()

    def run(*words: str, width: int = 80, height: int = 24, code: int = 0) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("LINES", str(height))
        screen = Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        assert cli.run(list(words)) == code
        return screen.getvalue()

    return run


def changing(line: list[str]) -> Callable[[float], None]:
    """What stands in for waiting: the second time a command is run, the fourth time the user has seen enough."""
    waited = 0

    def sleep(_seconds: float) -> None:
        nonlocal waited
        waited += 1
        if waited == 4:
            raise KeyboardInterrupt
        if waited == 2:
            stdout, sys.stdout = sys.stdout, io.StringIO()
            assert cli.run(line) == 0
            sys.stdout = stdout

    return sleep


def plain(seen: str) -> list[str]:
    return re.sub(r"\x1b\[[0-9;]*m", "", seen).splitlines()


def test_colours_are_repeated_in_words_F_C16(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = look("list", "--sort", "id").splitlines()
    late = next(line for line in rows if "breach +1h05m" in line)
    soon = next(line for line in rows if "warn 0h20m" in line)
    assert "\x1b[7mbreach +1h05m\x1b[0m" in late and "\x1b[4mwarn 0h20m\x1b[0m" in soon
    monkeypatch.setenv("NO_COLOR", "1")
    without = look("list", "--sort", "id")
    assert "\x1b" not in without
    for word in ("ok 1h10m", "warn 0h20m", "breach +1h05m", "paused"):
        assert word in without


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("command", ["list", "board"])
def test_nothing_is_wider_than_the_terminal(look: Look, command: str, width: int) -> None:
    assert max(map(text_table.wide, plain(look(command, width=width)))) <= width


def test_a_narrow_table_gives_up_columns_before_the_subject(look: Look) -> None:
    narrow = plain(look("list", width=60))[1].split()
    assert narrow == ["ID", "SLA", "STATUS", "CUSTOMER", "SUBJECT"]
    narrower = plain(look("list", width=45))[1].split()
    assert narrower == ["ID", "SLA", "STATUS", "SUBJECT"]
    assert "UPDATED" in plain(look("list", width=120))[1]
    assert "UPDATED" in plain(look("list", "--columns", "id,subject,updated", width=40))[1]


def test_the_subject_is_cut_last() -> None:
    assert text_table.rooms([30, 40], [1, 5], 56) == [16, 40]
    assert sum(text_table.rooms([30, 80], [1, 5], 56)) <= 56


def test_a_board_has_a_column_a_status_with_right_counts_F_A36(look: Look) -> None:
    assert cli.run(["resolve", "-q", "1", "-m", "x"]) == 0
    head = plain(look("board", "--by", "status", width=120))[0]
    assert re.findall(r"[a-z]+ \d+", head) == [
        "new 3", "open 0", "waiting 0", "escalated 0", "resolved 1", "closed 0",
    ]  # fmt: skip


def test_a_board_fills_the_screen_with_what_other_columns_leave(look: Look) -> None:
    """Six columns stand in two bands at 80; the lower one has nothing, a ticket, or as many as the upper one."""
    line = ["new", "-q", "--customer", "carl@customer.example", "--subject", "Lamp", "-m", "x"]
    for _ in range(60):
        assert cli.run(line) == 0
    for resolved in ("", "5", "6-35"):
        if resolved:
            assert cli.run(["resolve", "-q", "-y", resolved, "-m", "x"]) == 0
        for height in (24, 40):
            lines = plain(look("board", height=height))
            assert height - 4 <= len(lines) < height, lines
            assert [one.split()[0] for one in lines if re.match(r"[a-z]+ [0-9]", one)] == [
                "new", "resolved",
            ]  # fmt: skip


def test_the_names_of_json_are_those_of_its_objects(look: Look) -> None:
    assert tuple(json.loads(look("list", "--json"))[0]) == TICKET


def test_a_bar_fills_its_width_or_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    class Utf8(io.StringIO):
        encoding = "utf-8"

    monkeypatch.setattr(sys, "stdout", Utf8())
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert bar(4, 4, 8) == "█" * 8
    assert bar(1, 64, 8) == "▏"
    assert bar(0, 4, 8) == bar(0, 0, 8) == ""
    monkeypatch.setenv("LC_ALL", "C")
    assert bar(4, 8, 8) == "####"


def test_a_watched_list_is_drawn_anew_only_when_it_changes(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", changing(["close", "-q", "1", "-m", "x"]))
    seen = look("list", "--watch=0.5", "--columns", "id,status", code=130)
    assert seen.count("\x1b[2J") == 2
    assert "closed" in seen.rpartition("\x1b[2J")[2]


def test_a_watched_list_in_a_pipe_adds_what_is_new_or_changed(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", changing(["close", "-q", "2", "-m", "x"]))
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    assert cli.run(["list", "--watch", "--sort", "id", "--json=id,status"]) == 130
    rows = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(row["id"], row["status"]) for row in rows] == [
        (1, "new"), (2, "new"), (3, "new"), (4, "new"), (2, "closed"),
    ]  # fmt: skip


def test_help_names_the_contact_F_A38(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKETCTL_SUPPORT", "desk@help.example")
    assert cli.run(["help"]) == 0
    assert "Questions about this desk: desk@help.example" in capsys.readouterr().out


def test_every_command_has_a_manual_page_whose_lines_are_no_requests_of_the_text() -> None:
    from ticketctl.cli.command_table import COMMANDS

    found = manual_pages.pages()
    assert set(found) == {"ticketctl.1", *(f"ticketctl-{name}.1" for name in COMMANDS)}
    known = {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".BR", ".RI", ".I", ".nf", ".fi", "."}
    for page in found.values():
        assert {
            line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))
        } <= known
