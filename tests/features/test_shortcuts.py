"""Aliases, columns of saved queries, the query of a shell, quarters and years, charts in a pipe, rounds of --watch."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.shell_completion import ShellComplete

from ticketctl.cli import main as cli
from ticketctl.reports.figures import period

NOW = "2026-03-09T09:00:00Z"


@pytest.fixture
def config(
    home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A desk with three tickets; its config.toml."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_NOW", NOW)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("LOGNAME", "root")
    for subject, priority in (("Lamp", "high"), ("Chair", "low"), ("Table", "high")):
        new = ("new", "--customer", "carl@x.example", "--subject", subject, "-m", "x")
        assert cli.run([*new, "--priority", priority, "-q"]) == 0
    return home / ".config" / "ticketctl" / "config.toml"


def said(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> str:
    """What a command prints, or its errors."""
    capsys.readouterr()
    got = cli.run([*args])
    shown = capsys.readouterr()
    assert got == code, shown.err
    return shown.err if code else shown.out


def ids(capsys: pytest.CaptureFixture[str], *args: str) -> list[int]:
    """The tickets that a command lists."""
    return [one["id"] for one in json.loads(said(capsys, *args, "--json"))]


def test_an_alias_is_a_command_of_ones_own(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Arguments are appended, options too; an alias may begin with another; quotes are read as by the shell."""
    config.write_text(
        '[alias]\nhot = "list priority:high"\nlamps = "hot Lamp"\n'
        "gone = \"close -m 'it is gone'\"\nids = 'hot --json=id'\n"
    )
    assert ids(capsys, "hot") == [3, 1]
    assert ids(capsys, "hot", "Table") == [3]
    assert ids(capsys, "lamps") == [1]
    assert json.loads(said(capsys, "ids")) == [{"id": 3}, {"id": 1}]
    assert said(capsys, "gone", "2") == "2 closed\n"
    assert "it is gone" in said(capsys, "history", "2")
    assert ids(capsys, "--tz", "Europe/Madrid", "hot") == [3, 1]


def test_an_alias_never_replaces_a_command(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a command nor its other name; `doctor` says that the alias is not used."""
    config.write_text('[alias]\nlist = "close 1"\nls = "close 1"\n')
    assert ids(capsys, "list") == [3, 2, 1]
    assert ids(capsys, "ls") == [3, 2, 1]
    cli.run(["doctor", "--json"])
    sentences = [one["sentence"] for one in json.loads(capsys.readouterr().out)]
    assert [one for one in sentences if "the alias" in one] == [
        "the alias list is never used, because a command has that name; rename it.",
        "the alias ls is never used, because a command has that name; rename it.",
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('a = "b"\nb = "a"', "the alias a stands for itself: a → b → a."),
        ('a = "a now"', "the alias a stands for itself: a → a."),
        ('a = "--as ben list"', "must begin with a command"),
        ('a = "close -m \'x"', "no closing quotation"),
        ('a = "lisst"', "there is no command 'lisst'; did you mean list"),
    ],
)
def test_an_alias_that_makes_no_command_is_refused(
    config: Path, capsys: pytest.CaptureFixture[str], line: str, problem: str
) -> None:
    """A loop, options in front, an open quotation mark, a mistyped command."""
    config.write_text(f"[alias]\n{line}\n")
    assert problem in said(capsys, "a", code=2)


def test_aliases_are_in_help_completion_and_settings(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`help`, `help hot`, `hot --help`, the names and arguments in the shell, `config list`."""
    config.write_text('[alias]\nhot = "list priority:high"\n')
    assert "Aliases of config.toml:\n  hot  list priority:high\n" in said(capsys, "help")
    assert "Usage: ticketctl list" in said(capsys, "help", "hot")
    assert "List tickets in a table" in said(capsys, "hot", "--help")
    assert said(capsys, "config", "get", "alias.hot") == "list priority:high\n"
    shell = ShellComplete(cli.ticketctl, {}, "ticketctl", "_X")
    assert [(one.value, one.help) for one in shell.get_completions([], "ho")] == [
        ("hot", "list priority:high")
    ]
    assert "--group-by" in [one.value for one in shell.get_completions(["hot"], "--gr")]


def test_help_and_completion_work_with_a_bad_file(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake in config.toml is told by the commands that need it."""
    config.write_text('[alias]\n"a b" = "list"\n')
    assert "List tickets in a table" in said(capsys, "--help")
    shell = ShellComplete(cli.ticketctl, {}, "ticketctl", "_X")
    assert "list" in [one.value for one in shell.get_completions([], "li")]
    assert "$.alias" in said(capsys, "hot", code=6)


def test_a_saved_query_has_its_columns(
    config: Path, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    """In `list`, inside other queries, in `export`; `--columns` overrides, JSON keeps every field."""
    said(capsys, "query", "save", "hot", "priority:high", "--columns", "subject,id")
    assert said(capsys, "list", "@hot") == "subject\tid\nTable\t3\nLamp\t1\n"
    assert said(capsys, "list", "@hot", "Lamp") == "subject\tid\nLamp\t1\n"
    assert said(capsys, "list", "@hot", "--columns", "id") == "id\n3\n1\n"
    assert said(capsys, "list", "@hot", "columns:priority") == "priority\nhigh\nhigh\n"
    assert said(capsys, "export", "@hot").splitlines() == ["subject,id", "Lamp,1", "Table,3"]
    assert said(capsys, "query", "show", "hot") == "priority:high columns:subject,id\n"
    assert len(json.loads(said(capsys, "list", "@hot", "--json"))[0]) > 20
    said(capsys, "undo")
    assert "no saved query" in said(capsys, "list", "@hot", code=3)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("save", "hot", "open", "--columns", "id,ownr"), "there is no column 'ownr'"),
        (("save", "hot", "open", "-columns:id"), "cannot be negated"),
        (("save", "hot", "open", "columns>id"), "write the columns like columns:id,owner,subject"),
    ],
)
def test_columns_that_do_not_exist_are_refused(
    config: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], problem: str
) -> None:
    """When the query is saved, not when it is used."""
    assert problem in said(capsys, "query", *words, code=2)


def test_a_shell_has_a_default_query(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """TICKETCTL_QUERY comes before one's own default, `list` says so, and a query or --no-default overrides it."""
    said(capsys, "query", "save", "lamps", "Lamp")
    said(capsys, "query", "default", "lamps")
    monkeypatch.setenv("TICKETCTL_QUERY", "priority:low")
    assert ids(capsys, "list") == [2]
    assert cli.run(["list"]) == 0
    assert "priority:low: TICKETCTL_QUERY of this shell (--no-default)" in capsys.readouterr().err
    assert ids(capsys, "list", "Table") == [3]
    assert ids(capsys, "list", "--no-default") == [3, 2, 1]
    monkeypatch.setenv("TICKETCTL_QUERY", "@lamps sort:id")
    assert ids(capsys, "list") == [1]
    monkeypatch.setenv("TICKETCTL_QUERY", "status:")
    assert "status needs a value" in said(capsys, "list", code=2)
    monkeypatch.setenv("TICKETCTL_QUERY", " ")
    assert ids(capsys, "list") == [1]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-Q1", "2026-01-01", "2026-04-01"),
        ("2025-q4", "2025-10-01", "2026-01-01"),
        ("2025-Q2..2025-Q3", "2025-04-01", "2025-10-01"),
        ("this-quarter", "2026-01-01", "2026-04-01"),
        ("last-quarter", "2025-10-01", "2026-01-01"),
        ("last-2q", "2025-07-01", "2026-01-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("this-year", "2026-01-01", "2027-01-01"),
        ("last-year", "2025-01-01", "2026-01-01"),
        ("last-2y", "2024-01-01", "2026-01-01"),
        ("last-month", "2026-02-01", "2026-03-01"),
        ("last-week", "2026-03-02", "2026-03-09"),
    ],
)
def test_periods_are_quarters_and_years(text: str, first: str, last: str) -> None:
    """Whole ones, in the zone of the report; the one before is as long."""
    zone = ZoneInfo("Europe/Madrid")
    now = datetime(2026, 3, 9, 9, tzinfo=UTC)
    found = period.parse(text, now=now, zone=zone)
    days = [at.astimezone(zone).date().isoformat() for at in (found.start, found.end)]
    assert days == [first, last]


def test_a_quarter_is_compared_with_the_one_before() -> None:
    """Three whole months before three whole months."""
    now, zone = datetime(2026, 3, 9, tzinfo=UTC), ZoneInfo("UTC")
    before = period.before(period.parse("2026-Q1", now=now, zone=zone))
    assert (before.start.date().isoformat(), before.end.date().isoformat()) == (
        "2025-10-01",
        "2026-01-01",
    )


def test_quarters_are_times_of_a_query(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`created:2026-Q1` as `created:2026-03`."""
    assert ids(capsys, "list", "created:2026-Q1") == [3, 2, 1]
    assert ids(capsys, "list", "--created", "2025-Q4") == []
    assert ids(capsys, "list", "created<2026-Q2") == [3, 2, 1]


def test_a_chart_in_a_pipe_is_text(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a terminal, as wide as COLUMNS says, without control codes unless they are asked for."""
    monkeypatch.setenv("COLUMNS", "60")
    volume = ("report", "volume", "--by", "priority", "--period", "this-week")
    shown = said(capsys, *volume, "--chart")
    assert "█" in shown
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= 60
    assert "\x1b[1m" in said(capsys, *volume, "--chart", "--color", "always")
    for more in ((), ("--chart", "--format", "tsv")):
        assert "\t" in said(capsys, *volume, *more)


def test_watch_ends_after_its_rounds(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--watch --count 2` looks twice; without --watch, --count is the number of tickets."""
    lines = said(capsys, "list", "--watch=0.1", "--count", "2").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [3, 2, 1]
    assert said(capsys, "list", "--count") == "3\n"
    assert "--rounds" not in said(capsys, "list", "--help")
