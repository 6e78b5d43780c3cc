"""What the commands about people give to other programs."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from ticketctl import clock
from ticketctl.cli import main as cli
from ticketctl.domain.base.records import Participant
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.schema import message
from ticketctl.store.people import customers
from ticketctl.store.tickets import messages, tickets

AT = clock.parse("2026-03-09T08:10:00Z")


def filed(tx: Tx, owner: str, author: str, text: str, n: int = 0, number: int = 0) -> int:
    """A message of `author` in a ticket of `owner`, made where no number is given; the ticket's number."""
    who = customers.find_or_create(tx, email=owner, name="", language=None, at=AT)
    number = number or tickets.create(
        tx,
        tickets.NewTicket(
            subject=text,
            status="open",
            priority="medium",
            channel="email",
            mailbox="support@localhost",
            segment="support",
            customer_id=who.id,
            at=AT.replace(minute=n),
        ),
    )
    new = messages.NewMessage(
        direction="in", class_="human", author=author, author_name="", at=AT.replace(minute=n), subject="",
        text=text, full_text=text,
    )  # fmt: skip
    messages.add(tx, number, new)
    return number


@pytest.fixture
def desk(
    sqlite_db: Database, sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Database:
    """A desk without agents: whoever asks is its admin."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:00:00Z")
    return sqlite_db


def said(capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    capsys.readouterr()
    assert cli.run([*args]) == 0
    return json.loads(capsys.readouterr().out)


def test_export_has_everything_of_a_person_and_nothing_of_others_F_R40(
    desk: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def live(tx: Tx) -> None:
        filed(tx, "ana@x.example", "ana@x.example", "my lamp")
        dora = filed(tx, "dora@x.example", "dora@x.example", "her offer")
        tickets.add_participant(tx, dora, Participant("ana@x.example", "", "cc"))
        filed(tx, "dora@x.example", "ana@x.example", "I agree", number=dora)
        filed(tx, "eve@x.example", "eve@x.example", "apart")

    desk.write(live)
    file = tmp_path / "ana.json"
    assert cli.run(["customer", "export", "ana@x.example", "-o", str(file)]) == 0
    held = json.loads(file.read_text())
    assert held == said(capsys, "customer", "export", "1")
    assert held["customer"]["email"] == "ana@x.example"
    assert [[m["text"] for m in one["messages"]] for one in held["tickets"]] == [["my lamp"]]
    assert [(one["ticket"], one["text"]) for one in held["messages"]] == [(2, "I agree")]
    assert "offer" not in file.read_text()


def test_export_keeps_what_agents_said_among_themselves_F_A23(
    desk: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.write(lambda tx: filed(tx, "ana@x.example", "ana@x.example", "my lamp"))
    assert cli.run(["comment", "1", "-m", "ZANZIBAR"]) == 0
    assert cli.run(["customer", "edit", "1", "--name", "Ana", "-m", "ZANZIBAR"]) == 0
    assert "ZANZIBAR" not in json.dumps(said(capsys, "customer", "export", "1"))
    inside = said(capsys, "customer", "export", "1", "--comments")
    assert inside["tickets"][0]["comments"][0]["text"] == "ZANZIBAR"
    assert inside["history"][0]["comment"] == "ZANZIBAR"


def test_a_customers_tickets_are_rows_of_the_list_F_A33(
    desk: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    def live(tx: Tx) -> None:
        for n in range(30):
            filed(tx, "ana@x.example", "ana@x.example", f"ticket {n}", n)

    desk.write(live)
    own = said(capsys, "customer", "tickets", "ana@x.example", "--json")
    assert [one["id"] for one in own] == list(range(30, 5, -1))
    listed = said(capsys, "list", "sort:-updated", "--limit", "25", "--json")
    assert own == listed
    assert len(said(capsys, "customer", "tickets", "1", "--all", "--json")) == 30
    outs = []
    for line in (["customer", "tickets", "1"], ["list", "sort:-updated", "--limit", "25"]):
        capsys.readouterr()
        cli.run(line)
        outs.append(capsys.readouterr().out)
    assert outs[0] == outs[1]
    page = said(capsys, "show", "1", "--json")
    assert page["customer"]["tickets"] == list(range(30, 5, -1))


def test_touch_shows_in_show_F_C9(desk: Database, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write(lambda tx: filed(tx, "ana@x.example", "ana@x.example", "my lamp"))
    assert cli.run(["customer", "touch", "ana@x.example", "--page", "/cart"]) == 0
    panel = said(capsys, "show", "1", "--json")["customer"]
    assert (panel["last_seen_at"], panel["last_page"]) == ("2026-03-09T09:00:00Z", "/cart")


def test_a_chat_is_listed_with_its_customer_F_C9(
    desk: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    number = desk.write(lambda tx: filed(tx, "ana@x.example", "ana@x.example", "hello"))
    desk.write(lambda tx: tx.execute(update(message).values(channel="chat")))
    page = said(capsys, "customer", "view", "ana@x.example", "--json")
    assert page["transcripts"] == [{"ticket": number, "at": "2026-03-09T08:00:00Z", "messages": 1}]
    assert cli.run(["customer", "view", "ana@x.example"]) == 0
    assert f"chat      #{number}, " in capsys.readouterr().out


def test_profile_fields_are_always_shown_F_A17(
    desk: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.write(lambda tx: filed(tx, "ana@x.example", "ana@x.example", "my lamp"))
    desk.write(lambda tx: customers.change(tx, 1, profile={"tier": "gold", "vip": True}))
    for page in (["show", "1"], ["customer", "view", "ana@x.example"]):
        capsys.readouterr()
        assert cli.run(page) == 0
        assert {"tier      gold", "vip       yes"} <= set(capsys.readouterr().out.splitlines())


def test_one_page_holds_everything_F_L9(desk: Database, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write(lambda tx: filed(tx, "ana@x.example", "ana@x.example", "my lamp"))
    page = said(capsys, "show", "1", "--json")
    assert {
        "messages",
        "comments",
        "participants",
        "links",
        "customer",
        "clocks",
        "csat",
    } <= page.keys()
    panel = {"identities", "profile", "orders", "last_seen_at", "last_page", "tickets"}
    assert panel <= page["customer"].keys()


def test_a_customers_tickets_of_other_segments_stay_hidden_F_A37(
    desk: Database,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.write(lambda tx: filed(tx, "ana@x.example", "ana@x.example", "my lamp"))
    file = tmp_path / "desk.toml"
    file.write_text(
        '[[mailbox]]\naddress = "b@x.example"\nsegment = "billing"\n'
        '[[agent]]\nname = "eva"\nemail = "eva@x.example"\n[[agent]]\nname = "ben"\nemail = "ben@x.example"\n'
        '[[segment]]\nname = "support"\nagents = ["eva"]\n[[segment]]\nname = "billing"\nagents = ["ben"]\n'
    )
    assert cli.run(["apply", "-q", "-y", str(file)]) == 0
    monkeypatch.setenv("TICKETCTL_AGENT", "eva")
    assert len(said(capsys, "customer", "tickets", "1", "--json")) == 1
    monkeypatch.setenv("TICKETCTL_AGENT", "ben")
    assert said(capsys, "customer", "tickets", "1", "--json") == []
    assert said(capsys, "customer", "show", "1", "--json")["tickets"] == []
    assert cli.run(["customer", "export", "1"]) == 4
    assert cli.run(["customer", "erase", "1", "-y"]) == 4
