"""A response of another program with several questions and a link to it: kept, shown, in JSON (F-Q10, F-Q18)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import DESK
from ticketctl.cli import main as cli

SURVEY = '[[survey]]\nname = "csat"\n'
LINE = {
    "survey": "csat",
    "customer": "dora@x.example",
    "rating": 2,
    "comment": "too slow",
    "id": "a1",
    "answers": [
        {"question": "Co jste koupili?", "answer": ["lampu", "židli"]},
        {"question": "どこで知りましたか", "answer": "友達\nから"},
        {"question": "How many times?", "answer": 3},
        {"question": "Would you come again?", "answer": False},
        {"question": "Anything else?", "answer": None},
    ],
    "url": "https://survey.example/r/a1?x=1&y=2",
}
SAID = [
    {"question": "Co jste koupili?", "answer": "lampu, židli"},
    {"question": "どこで知りましたか", "answer": "友達\nから"},
    {"question": "How many times?", "answer": "3"},
    {"question": "Would you come again?", "answer": "no"},
    {"question": "Anything else?", "answer": ""},
]


class Host:
    """A desk that takes lines, as its admin."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def run(self, *args: str, code: int = 0) -> str:
        """What a command prints, or its errors."""
        self._capsys.readouterr()
        got = cli.run([*args])
        shown = self._capsys.readouterr()
        assert got == code, shown.err
        return shown.err if code else shown.out

    def ingest(self, *lines: dict[str, Any], code: int = 0) -> str:
        """Take lines in and file them."""
        file = self._folder / "lines.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in lines))
        said = self.run("gateway", "ingest", "--channel", "form", str(file), code=code)
        self.run("gateway", "file", "-q")
        return said

    def response(self, ticket: int) -> dict[str, Any]:
        """`show --response --json`."""
        found: dict[str, Any] = json.loads(self.run("show", str(ticket), "--response", "--json"))
        return found


@pytest.fixture
def host(
    home: Path, db_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Host:
    """A desk with a survey, on each kind of database that the test is marked for."""
    monkeypatch.setenv("TICKETCTL_DB", db_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "root")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:00:00Z")
    (home / "desk.toml").write_text(DESK + SURVEY)
    assert cli.run(["apply", "-y", "-q", str(home / "desk.toml")]) == 0
    return Host(home, capsys)


@pytest.mark.postgres
def test_every_question_of_a_response_is_kept_F_Q18(host: Host) -> None:
    """The unhappy customer's ticket shows the score, the comment, every answer, and where the response is."""
    host.ingest(LINE)
    found = host.response(1)
    assert (found["rating"], found["comment"]) == (2, "too slow")
    assert (found["answers"], found["url"]) == (SAID, LINE["url"])
    shown = host.run("show", "1", "--response")
    assert shown.startswith("2 of 5")
    assert (
        "too slow\n\nCo jste koupili?\nlampu, židli\n\nどこで知りましたか\n友達\nから\n\n" in shown
    )
    assert shown.endswith("\n\nhttps://survey.example/r/a1?x=1&y=2\n")


def test_a_response_about_a_ticket_is_in_its_json_F_Q10(host: Host) -> None:
    """`csat` of `show --json`; a repeated id is stored once, another response replaces the former."""
    host.run("new", "--customer", "carl@x.example", "--subject", "Lamp", "-m", "x")
    about = {key: value for key, value in LINE.items() if key != "customer"} | {"ticket": 1}
    host.ingest(about | {"rating": 5}, about | {"rating": 5})
    csat = json.loads(host.run("show", "1", "--json"))["csat"]
    assert (csat["answers"], csat["url"], csat["id"]) == (SAID, LINE["url"], 1)
    more = about | {"rating": 5, "id": "a2", "answers": [{"question": "Why?", "answer": 4.5}]}
    host.ingest({key: value for key, value in more.items() if key != "url"})
    csat = json.loads(host.run("show", "1", "--json"))["csat"]
    assert (csat["answers"], csat["url"]) == ([{"question": "Why?", "answer": "4.5"}], None)


def test_a_response_without_questions_has_empty_ones_F_Q18(host: Host) -> None:
    """The keys are there for every answer, as JSON never depends on the data."""
    host.ingest({"survey": "csat", "customer": "dora@x.example", "rating": 1})
    assert (host.response(1)["answers"], host.response(1)["url"]) == ([], None)


def test_an_agent_records_a_whole_response_F_Q18(host: Host) -> None:
    """`survey add --answer --url`, as by a line."""
    host.run("survey", "add", "csat", "1", "--customer", "dora@x.example",
             "--answer", "What did you buy?=a lamp", "--url", "https://survey.example/7")  # fmt: skip
    found = host.response(1)
    assert found["answers"] == [{"question": "What did you buy?", "answer": "a lamp"}]
    assert found["url"] == "https://survey.example/7"
    add = ("survey", "add", "csat", "1", "--customer", "dora@x.example")
    assert "one web address" in host.run(*add, "--url", "javascript:alert(1)", code=2)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"url": "javascript:alert(1)"}, "one web address"),
        ({"url": "https://a.example/\n\u001b[2J"}, "one web address"),
        ({"answers": [{"question": " ", "answer": "x"}]}, "needs its question"),
        ({"answers": [{"answer": "x"}]}, "question"),
        ({"answers": [{"question": "Q", "answer": {"a": 1}}]}, "answers"),
        ({"answers": [{"question": "Q", "answer": 1}] * 101}, "answers"),
        ({"answers": "x"}, "answers"),
    ],
)
def test_a_line_that_is_no_response_is_told_F_Q18(
    host: Host, change: dict[str, Any], problem: str
) -> None:
    """With the place in the line; nothing is stored of it."""
    host.ingest(LINE | change)
    (row,) = json.loads(host.run("inbox", "list", "--json"))
    assert row["state"] == "held"
    assert problem in row["error"]


def test_hostile_answers_do_no_harm_F_Q18(host: Host) -> None:
    """Control characters are visible on a terminal, and as they are in JSON."""
    host.ingest(LINE | {"answers": [{"question": "Q\u001b[1m", "answer": "\u202etxt\u001b[2J"}]})
    assert "\x1b" not in host.run("show", "1", "--response")
    assert host.response(1)["answers"][0]["answer"] == "\u202etxt\u001b[2J"


@pytest.mark.postgres
def test_an_erased_customer_leaves_no_answers_F_Q18(host: Host) -> None:
    """The score stays, the words and the link go."""
    host.ingest(LINE)
    host.run("customer", "erase", "dora@x.example", "--yes")
    found = host.response(1)
    assert found["rating"] == 2
    assert (found["comment"], found["answers"], found["url"]) == ("", [], None)
