"""Every script of pages/ prints exactly what it says. REWRITE_SCRIPTS=1 writes down what they print now."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.shell import Shell, blocks
from ticketctl.cli import main as cli

HERE = Path(__file__).resolve().parent


@pytest.fixture
def shell(
    home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    """A shell in an empty folder, with the desk of desk.toml; ana sits before it on a Monday morning."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "PAGER", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "TICKETCTL_DB": sqlite_url,
        "TICKETCTL_NOW": "2026-03-09T08:00:00Z",
        "TICKETCTL_PAGER": "",
        "TICKETCTL_GATEWAY_SMTP": "127.0.0.1:0",  # or `doctor` says what others listen on
        "TICKETCTL_GATEWAY_LMTP": "127.0.0.1:0",
        "TERM": "xterm",
        "TZ": "UTC",
        "LOGNAME": "ana",
    }.items():
        monkeypatch.setenv(name, value)
    assert cli.run(["apply", "-q", "-y", str(HERE / "desk.toml")]) == 0
    before = dict(os.environ)
    yield Shell(folder)
    os.environ.clear()  # of what a script exported
    os.environ.update(before)


@pytest.mark.parametrize("page", sorted((HERE / "pages").glob("*.txt")), ids=lambda page: page.stem)
def test_script(page: Path, shell: Shell) -> None:
    expected = page.read_text(encoding="utf-8")
    answered = "".join(shell.play(block) for block in blocks(expected))
    if os.environ.get("REWRITE_SCRIPTS"):
        page.write_text(answered, encoding="utf-8")
    assert answered == expected
