"""The examples for operators are lines that the program takes, at times that schedulers take."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from ticketctl.cli import main as cli
from ticketctl.cli.command_table import COMMANDS
from ticketctl.store.db.database import Database
from ticketctl.store.queues import outbox

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
CRON = [
    line.split(None, 6)
    for line in (EXAMPLES / "crontab").read_text("utf-8").splitlines()
    if re.match(r"[*\d]", line)
]
TIMERS = sorted(EXAMPLES.glob("*.timer"))
SERVICES = [path.with_suffix(".service") for path in TIMERS]


def unit(path: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(
        interpolation=None, strict=False
    )  # systemd takes lists in parts
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(path, "utf-8")
    return found


def command(path: Path) -> list[str]:
    """What a unit runs, with the variable that its last Environment= sets."""
    service = unit(path)["Service"]
    name, _, value = service["Environment"].partition("=")
    return shlex.split(service["ExecStart"].replace(f"${{{name}}}", value))


def parsed(arguments: list[str]) -> None:
    """Take a command line apart as the program does, without doing what it says."""
    command: click.Command = cli.ticketctl
    context = click.Context(command, info_name="ticketctl")
    while isinstance(command, click.Group):
        name, found, arguments = command.resolve_command(context, arguments)
        assert found is not None
        context, command = click.Context(found, parent=context, info_name=name), found
    command.make_context(command.name, arguments, parent=context.parent)


@pytest.mark.parametrize("line", CRON, ids=lambda line: " ".join(line[6].split()[1:3]))
def test_a_line_of_the_crontab_is_a_command_at_a_time(line: list[str]) -> None:
    limits = (59, 23, 31, 12, 7)
    for field, most in zip(line[:5], limits, strict=True):
        assert re.fullmatch(r"\*(/\d+)?|\d+", field)
        assert all(int(number) <= most for number in re.findall(r"\d+", field))
    user, command = line[5], shlex.split(line[6].replace("\\%", "%"))
    assert user == command[0] == "ticketctl" and command[-1] == "-q"
    assert command[1] in COMMANDS
    parsed(command[1:])


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_timer_runs_a_command_once(path: Path) -> None:
    words = command(path)
    assert unit(path)["Service"]["Type"] == "oneshot" and words[-1] == "-q"
    parsed(words[1:])
    timer = unit(path.with_suffix(".timer"))
    assert re.fullmatch(r"Mon(\.\.Fri)? \*-\*-\* \d\d:\d\d:00|\*:0/5", timer["Timer"]["OnCalendar"])
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_the_gateway_is_a_service_that_says_when_it_is_ready() -> None:
    service = unit(EXAMPLES / "ticketctl.service")["Service"]
    assert (service["Type"], service["Restart"]) == ("notify", "always")
    parsed(shlex.split(service["ExecStart"])[1:])


def test_reports_of_cron_are_silent_when_all_is_well(
    sqlite_db: Database,
    sqlite_url: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    lines = [shlex.split(line[6])[1:] for line in CRON] + [command(path)[1:] for path in SERVICES]
    for line in (line for line in lines if line[0] == "report"):
        here = [str(home / Path(word).name) if word.startswith("/") else word for word in line]
        assert cli.run(here) == 0, here
    assert capfd.readouterr() == ("", "")
    with sqlite_db.read() as tx:
        assert [(row.kind, row.to) for row in outbox.listing(tx)] == [
            ("report", ("heads@example.org",)),
            ("report", ("heads@example.org",)),
        ]
    assert (home / "sla.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_systemd_takes_the_time(path: Path) -> None:
    time = unit(path.with_suffix(".timer"))["Timer"]["OnCalendar"]
    subprocess.run(["systemd-analyze", "calendar", time], check=True, capture_output=True)
