"""Issue 15, item 9: every line that an error shows is one that works."""

import re
import shlex
from pathlib import Path

import pytest

from tests.scripts.shell import Shell
from ticketctl.cli import main as cli

SCRIPTS = Path(__file__).parents[1] / "scripts"
PAGE = (SCRIPTS / "pages" / "haste.txt").read_text(encoding="utf-8")
SHOWN = sorted(set(re.findall(r"`(ticketctl [^`]+)`\??", PAGE)))
LINES = [line for line in SHOWN if "--help" not in line]


@pytest.fixture
def desk(home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk of the scripts with six tickets."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "TICKETCTL_DB": sqlite_url, "TICKETCTL_NOW": "2026-03-09T08:00:00Z", "LOGNAME": "ana",
        "TZ": "UTC", "TICKETCTL_PAGER": "",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert cli.run(["apply", "-q", "-y", str(SCRIPTS / "desk.toml")]) == 0
    for number in range(1, 7):
        Shell(tmp_path).play(
            f'$ mail "Carl <c{number}@x.example>" "Printer {number}" "Text {number}."'
        )


def test_item_9_the_page_has_as_many_lines_as_the_issue_asks_for() -> None:
    assert PAGE.count("\n$ ticketctl ") >= 190
    assert len(LINES) > 60


def test_item_9_no_answer_of_the_page_only_points_to_the_help() -> None:
    """An error says what to type; only those that have no better answer name the help."""
    blocks = [block for block in PAGE.split("\n\n") if block.startswith("$ ticketctl")]
    better = ("did you mean", "Did you mean", "write ", "choose from")
    pointing = [
        block.split("\n")[0]
        for block in blocks
        if "see `ticketctl" in block and not any(words in block for words in better)
    ]
    assert len(pointing) <= 6, pointing


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("line", LINES)
def test_item_9_a_line_that_an_error_shows_is_understood(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may still want a comment, or find another state; it is no slip again."""
    words = shlex.split(line.replace("ADDRESS", "carl@x.example"))[1:]
    code = cli.run([*words, *(["--yes"] if words[0] not in ("--version", "help") else [])])
    assert code in (0, 3, 5, 6, 7), capsys.readouterr().err
