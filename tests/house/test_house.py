"""The house keeps its plan: arrows between rooms, every command documented."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from pathlib import Path

import pytest

from tests.support import sources
from tests.support.sources import ROOT

TOPS = ("ticketctl", "gateway", "tests")
SOURCES = sources.files("ticketctl", "gateway")


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path, *, top_level_only: bool = False) -> tuple[str, ...]:
    """What a file imports; without what stands under TYPE_CHECKING."""
    return tuple(_imports(path, top_level_only))


def _imports(path: Path, top_level_only: bool) -> Iterator[str]:
    for node in statements(path, top_level_only=top_level_only):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def statements(path: Path, *, top_level_only: bool = False) -> Iterator[ast.AST]:
    """Every node of a file, without those under TYPE_CHECKING."""
    skipped = {
        node
        for branch in sources.nodes(path)
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    nodes = sources.tree(path).body if top_level_only else sources.nodes(path)
    yield from (node for node in nodes if node not in skipped)


def inside(name: str, *rooms: str) -> bool:
    return any(name == room or name.startswith(room + ".") for room in rooms)


def test_every_library_that_is_imported_is_declared() -> None:
    """Not only by chance of another that needs it. Names differ from those of the index here and there."""
    names = {
        "dateutil": "python-dateutil",
        "dkim": "dkimpy",
        "dns": "dnspython",
        "flufl": "flufl.bounce",
    }
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    declared = {
        re.split(r"[ \[<>=;]", line)[0].lower().replace("_", "-")
        for name in (
            "options:install_requires",
            "options.extras_require:metrics",
            "options.extras_require:ui",
        )
        for line in config.get(*name.split(":")).split("\n")
        if line
    }
    nodes = [node for path in SOURCES for node in statements(path)]
    used = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    used |= {
        node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level
    }
    known = {*sys.stdlib_module_names, "ticketctl", "gateway"}
    foreign = {name.partition(".")[0] for name in used} - known
    assert {names.get(one, one).replace("_", "-") for one in foreign} - declared == set()


def test_no_url_is_shown_but_through_its_veil() -> None:
    """SQLAlchemy hides the password, and not those of the query."""
    shown = [
        f"{module(path)}: {node.lineno}"
        for path in SOURCES
        for node in sources.calls(path)
        if ast.unparse(node.func).endswith("render_as_string") and not node.keywords
    ]
    assert shown == []


# (library, the only rooms that may import it)
HOMES = [
    ("sqlalchemy", ("ticketctl.store",)),
    ("alembic", ("ticketctl.store",)),
    ("aiosmtpd", ("gateway",)),
    ("imapclient", ("gateway",)),
    ("smtplib", ("gateway",)),
    ("click", ("ticketctl.ui", "ticketctl.cli", "ticketctl.console", "gateway.run.demo")),
    (
        "jinja2",
        (
            "ticketctl.templating.sandbox",
            "ticketctl.templating.render",
            "ticketctl.reports.formats.templates",
            "gateway.send.compose",
        ),
    ),
    ("xlsxwriter", ("ticketctl.export", "ticketctl.reports.formats")),
    ("prometheus_client", ("gateway.run.metrics",)),
    ("textual", ("ticketctl.ui",)),
    ("rich", ("ticketctl.ui",)),
]


@pytest.mark.parametrize(("library", "homes"), HOMES, ids=lambda value: str(value)[:12])
def test_libraries_stay_at_home(library: str, homes: tuple[str, ...]) -> None:
    wrong = [
        f"{module(path)} imports {name}"
        for path in SOURCES
        if not inside(module(path), *homes)
        for name in imports(path)
        if inside(name, library)
    ]
    assert wrong == []


def test_the_command_line_loads_heavy_libraries_only_when_a_command_needs_them() -> None:
    """So --help and TAB are quick. `*_run.py` is imported when its command runs."""
    heavy = (
        "sqlalchemy",
        "jinja2",
        "tabulate",
        "xlsxwriter",
        "ticketctl.store",
        "ticketctl.actions",
        "gateway",
    )
    wrong = [
        f"{module(path)} imports {name}"
        for path in SOURCES
        if inside(module(path), "ticketctl.cli", "ticketctl.console")
        and not path.stem.endswith("_run")
        for name in imports(path, top_level_only=True)
        if inside(name, *heavy) or name.endswith("_run")
    ]
    assert wrong == []


def test_the_reference_is_what_the_program_says(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "ticketctl.cli.reference.write", str(tmp_path)], cwd=ROOT, check=True
    )
    manual = sorted(path.relative_to(tmp_path) for path in tmp_path.glob("man/*"))
    assert manual == sorted(path.relative_to(ROOT / "docs") for path in ROOT.glob("docs/man/*"))
    for page in (Path("commands.md"), Path("settings.md"), Path("desk.md"), *manual):
        said = (tmp_path / page).read_text(encoding="utf-8")
        kept = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert kept == said, f"docs/{page} is not what the program says: run `make docs`"


def test_every_command_is_in_the_reference() -> None:
    from ticketctl.cli.command_table import COMMANDS

    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"### ticketctl {name}\n" not in page] == []


def test_every_key_of_the_desk_is_explained_and_no_other() -> None:
    from msgspec.structs import fields

    from ticketctl.cli.reference.desk_keys import MEANINGS, TABLES

    keys = {table.__name__: [field.name for field in fields(table)] for _, _, table in TABLES}
    assert {name: list(meanings) for name, meanings in MEANINGS.items()} == keys


def test_no_file_names_a_path_of_a_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("not a git checkout")
    machine = ("/" + "work/", "/" + "root/.", "pypi" + "-more")
    wrong = []
    for name in filter(None, tracked.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and any(
            mark in path.read_bytes().decode("utf-8", "replace") for mark in machine
        ):
            wrong.append(name)
    assert wrong == []


def test_every_file_that_a_sentence_names_exists() -> None:
    """A file that was moved or renamed leaves its name in docstrings and pages."""
    files = [f"/{path.relative_to(ROOT)}" for top in TOPS for path in (ROOT / top).rglob("*.py")]
    pages = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md", *SOURCES]
    named = {
        (str(page.relative_to(ROOT)), name)
        for page in pages
        for name in re.findall(r"(?<![\w./*-])[\w/]*\w\.py\b", page.read_text(encoding="utf-8"))
    }
    wrong = {one for one in named if not any(file.endswith(f"/{one[1]}") for file in files)}
    assert wrong == set()
