"""What `ticketctl ui` needs, and what it says where that is missing."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.paths import TESTS


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path) -> None:
    for library in Path(sysconfig.get_path("purelib")).iterdir():
        if not library.name.startswith("textual"):
            (tmp_path / library.name).symlink_to(library)
    code = (
        f"import sys; sys.path[:0] = [{str(TESTS.parent)!r}, {str(tmp_path)!r}];"
        "from ticketctl.cli.main import main; main(['ui'])"
    )
    ran = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "pip install 'ticketctl[ui]'" in ran.stderr


@pytest.mark.usefixtures("helpdesk")
def test_without_a_terminal_it_names_the_command_that_prints(
    db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command_line = CommandLine(db_url, monkeypatch, "2026-03-09T08:00:00Z", "root")
    command_line.run("ui", code=2)
    assert "`ticketctl list` prints the tickets" in command_line.errors
