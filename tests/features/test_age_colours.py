"""Tickets turn yellow and red with age: one colour in the list, in the language and in every count."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.desk import DESK, DeskFixture
from ticketctl.domain.calendar.age import alert
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import definitions
from ticketctl.store.tickets import tickets

AGES = {
    "none": (0, 18 * 3600),
    "yellow": (18 * 3600 + 1, 24 * 3600),
    "red": (24 * 3600 + 1, 40 * 24 * 3600),
}
RULES = {
    "as the desk has them": "",
    "by the last message": '[alerts]\nyellow = "6h"\nred = "12h"\nbasis = "last_customer_message"\n',
    "by the last change": '[alerts]\nyellow = "1m"\nred = "1d"\nbasis = "updated"\n',
    "in opening hours": """
[alerts]
yellow = "4h"
red = "16h"
calendar = "praha"
[[calendar]]
name = "praha"
timezone = "Europe/Prague"
hours = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-12:00", "13:00-17:00"] }
closed = ["2026-03-02"]
""",
}


@pytest.fixture
def line(
    helpdesk: DeskFixture, db_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """Command lines of root's, who sees all, at the time of the desk."""
    return CommandLine(db_url, monkeypatch, f"{helpdesk.now():%Y-%m-%dT%H:%M:%SZ}", "root")


@pytest.fixture
def aged(helpdesk: DeskFixture) -> Callable[[], dict[str, list[int]]]:
    """A function that opens tickets at both ends of each age, and says which colour each has."""

    def change(tx: Tx, number: int, age: int) -> None:
        since = helpdesk.now() - timedelta(seconds=age)
        tickets.change(tx, number, at=since, created_at=since, last_customer_at=since)

    def make() -> dict[str, list[int]]:
        made = {}
        for colour, ages in AGES.items():
            made[colour] = [helpdesk.open(f"Kde je {n}?") for n in range(len(ages))]
            for number, age in zip(made[colour], ages, strict=True):
                helpdesk.db.write(lambda tx, n=number, a=age: change(tx, n, a))
        return made

    return make


@pytest.mark.postgres
def test_F_C14_yellow_is_over_18_hours_and_red_over_24_wherever_one_asks(
    helpdesk: DeskFixture, line: CommandLine, aged: Callable[[], dict[str, list[int]]]
) -> None:
    """ALERT, JSON, alert: and --alert agree to the second."""
    for colour, numbers in aged().items():
        assert sorted(line.ids("list", f"alert:{colour}", "--since", "all")) == numbers
        assert sorted(line.ids("list", "--alert", colour, "--since", "all")) == numbers
        assert {one["age_alert"] for one in line.data("list", f"alert:{colour}")} == {colour}
    assert line.run("list", "alert:red,yellow", "--since", "all", "--count") == "4\n"
    assert line.run("list", "-alert:none", "--since", "all", "--count") == "4\n"


def test_F_C14_the_colours_are_counted_and_grouped(
    line: CommandLine, aged: Callable[[], dict[str, list[int]]]
) -> None:
    """`stats`, --group-by and the board know the colours."""
    numbers = aged()
    assert line.data("stats", "alert:red") == [{"status": "new", "tickets": 2}]
    counted = line.data("stats", "--by", "status,alert")
    assert {one["alert"]: one["tickets"] for one in counted} == dict.fromkeys(AGES, 2)
    assert {one["alert"] for one in line.data("stats", "--by", "alert")} == set(AGES)
    columns = line.data("board", "--by", "alert")
    assert [one["column"] for one in columns] == ["red", "yellow", "none"]
    assert sorted(one["id"] for one in columns[0]["tickets"]) == numbers["red"]
    heads = line.see("list", "--group-by", "alert", "--since", "all")
    assert [heads.index(f"{word} (2)") for word in ("red", "yellow", "none")] == sorted(
        heads.index(f"{word} (2)") for word in ("red", "yellow", "none")
    )


@pytest.mark.postgres
@pytest.mark.parametrize("rule", RULES)
def test_F_C15_the_language_finds_what_the_column_says_under_every_rule(
    helpdesk: DeskFixture,
    line: CommandLine,
    aged: Callable[[], dict[str, list[int]]],
    rule: str,
) -> None:
    """Limits of the desk and of a segment, whatever they count from and in which hours."""
    own = DESK.replace('name = "support"\n', 'name = "support"\nred = "30h"\n')
    helpdesk.apply(own + RULES[rule])
    aged()
    helpdesk.open("Rechnung", mailbox="billing@help.example")
    numbers = line.ids("list", "--since", "all")
    definition = helpdesk.read(definitions.current)
    for hours in (0, 1, 5, 7, 13, 25, 31, 24 * 9):
        now = helpdesk.now() + timedelta(hours=hours)
        line.at(f"{now:%Y-%m-%dT%H:%M:%SZ}")
        for colour in AGES:
            said = {n for n in numbers if alert(helpdesk.ticket(n), definition, now) == colour}
            assert {*line.ids("list", f"alert:{colour}", "--since", "all")} == said


def test_F_C14_an_ended_or_merged_ticket_has_no_colour(
    helpdesk: DeskFixture, line: CommandLine, aged: Callable[[], dict[str, list[int]]]
) -> None:
    """What has ended is not late any more; merged tickets are part of another and not listed."""
    _, yellow, red = aged().values()
    line.run("close", str(red[0]), "-m", "done")
    line.run("merge", str(red[1]), "--into", str(yellow[0]))
    assert line.ids("list", "alert:red", "--since", "all") == []
    assert red[0] in line.ids("list", "alert:none", "--since", "all")
    assert red[1] not in line.ids("list", "alert:none", "--since", "all")


def test_F_C14_a_wrong_colour_and_a_place_without_colours_are_refused(
    helpdesk: DeskFixture, line: CommandLine, tmp_path: Path
) -> None:
    """The answer names the colours, or what to write instead."""
    line.run("list", "alert:orange", code=2)
    assert "choose one of none, yellow, red" in line.errors
    line.run("list", "alert>red", code=2)
    assert "write alert:VALUE" in line.errors
    rule = '[[rule]]\nname = "old"\non = "time"\nwhen = "alert:red"\nthen = ["tag:old"]\n'
    (tmp_path / "desk.toml").write_text(DESK + rule)
    line.run("apply", "-y", str(tmp_path / "desk.toml"), code=6)
    assert "write is:open age>24h" in line.errors


def test_F_C14_a_row_has_the_colour_of_its_age_and_a_breach_a_sign_of_its_own(
    helpdesk: DeskFixture, line: CommandLine
) -> None:
    """A young ticket over its service level stays plain; its SLA is in reverse."""
    young, old = helpdesk.open("Mladý"), helpdesk.open("Starý")

    def change(tx: Tx) -> None:
        at, now = helpdesk.now() - timedelta(days=2), helpdesk.now()
        tickets.change(tx, old, at=now, created_at=at, sla_state="paused", due_at=None)
        due = now - timedelta(minutes=65)
        tickets.change(tx, young, at=now, sla_state="running", due_at=due, important=True)

    helpdesk.db.write(change)
    seen = line.see("--color", "always", "list")
    first, second = (one for one in seen.splitlines() if "Printer" in one)
    assert first.startswith(f"\x1b[1m {young} ")
    assert "\x1b[1m\x1b[7mbreach +1h05m\x1b[0m\x1b[1m  " in first
    assert second.startswith(f"\x1b[31m {old} ") and "red" in second
    assert second.count("\x1b[") == 2
    plain = line.see("list")
    assert "\x1b" not in plain and "breach +1h05m" in plain and "red" in plain
    for columns in ("sla,id,subject", "subject,alert"):
        chosen = line.see("--color", "always", "list", "--columns", columns).splitlines()
        assert [one.count("\x1b[31m") > 0 for one in chosen if "Printer" in one] == [False, True]
