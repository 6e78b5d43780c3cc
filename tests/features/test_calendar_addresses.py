"""Holidays from a calendar's web address: read by `apply`, by cron and every day by the gateway; old ones stay."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gateway.run.timer import Timer
from gateway.shared import download
from ticketctl.cli.main import run
from ticketctl.store.db.database import Database

ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//works council//\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;VALUE=DATE:20240624\r
RRULE:FREQ=YEARLY\r
SUMMARY:Sant Joan\r
END:VEVENT\r
END:VCALENDAR\r
"""
MORE = ICS.replace("END:VCALENDAR\r\n", "") + (
    "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20260508T100000Z\r\nDTEND:20260508T120000Z\r\n"
    "SUMMARY:Assembly\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Site(ThreadingHTTPServer):
    """A web server with one calendar; `answer` is a status and what it gives, or where it redirects."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: tuple[int, str] = (200, ICS)
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """Of the calendar."""
        return f"http://127.0.0.1:{self.server_port}/holidays.ics"


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, text = self.server.answer
        if self.path == "/there":
            status, text = 200, MORE
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", text)
        content = text.encode()
        self.send_header("Content-Length", str(len(content) + (text == "cut")))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server on loopback."""
    server = Site()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


class Host:
    """A desk on one host, whose calendar is at the site."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.file = home / "desk.toml"
        self._capsys = capsys

    def write(self, address: str) -> None:
        """Write a desk.toml with this calendar."""
        self.file.write_text(
            '[[calendar]]\nname = "office"\ntimezone = "Europe/Madrid"\n'
            f'hours = {{ mon = ["09:00-18:00"] }}\nics = "{address}"\n'
        )

    def run(self, *args: str, code: int = 0) -> str:
        """What a command prints: data, then notes."""
        self._capsys.readouterr()
        got = run([*args])
        shown = self._capsys.readouterr()
        assert got == code, shown.err
        return shown.out + shown.err

    def apply(self, code: int = 0) -> str:
        """Apply the file."""
        return self.run("apply", str(self.file), code=code)

    def calendar(self) -> dict[str, Any]:
        """The calendar as `calendar list --json` has it."""
        self._capsys.readouterr()
        assert run(["calendar", "list", "--json"]) == 0
        (one,) = json.loads(self._capsys.readouterr().out)
        found: dict[str, Any] = one
        return found

    def days(self) -> list[str]:
        """The holidays of 2026."""
        return [one["day"] for one in self.calendar()["holidays"] if one["day"] >= "2026"][:2]

    def doctor(self) -> str:
        """What `doctor` says of the holidays; nothing if all is well."""
        self._capsys.readouterr()
        run(["doctor", "--json", "--tz", "UTC"])  # fails, as no mail server is here
        found = json.loads(self._capsys.readouterr().out)
        return "".join(one["sentence"] for one in found if one["check"] == "holidays")

    def versions(self) -> list[str]:
        """Who made the versions of the desk, the newest first."""
        self._capsys.readouterr()
        assert run(["desk", "history", "--json"]) == 0
        return [one["actor"] for one in json.loads(self._capsys.readouterr().out)]


@pytest.fixture
def host(
    home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Host:
    """A fresh desk, on 9 March 2026."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:00:00Z")
    monkeypatch.setenv("LOGNAME", "root")
    return Host(home, capsys)


def at(time: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKETCTL_NOW", time)


def test_apply_reads_a_calendar_from_its_address(host: Host, site: Site) -> None:
    """Yearly events are closures of every year, and the address is asked once."""
    host.write(site.address)
    host.apply()
    assert host.days() == ["2026-06-24", "2027-06-24"]
    assert host.calendar()["fetched_at"] == "2026-03-09T09:00:00Z"
    assert site.asked == ["/holidays.ics"]


def test_the_gateway_reads_it_again_every_day(
    host: Host, site: Site, sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before a day is over; what changed becomes a version of the desk, what did not becomes none."""
    host.write(site.address)
    host.apply()
    site.answer = (200, MORE)
    timer = Timer(sqlite_db)
    at("2026-03-10T08:59:00Z", monkeypatch)
    assert timer.once() == 0
    assert len(site.asked) == 1
    at("2026-03-10T09:00:00Z", monkeypatch)
    assert timer.once() == 1
    assert host.days() == ["2026-05-08 12:00-14:00", "2026-06-24"]
    assert host.versions() == ["gateway", "root"]
    at("2026-03-11T09:00:00Z", monkeypatch)
    assert timer.once() == 0
    assert len(site.asked) == 3
    assert len(host.versions()) == 2
    assert "+   holiday 2026-05-08 12:00-14:00 Assembly" in host.run("desk", "diff")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((503, "later"), "the server answers 503 Service Unavailable."),
        ((200, "<html>Sign in</html>"), "what it gives is not an iCalendar file"),
        ((200, "cut"), "the connection broke before its end."),
        ((200, ICS.replace("20240624", "2024")), "has an event"),
        ((302, "http://calendar.example/x.ics"), "it redirects, and"),
        ((302, "file:///etc/hostname"), "Redirection to url 'file:///etc/hostname' is not allowed"),
        ((200, "x" * 3000), "it is larger than"),
    ],
)
def test_holidays_stay_while_the_address_gives_none(
    host: Host,
    site: Site,
    sqlite_db: Database,
    answer: tuple[int, str],
    why: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The timer, cron and `apply` keep the old ones and say why; `doctor` says since when, until it works again."""
    monkeypatch.setattr(download, "MAX_BYTES", 2000)
    host.write(site.address)
    host.apply()
    assert host.doctor() == ""
    site.answer = answer
    at("2026-03-10T09:00:00Z", monkeypatch)
    assert Timer(sqlite_db).once() == 0
    assert host.days() == ["2026-06-24", "2027-06-24"]
    said = host.doctor()
    assert said.startswith("of calendar office are those of Mon 2026-03-09 09:00: ")
    assert why in said
    assert why in host.run("calendar", "fetch", code=9)
    assert f"Note: calendar office keeps its holidays: {site.address}: " in host.apply()
    assert why in host.calendar()["fetch_error"]
    assert host.versions() == ["root"]
    site.answer = (200, MORE)
    at("2026-03-10T10:00:00Z", monkeypatch)  # an hour later, it is tried again
    assert Timer(sqlite_db).once() == 1
    assert host.calendar()["fetch_error"] is None
    assert host.doctor() == ""


def test_a_first_apply_needs_the_calendar(host: Host, site: Site) -> None:
    """Nothing is known yet, so nothing is stored; the path and the reason are named."""
    site.answer = (404, "gone")
    host.write(site.address)
    shown = host.apply(code=6)
    assert f'$.calendar[0].ics: "{site.address}": the server answers 404 Not Found.' in shown
    assert host.versions() == []


def test_another_address_does_not_keep_the_holidays_of_the_former(host: Host, site: Site) -> None:
    """A new address that gives nothing is refused, as a new calendar would be."""
    host.write(site.address)
    host.apply()
    host.write(site.address.replace("holidays", "other"))
    site.answer = (404, "gone")
    host.apply(code=6)


def test_cron_reads_calendars_where_no_gateway_runs(
    host: Host, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`calendar fetch` reads them at once; `doctor` says so if nothing reads them for days."""
    host.write(site.address)
    host.apply()
    assert "Read office: no change." in host.run("calendar", "fetch")
    site.answer = (302, "/there")
    assert "Read office: version 2 of the desk." in host.run("calendar", "fetch")
    assert host.run("calendar", "fetch", "-q") == ""
    at("2026-03-12T10:00:00Z", monkeypatch)
    assert "nothing runs `ticketctl calendar fetch` daily" in host.doctor()


def test_a_desk_without_addresses_asks_nothing(host: Host, sqlite_db: Database) -> None:
    """The daily task costs nothing, and the command says that there is nothing to read."""
    assert Timer(sqlite_db).once() == 0
    assert "No calendar of the desk has a web address." in host.run("calendar", "fetch")


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("webcal://calendar.example/a.ics", "must begin with https://; `webcal:` is not read"),
        ("http://calendar.example/a.ics", "must begin with https://"),
        ("ftp://calendar.example/a.ics", "must begin with https://"),
        ("https://", "is not a web address"),
        ("https://calendar.example:port/a.ics", "is not a web address"),
        ("https://calendar.example/a b.ics", "is not a web address"),
    ],
)
def test_addresses_that_cannot_be_trusted_are_refused(
    host: Host, address: str, problem: str
) -> None:
    """With the path of the key."""
    host.write(address)
    shown = host.apply(code=6)
    assert "$.calendar[0].ics: " in shown
    assert problem in shown
