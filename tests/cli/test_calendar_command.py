"""calendar list and test as they are typed, and apply looking up holidays."""

import json
from pathlib import Path

import pytest

from ticketctl.cli.main import run

DESK = """
[[calendar]]
name = "madrid"
timezone = "Europe/Madrid"
hours = { mon = ["09:00-18:00"], tue = ["09:00-18:00"], wed = ["09:00-18:00"], fri = ["09:00-18:00"] }
country = "ES"

[[calendar]]
name = "own"
timezone = "UTC"
hours = { mon = ["09:00-12:00", "13:00-17:00"] }
ics = "own.ics"
"""
ICS = """\
BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:{day}
SUMMARY:Moving house
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def folder(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with two calendars, applied from a folder that holds the file of the second."""
    for name, value in {
        "TICKETCTL_DB": sqlite_url,
        "TICKETCTL_NOW": "2026-03-09T08:10:00Z",
        "LOGNAME": "root",
        "TZ": "UTC",
    }.items():
        monkeypatch.setenv(name, value)
    there = home / "desk"
    there.mkdir()
    (there / "own.ics").write_text(ICS.format(day="20260316"), "utf-8")
    (there / "desk.toml").write_text(DESK, "utf-8")
    assert run(["apply", "-q", "-y", str(there / "desk.toml")]) == 0
    return there


def said(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    capfd.readouterr()
    assert run(["calendar", *words]) == 0
    return capfd.readouterr().out


def test_adding_in_the_calendar_s_zone(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ("test", "madrid", "--from", "2026-03-06T16:30", "--add", "4h")
    assert json.loads(said(capfd, *words, "--json")) == {
        "from": "2026-03-06T15:30:00Z",
        "add": 14400,
        "due_at": "2026-03-09T10:30:00Z",
    }
    assert said(capfd, *words, "--explain").splitlines() == [
        "Fri  6 Mar 2026  16:30-18:00   1h30m  2h30m left",
        "Sat  7 Mar 2026  closed until Sun 8 Mar 2026",
        "Mon  9 Mar 2026  09:00-11:30   2h30m  0 left",
        "Due Mon 9 Mar 2026 11:30, 4h after Fri 6 Mar 2026 16:30 (Europe/Madrid).",
    ]


def test_measuring_between_two_times(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ("test", "madrid", "--from", "2026-03-06T15:30:00Z", "--to", "2026-03-09T10:00:00Z")
    assert json.loads(said(capfd, *words, "--json")) == {
        "from": "2026-03-06T15:30:00Z",
        "to": "2026-03-09T10:00:00Z",
        "seconds": 12600,
    }
    assert said(capfd, *words).startswith("3h30m of open time from Fri 6 Mar 2026 16:30 to Mon 9")


def test_the_start_is_now_and_the_empty_name_is_around_the_clock(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(said(capfd, "test", "", "--add", "1h", "--json"))
    assert told["due_at"] == "2026-03-09T09:10:00Z"


def test_holidays_of_country_and_file_are_closed_and_named(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = said(capfd, "test", "madrid", "--from", "2026-04-01T17:00", "--add", "2h", "--explain")
    assert "Fri  3 Apr 2026  closed  (Good Friday)" in words
    words = said(capfd, "test", "own", "--from", "2026-03-16", "--add", "8h", "--explain")
    assert "Mon 16 Mar 2026  closed  (Moving house)" in words


def test_a_file_that_changed_is_a_new_version_though_desk_toml_is_the_same(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = str(folder / "desk.toml")
    capfd.readouterr()
    assert run(["apply", "-y", file]) == 0
    assert "version 1 is in force" in capfd.readouterr().err
    (folder / "own.ics").write_text(ICS.format(day="20260323"), "utf-8")
    assert run(["apply", "-y", file]) == 0
    told = capfd.readouterr()
    assert told.out.splitlines() == [
        "  [[calendar]] own",
        "-   holiday 2026-03-16 Moving house",
        "+   holiday 2026-03-23 Moving house",
    ]
    (folder / "own.ics").unlink()
    assert run(["desk", "rollback", "1", "-y", "-q"]) == 0
    words = said(capfd, "test", "own", "--from", "2026-03-16", "--add", "8h", "--explain")
    assert "(Moving house)" in words


def test_a_file_that_is_gone_refuses_apply_and_changes_nothing(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "own.ics").unlink()
    assert run(["apply", "-y", str(folder / "desk.toml")]) == 6
    assert '$.calendar[1].ics: "own.ics" cannot be read' in capfd.readouterr().err


def test_the_list_names_hours_and_holidays(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    heads, madrid, own = (line.split("\t") for line in said(capfd, "list").splitlines())
    assert heads == ["name", "timezone", "hours", "holidays", "open_now"]
    assert madrid[2] == "mon-wed 09:00-18:00, fri 09:00-18:00"
    assert (int(madrid[3]) > 40, madrid[4]) == (True, "yes")
    assert own == ["own", "UTC", "mon 09:00-12:00 13:00-17:00", "1", ""]
    shape = json.loads(said(capfd, "list", "--json"))[1]
    assert shape["holidays"] == [{"day": "2026-03-16", "name": "Moving house"}]
    assert (shape["holidays_until"], shape["open_now"], shape["country"]) == (
        "2031-12-31",
        False,
        None,
    )


def test_doctor_says_when_holidays_run_out(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for now, warned in (("2031-10-02T00:00:00Z", False), ("2031-10-03T00:00:00Z", True)):
        capfd.readouterr()
        run(["doctor", "--now", now])
        words = "of calendar madrid are known until 2031-12-31; apply desk.toml again."
        assert (words in capfd.readouterr().out) is warned


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("rome", "--add", "4h"), 3, 'no calendar "rome".'),
        (("madrid",), 2, "give either --add DURATION or --to TIME."),
        (("madrid", "--add", "1h", "--to", "today"), 2, "give either --add DURATION or --to TIME."),
        (("madrid", "--add", "4 hours"), 2, '"4 hours" is not a duration'),
        (("madrid", "--from", "soon", "--add", "4h"), 2, '"soon" is not a time'),
        (
            ("madrid", "--from", "9500-01-01", "--add", "4h"),
            2,
            "is too far away: give a time from 1900 to 8999",
        ),
        (("madrid", "--from", "0002-01-01", "--to", "today"), 2, "is too far away"),
        (("madrid", "--from", "today", "--to", "yesterday"), 2, "the end is before the start."),
    ],
)
def test_what_cannot_be_reckoned_is_said(
    folder: Path,
    capfd: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    sentence: str,
) -> None:
    assert run(["calendar", "test", *words]) == code
    assert sentence in capfd.readouterr().err
