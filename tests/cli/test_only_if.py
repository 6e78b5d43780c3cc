"""`report --only-if` says nothing at all unless its condition holds; `sla check --fail-on` exits 10 when it does."""

from pathlib import Path

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.tickets.reply import reply
from ticketctl.cli.commands.reading.report import FORMS
from ticketctl.cli.main import run
from ticketctl.reports.kinds.registry import ALL, NAMES

SLA = """
[[sla]]
name = "only"
targets = { default = { first = "2h", resolve = "1h" } }
"""
TELLING = {
    "breach": ("sla", "agents", "segments", ALL),
    "overdue": ("backlog", "agents", "segments", ALL),
}
CASES = [(name, one) for one, names in TELLING.items() for name in names]
CASES += [(name, "any") for name in (*NAMES, ALL)]
FULL = ("sla", "backlog")  # reports tried in every format; the others in one
Said = pytest.CaptureFixture[str]


@pytest.fixture
def desk(
    sqlite_helpdesk: DeskFixture, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> DeskFixture:
    sqlite_helpdesk.apply(DESK + SLA)
    tmp_path.chmod(0o700)
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "root")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-10T08:00:00Z")
    return sqlite_helpdesk


def forms(name: str) -> tuple[str, ...]:
    return FORMS if name in FULL else ("json",)


def overdue(desk: DeskFixture) -> None:
    """A ticket whose first answer is missing for a day, with an answer to a customer's question."""
    desk.open()
    number = desk.open()
    desk.later(hours=3)
    desk.do(lambda work: reply(work, number, "Try this."))


@pytest.mark.parametrize(("name", "condition"), CASES)
def test_nothing_is_sent_written_or_printed_unless_the_condition_holds(
    desk: DeskFixture, name: str, condition: str, capfd: Said, tmp_path: Path
) -> None:
    asked = ["report", name, "--period", "2026-03", "--only-if", condition]
    target = tmp_path / "report.html"
    query = [] if name == "mail" else ["printer"]
    for more in (
        *(["--format", form] for form in forms(name)),
        ["-o", str(target)],
        ["--mail", "heads@board.example"],
        query,
    ):
        assert run([*asked, *more]) == 0, more
        assert capfd.readouterr() == ("", ""), more
    assert not target.exists() and not desk.outbox("report")


@pytest.mark.parametrize(("name", "condition"), [one for one in CASES if one[1] != "any"])
def test_the_report_is_sent_and_printed_if_the_condition_holds(
    desk: DeskFixture, name: str, condition: str, capfd: Said
) -> None:
    overdue(desk)
    asked = ["report", name, "--period", "2026-03", "--only-if", condition]
    for form in forms(name):
        assert run([*asked, "--format", form]) == 0
        assert len(capfd.readouterr().out) > 100, form
    assert run([*asked, "--mail", "heads@board.example"]) == 0
    assert len(desk.outbox("report")) == 1


@pytest.mark.parametrize("name", ["volume", "csat", "mail"])
def test_a_condition_that_the_report_cannot_tell_is_an_error(
    desk: DeskFixture, name: str, capfd: Said
) -> None:
    assert run(["report", name, "--only-if", "breach"]) == 2
    assert "has no figure 'breached'" in capfd.readouterr().err


def test_sla_check_exits_10_while_a_ticket_is_late(desk: DeskFixture, capfd: Said) -> None:
    assert run(["sla", "check", "-q", "--fail-on", "breach"]) == 0
    assert run(["sla", "check", "-q", "--fail-on", "warn"]) == 0
    overdue(desk)
    for _ in range(2):
        assert run(["sla", "check", "-q", "--fail-on", "breach"]) == 10
        assert run(["sla", "check", "-q", "--fail-on", "warn", "--dry-run"]) == 10
    assert capfd.readouterr() == ("", "")
