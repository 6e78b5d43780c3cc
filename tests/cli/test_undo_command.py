"""`ticketctl undo`: my last commands, taken back one by one."""

import json
from pathlib import Path

import pytest

from ticketctl.cli import main as cli
from ticketctl.store.db.database import Database
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import tickets


@pytest.fixture(autouse=True)
def ticket(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with one ticket."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    run("new", "--customer", "carl@customer.example", "--subject", "Printer", "-m", "he rang")


def run(*args: str, code: int = 0) -> None:
    assert cli.run(list(args)) == code


def facts(db: Database) -> tuple[str, str, list[str]]:
    """Status and priority of ticket 1, states of the mails."""
    with db.read() as tx:
        one = tickets.get(tx, 1)
        return one.status, one.priority, [row.state for row in outbox.listing(tx)]


def test_a_reply_is_stopped_and_the_ticket_is_as_before(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    run("reply", "1", "-m", "Try this.", "--status", "waiting", "--delay", "30")
    assert facts(sqlite_db) == ("waiting", "medium", ["queued"])
    capsys.readouterr()
    run("undo")
    assert capsys.readouterr().out.startswith("1 undone: replied message 1; status: new → waiting")
    assert facts(sqlite_db) == ("new", "medium", ["cancelled"])


def test_undo_goes_back_command_by_command(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    run("edit", "1", "--priority", "high", "-m", "x")
    run("edit", "1", "--priority", "low", "-m", "x")
    run("undo")
    assert facts(sqlite_db)[1] == "high"
    run("undo")
    assert facts(sqlite_db)[1] == "medium"
    run("edit", "1", "--priority", "high", "-m", "x")
    run("edit", "1", "--priority", "low", "-m", "x")
    run("undo", "2")
    assert facts(sqlite_db)[1] == "medium"


def test_what_was_sent_is_refused_with_exit_5(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    run("reply", "1", "-m", "Try this.")

    def sent(tx: object) -> None:
        (one,) = outbox.deliveries(tx, 1)  # type: ignore[arg-type]
        outbox.settle_delivery(tx, one.id, "sent", "250", outbox.get(tx, 1).created_at)  # type: ignore[arg-type]

    sqlite_db.write(sent)
    run("undo", code=5)
    assert "the reply to carl@customer.example was sent" in capsys.readouterr().err


def test_the_list_shows_what_can_be_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    run("edit", "1", "--priority", "high", "-m", "x")
    run("undo")
    run("edit", "1", "--tag", "hot", "-m", "x")
    capsys.readouterr()
    run("undo", "--list", "--json")
    shown = json.loads(capsys.readouterr().out)
    assert [(one["n"], one["tickets"], one["undone"]) for one in shown] == [
        (1, [1], False),
        (None, [1], True),
        (2, [1], False),
    ]
    assert shown[1]["did"] == "priority: medium → high"


def test_a_ticket_made_by_hand_is_out_of_the_way_and_its_number_is_not_given_again(
    sqlite_db: Database,
) -> None:
    run("undo")
    assert facts(sqlite_db)[0] == "spam"
    run("new", "--customer", "carl@customer.example", "--subject", "Printer", "-m", "again")
    with sqlite_db.read() as tx:
        assert tickets.get(tx, 2).status == "new"


def test_where_nothing_is_mine_there_is_nothing_to_undo(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ticketctl.console.context.os_user", lambda: "somebody-else")
    run("undo", code=3)
    assert "no command to undo" in capsys.readouterr().err


def test_the_last_command_is_the_last_also_within_one_second(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is done to people and to tickets stands in two histories."""
    monkeypatch.setenv("TICKETCTL_NOW", "2099-03-09T08:00:00Z")
    person, ticket = (
        ("customer", "link", "1", "twitter:@carl"),
        ("edit", "1", "--tag", "a", "-m", "x"),
    )
    for first, last, said in ((person, ticket, "1 undone"), (ticket, person, "undone: customer")):
        run(*first)
        run(*last)
        capsys.readouterr()
        run("undo")
        assert capsys.readouterr().out.startswith(said)
        run("undo")
