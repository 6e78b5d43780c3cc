"""Issue 15, item 9: every line that an error shows is one that works."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.scripts.shell import Shell
from tests.support.home import make_home
from ticketctl.cli import main as cli

SCRIPTS = Path(__file__).parents[1] / "scripts"
PAGE = (SCRIPTS / "pages" / "haste.txt").read_text(encoding="utf-8")
SHOWN = sorted(set(re.findall(r"`(ticketctl [^`]+)`\??", PAGE)))
LINES = [line for line in SHOWN if "--help" not in line]


def enter(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Work in this folder, whose desk.db is the desk."""
    patch.chdir(folder)
    for name, value in {
        "TICKETCTL_DB": f"sqlite:///{folder}/desk.db", "TICKETCTL_NOW": "2026-03-09T08:00:00Z",
        "LOGNAME": "ana", "TZ": "UTC", "TICKETCTL_PAGER": "",
    }.items():  # fmt: skip
        patch.setenv(name, value)


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a desk like that of the scripts with six tickets, to copy."""
    folder = tmp_path_factory.mktemp("haste")
    shutil.copy(sqlite_template, folder / "desk.db")
    with pytest.MonkeyPatch.context() as patch:
        make_home(folder / "home", patch)
        enter(folder, patch)
        assert cli.run(["apply", "-q", "-y", str(SCRIPTS / "desk.toml")]) == 0
        for number in range(1, 7):
            Shell(folder).play(
                f'$ mail "Carl <c{number}@x.example>" "Printer {number}" "Text {number}."'
            )
    return folder / "desk.db"


@pytest.fixture
def desk(home: Path, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk of the scripts with six tickets."""
    shutil.copy(made, tmp_path / "desk.db")
    enter(tmp_path, monkeypatch)


def test_item_9_the_page_has_as_many_lines_as_the_issue_asks_for() -> None:
    assert PAGE.count("\n$ ticketctl ") >= 190
    assert len(LINES) > 60


def test_item_9_no_answer_of_the_page_only_points_to_the_help() -> None:
    """An error says what to type; only those that have no better answer name the help."""
    blocks = [block for block in PAGE.split("\n\n") if block.startswith("$ ticketctl")]
    better = ("did you mean", "write ", "choose ", " takes ", " needs a value")
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
