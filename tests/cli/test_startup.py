"""What a command imports: nothing that it does not need (F-D15)."""

import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import zip_longest

import pytest
from click.shell_completion import ShellComplete

from tests.support.desk import DeskFixture
from tests.support.paths import TESTS
from ticketctl.cli import main as cli
from ticketctl.cli.command_table import COMMANDS

RARE = {
    "alembic", "jinja2", "lxml", "platformdirs", "psycopg", "sqlalchemy", "tabulate", "wcwidth", "xlsxwriter",
    "asyncio", "email", "grp", "logging", "pathlib", "random", "secrets", "socket", "ssl", "subprocess", "tempfile",
    "urllib", "rich", "textual",
}  # fmt: skip
"""What no common command imports, on SQLite."""
HEAVY = RARE | {"msgspec", "sqlite3"}
"""What a command line imports only to read the desk."""


def imported(program: str) -> set[str]:
    """The packages a Python program has imported at its end, by top name.

    Without `site`, whose finder for an editable install imports some itself.
    """
    told = "import sys; print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import atexit; atexit.register(lambda: exec({told!r}))\n{program}",
        ],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), *sys.path])},
    )
    return set(done.stderr.splitlines()[-1].split())


def command_lines(*lines: str, environs: Sequence[dict[str, str]] = ()) -> str:
    """A program that runs these command lines, each of which must succeed; `environs`: the variables of each."""
    none: dict[str, str] = {}
    runs = list(zip_longest([line.split() for line in lines], environs, fillvalue=none))
    return f"""
import os
from ticketctl.cli.main import main
for words, environ in {runs!r}:
    os.environ.update(environ)
    try:
        main(words)
    except SystemExit as end:
        assert not end.code, words
"""


def test_the_command_line_itself_imports_nothing_heavy() -> None:
    assert not imported("import ticketctl.cli.main") & HEAVY


def test_help_and_version_import_nothing_heavy() -> None:
    assert not imported(command_lines("--version", "--help", "list --help")) & HEAVY


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands_and_options_without_the_desk(shell: str) -> None:
    environs = []
    for line in ("", "li", "list --fo", "show --", "assign 1 --", "reply --"):
        *words, last = line.split(" ")
        typed = " ".join(["ticketctl", *words, last])
        environ = {"_TICKETCTL_COMPLETE": f"{shell}_complete", "COMP_WORDS": typed}
        environ["COMP_CWORD"] = last if shell == "fish" else str(len(words) + 1)
        environs.append(environ)
    assert not imported(command_lines(*[""] * len(environs), environs=environs)) & HEAVY


def test_the_shell_says_of_every_command_what_the_help_says() -> None:
    found = ShellComplete(cli.ticketctl, {}, "ticketctl", "_X").get_completions([], "")
    assert {one.value: one.help for one in found} == {
        name: entry.help for name, entry in COMMANDS.items()
    }


COMMON = [
    *("list", "list --format table", "list --format json", "list status:open", "list --count"),
    *(
        "list --group-by status",
        "show 1",
        "show 1 --json",
        "my --format table",
        "next",
        "history 1",
        "search print",
    ),
    *("board", "assign 1 ben -m his --steal", "comment 1 -m noted", "reply 1 -m Hello"),
]


@pytest.mark.usefixtures("home")
def test_common_commands_import_nothing_rare(
    sqlite_helpdesk: DeskFixture, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_helpdesk.open("Zażółć gęślą jaźń, ご注文の商品")
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    assert not imported(command_lines(*COMMON)) & RARE


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("line", ["show 1", "assign 1 a", "list --segment s", "list owner:a"])
def test_names_of_the_desk_are_completed_without_anything_rare(
    sqlite_helpdesk: DeskFixture, sqlite_url: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_helpdesk.open("Zażółć gęślą jaźń, ご注文の商品")
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    monkeypatch.setenv("_TICKETCTL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"ticketctl {line}")
    monkeypatch.setenv("COMP_CWORD", str(len(line.split())))
    loaded = imported("from ticketctl.cli.main import main\nmain([])")
    assert "sqlite3" in loaded and not loaded & RARE


@pytest.mark.usefixtures("home")
def test_figures_need_no_sqlalchemy(
    sqlite_helpdesk: DeskFixture, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("stats --by owner,tag,customer,week", "report all owner:ana", "report sla --json")
    sqlite_helpdesk.open("a")
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    assert "sqlalchemy" not in imported(command_lines(*lines))


@pytest.mark.usefixtures("home")
def test_on_SQLite_the_dialect_of_PostgreSQL_is_not_imported(sqlite_url: str) -> None:
    new = f"new --db {sqlite_url} --customer eva@x.example --subject printer -m phone"
    seen = "import sys\nassert 'sqlalchemy.dialects.postgresql' not in sys.modules"
    program = f"import atexit\natexit.register(lambda: exec({seen!r}))\n{command_lines(new)}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "AssertionError" not in done.stderr
