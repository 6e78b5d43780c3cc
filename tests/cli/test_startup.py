"""What a command imports: nothing that it does not need (F-D15)."""

import subprocess
import sys

import pytest

HEAVY = {"sqlalchemy", "jinja2", "tabulate", "msgspec", "alembic", "xlsxwriter", "psycopg"}


def imported(program: str) -> set[str]:
    """The packages a Python program has imported at its end, by top name."""
    told = "import sys; print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import atexit; atexit.register(lambda: exec({told!r}))\n{program}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


def command_line(*words: str) -> str:
    """A program that runs one command line, which must succeed."""
    return f"from ticketctl.cli.main import main\nmain({list(words)!r})"


def test_the_command_line_itself_imports_nothing_heavy() -> None:
    assert not imported("import ticketctl.cli.main") & HEAVY


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("list", "--help")])
def test_help_and_version_import_nothing_heavy(words: tuple[str, ...]) -> None:
    assert not imported(command_line(*words)) & HEAVY


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("form", ["tsv", "json"])
def test_a_list_imports_neither_templates_nor_tables_nor_the_other_database(
    sqlite_url: str, form: str
) -> None:
    used = imported(command_line("list", "--db", sqlite_url, "--format", form))
    assert "sqlalchemy" in used
    assert not used & (HEAVY - {"sqlalchemy", "msgspec"})


@pytest.mark.usefixtures("home")
def test_on_SQLite_the_dialect_of_PostgreSQL_is_not_imported(sqlite_url: str) -> None:
    new = (
        "new",
        "--db",
        sqlite_url,
        "--customer",
        "eva@x.example",
        "--subject",
        "printer",
        "-m",
        "by phone",
    )
    seen = "import sys\nassert 'sqlalchemy.dialects.postgresql' not in sys.modules"
    program = f"import atexit\natexit.register(lambda: exec({seen!r}))\n{command_line(*new)}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "AssertionError" not in done.stderr
