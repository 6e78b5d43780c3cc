"""Every way a command line may end: its exit code, one sentence, no traceback."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from ticketctl.cli import command_table
from ticketctl.cli import main as cli
from ticketctl.console.context import App
from ticketctl.store.db.database import Database

PROGRAM = (sys.executable, "-m", "ticketctl")


@pytest.fixture(autouse=True)
def _desk(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:10:00Z")


def fails_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """The exit code of a command in which this error is raised."""

    def broken(app: App) -> str:
        raise error

    monkeypatch.setattr(App, "definition", property(broken))
    return cli.run(["list"])


def test_a_bug_is_one_sentence_without_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fails_with(monkeypatch, KeyError("secret")) == 1
    assert capsys.readouterr().err == (
        "ticketctl: unexpected error (KeyError); this is a bug. "
        "Set TICKETCTL_DEBUG=1 to see where.\n"
    )
    monkeypatch.setenv("TICKETCTL_DEBUG", "1")
    with pytest.raises(KeyError):
        fails_with(monkeypatch, KeyError("secret"))


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert fails_with(monkeypatch, KeyboardInterrupt()) == 130
    assert "interrupted; nothing is half-done" in capsys.readouterr().err


def test_an_operating_system_error_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fails_with(monkeypatch, PermissionError(13, "Permission denied", "/x")) == 1
    assert capsys.readouterr().err == "ticketctl: /x: Permission denied.\n"


def test_a_word_in_another_encoding_changes_nothing(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["new", "--customer", "carl@customer.example", "-m", "x", "--subject", "caf\udce9"]
    assert cli.run(words) == 2
    assert "not UTF-8" in capsys.readouterr().err
    assert cli.run(["list", "--count"]) == 0
    assert capsys.readouterr().out == "0\n"


def everything(command: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    below = [p for name, sub in command.commands.items() for p in everything(sub, (*path, name))]
    return [path, *below]


COMMANDS = [
    path for name in command_table.COMMANDS for path in everything(cli.command_named(name), (name,))
]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*path, "-h"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"Usage: ticketctl {' '.join(path)} ")
    assert said.err == ""


@pytest.mark.parametrize("alias", command_table.ALIASES)
def test_an_alias_is_the_command(alias: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([alias, "-h"]) == 0
    capsys.readouterr()


def test_the_exit_codes_of_help_are_those_of_the_errors(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from ticketctl.errors import DeskError

    assert cli.run(["help", "exit-codes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    told = {int(line.split()[0]) for line in lines if not line.startswith(" ")}
    raised = {kind.exit_code for kind in DeskError.__subclasses__()}
    assert told == raised | {0, 1, 130}


def test_a_topic_is_found_by_what_others_call_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["help", "aliases"]) == cli.run(["help", "shortcuts"]) == 0
    twice = capsys.readouterr().out
    assert twice[: len(twice) // 2] == twice[len(twice) // 2 :]


@pytest.mark.parametrize("topic", ["environment", "formatting", "query", "json", "list"])
def test_help_topics(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["help", topic]) == 0
    assert len(capsys.readouterr().out) > 100


def seeded(count: int) -> None:
    for n in range(count):
        words = ["new", "--customer", "carl@customer.example", "--subject", f"café {n}", "-m", "x"]
        assert cli.run(words) == 0


@pytest.mark.parametrize(
    "words", ["list", "show 1", "show 1 --json", "export", "list --json", "customer list --json"]
)
def test_a_reader_that_has_seen_enough_is_no_error(words: str) -> None:
    seeded(1)
    with subprocess.Popen(
        [*PROGRAM, *words.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "help", "json"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "ticketctl: No space left on device.\n")


@pytest.mark.parametrize(
    "words",
    [
        "show 1 --messages {}",
        "list --limit {}",
        "context 1 {}",
        "edit 1 --important -m x --if-version {}",
        "escalate 1 -m x --level {}",
        "list --now 9999-12-31T23:59:59Z --tz Pacific/Kiritimati",
        "list --now 0001-01-01T00:00:00Z --tz America/Lima",
    ],
)
def test_numbers_and_times_that_fit_nowhere_are_refused(
    words: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seeded(1)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:10:00Z")
    assert cli.run(words.format("9" * 20).split()) == 2
    assert capfd.readouterr().err.startswith("ticketctl: ")


def test_a_workbook_on_a_full_disk_is_told() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    seeded(1)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "export", "--format", "xlsx"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "ticketctl: No space left on device.\n")


def test_an_export_over_a_folder_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    seeded(1)
    assert cli.run(["export", "-o", str(tmp_path)]) == 2
    assert "cannot be written: Is a directory" in capfd.readouterr().err
    assert not [*tmp_path.parent.glob("*.part")]


def test_characters_the_locale_lacks_are_spelled_out() -> None:
    seeded(1)
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*PROGRAM, "list", "--columns", "subject"], env=environment, capture_output=True, check=True
    )
    assert done.stdout == b"subject\ncaf\\xe9 0\n"


def test_the_locale_C_prints_utf_8() -> None:
    seeded(1)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        [*PROGRAM, "list", "--columns", "subject"],
        env=environment | {"LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode() == "subject\ncafé 0\n"


def until_read(fifo: Path, process: subprocess.Popen[str]) -> int:
    """The writing end of a FIFO, as soon as a process reads it."""
    while process.poll() is None:
        with contextlib.suppress(OSError):  # ENXIO: nobody reads it yet
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.01)
    raise AssertionError(f"it ended with {process.returncode}")


def test_ctrl_c_while_waiting_for_text_stores_nothing(sqlite_db: Database, tmp_path: Path) -> None:
    seeded(1)
    text = tmp_path / "text"
    os.mkfifo(text)
    with subprocess.Popen(
        [*PROGRAM, "comment", "1", "-F", str(text)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a job in the background of a shell, as of CI, starts with the signal ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        end = until_read(text, process)
        out = err = None
        while err is None:  # a signal just before it reads is seen only after it has read
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                out, err = process.communicate(timeout=5)
    os.close(end)
    assert process.returncode == 130
    assert out == ""
    assert "comment" not in err
