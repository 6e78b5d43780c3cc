"""Agents who watch a ticket are told of it as its owner is, as long as they may see it."""

from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.tickets import receive_mail, reply
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.watch import unwatch, watch
from ticketctl.actions.undo.undo import undo
from ticketctl.errors import NotFound, Refused
from ticketctl.store.tickets import watchers


@pytest.fixture
def line(
    helpdesk: DeskFixture, db_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """Command lines of ana's."""
    return CommandLine(db_url, monkeypatch, f"{helpdesk.now():%Y-%m-%dT%H:%M:%SZ}", "ana")


@pytest.fixture
def ticket(helpdesk: DeskFixture) -> int:
    """A ticket of ana's, before whose mail nobody was told of anything else."""
    number = helpdesk.open("Kde je moje objednávka?")
    helpdesk.do(lambda w: assign(w, number, "ana", comment="hers"), "eva", "manager")
    return number


def watching(desk: DeskFixture, number: int) -> list[str]:
    """Who watches."""
    return desk.read(lambda tx: watchers.of(tx, number))


def told(desk: DeskFixture, event: str) -> list[str]:
    """Whom the notifications of such events went to."""
    rows = desk.outbox("notification")
    return sorted(to for one in rows if one.data["event"] == event for to in one.to)


def customer_writes(desk: DeskFixture, number: int) -> None:
    mail = desk.incoming("¿Hay noticias?")
    desk.do(lambda w: receive_mail.customer_message(w, number, mail), "gateway")


@pytest.mark.postgres
def test_F_C8_watchers_are_told_as_the_owner_is(helpdesk: DeskFixture, ticket: int) -> None:
    """Of the customer's mail, and of an answer of somebody else; not of what they do themselves."""
    helpdesk.do(lambda w: watch(w, ticket, ("ben",)), "ben")
    customer_writes(helpdesk, ticket)
    assert told(helpdesk, "reply") == ["ana@help.example", "ben@help.example"]
    helpdesk.do(lambda w: reply.reply(w, ticket, "It is on its way."), "eva", "manager")
    assert told(helpdesk, "reply").count("ben@help.example") == 2
    helpdesk.do(lambda w: reply.reply(w, ticket, "It comes tomorrow."), "ben")
    assert told(helpdesk, "reply").count("ben@help.example") == 2
    helpdesk.do(lambda w: unwatch(w, ticket, ("ben",)), "ben")
    customer_writes(helpdesk, ticket)
    assert told(helpdesk, "reply").count("ben@help.example") == 2


@pytest.mark.postgres
def test_F_C8_who_loses_access_is_told_no_more(helpdesk: DeskFixture, ticket: int) -> None:
    """An agent outside the segment cannot be made to watch, and one who leaves it hears nothing."""
    with pytest.raises(Refused, match="ida may not see ticket 1"):
        helpdesk.do(lambda w: watch(w, ticket, ("ida",)))
    with pytest.raises(NotFound, match='no agent "nobody-here"'):
        helpdesk.do(lambda w: watch(w, ticket, ("nobody-here",)))
    helpdesk.do(lambda w: watch(w, ticket, ("ben",)))
    helpdesk.apply(DESK.replace('agents = ["ana", "ben"]', 'agents = ["ana"]'))
    customer_writes(helpdesk, ticket)
    assert told(helpdesk, "reply") == ["ana@help.example"]


@pytest.mark.postgres
def test_F_C8_a_mention_makes_a_watcher_and_undo_takes_it_back(
    helpdesk: DeskFixture, ticket: int
) -> None:
    """@ben is told of the comment and of what follows; the owner and the writer need not watch."""
    helpdesk.do(lambda w: comment(w, ticket, "@ben @ana kannst du das prüfen?"), group="note")
    assert watching(helpdesk, ticket) == ["ben"]
    assert [one.new for one in helpdesk.events(ticket, "watched")] == ["ben"]
    assert told(helpdesk, "comment") == ["ben@help.example"]
    helpdesk.do(lambda w: undo(w), group="note")
    assert watching(helpdesk, ticket) == []
    helpdesk.do(lambda w: watch(w, ticket, ("ben",)), group="watch")
    helpdesk.do(lambda w: unwatch(w, ticket, ("ben",)), group="unwatch")
    helpdesk.do(lambda w: undo(w), group="unwatch")
    assert watching(helpdesk, ticket) == ["ben"]


@pytest.mark.postgres
def test_F_C8_watchers_of_a_merged_ticket_watch_the_other_until_it_is_parted(
    helpdesk: DeskFixture, ticket: int
) -> None:
    """Who watched both still watches the other afterwards."""
    other = helpdesk.open("Noch einmal")
    helpdesk.do(lambda w: watch(w, other, ("ben", "eva")))
    helpdesk.do(lambda w: watch(w, ticket, ("eva",)))
    helpdesk.do(lambda w: merge(w, other, ticket), group="merge")
    assert watching(helpdesk, ticket) == ["ben", "eva"]
    helpdesk.do(lambda w: unmerge(w, other), group="unmerge")
    assert (watching(helpdesk, ticket), watching(helpdesk, other)) == (["eva"], ["ben", "eva"])
    helpdesk.do(lambda w: merge(w, other, ticket), group="again")
    helpdesk.do(lambda w: undo(w), group="again")
    assert (watching(helpdesk, ticket), watching(helpdesk, other)) == (["eva"], ["ben", "eva"])


@pytest.mark.postgres
def test_F_C8_watching_is_typed_listed_and_shown(
    helpdesk: DeskFixture, line: CommandLine, ticket: int
) -> None:
    """`watch`, `unwatch`, --watcher, watcher:, `show` and JSON."""
    other = helpdesk.open("Drucker")
    assert (
        line.run("watch", f"{ticket},{other}")
        == f"{ticket} watched by ana\n{other} watched by ana\n"
    )
    line.run("watch", str(ticket), "--agent", "@ben", "--agent", "eva@help.example")
    assert line.data("show", str(ticket))["watchers"] == ["ana", "ben", "eva"]
    assert "watched   by ana, ben, eva" in line.see("show", str(ticket))
    assert line.ids("list", "watcher:@me", "--sort", "id") == [ticket, other]
    assert line.ids("list", "watcher:me", "--watcher", "me", "--sort", "id") == [ticket, other]
    assert line.ids("list", "--watcher", "ben") == [ticket]
    assert line.ids("list", "watcher:none") == [] and line.ids("list", "-watcher:ben") == [other]
    line.run("unwatch", "--query", "watcher:@me", "-y")
    assert line.ids("list", "watcher:none") == [other]
    line.run("list", "watcher:nemo", code=3)
    assert 'no agent "nemo"' in line.errors
    line.run("watch", str(ticket), "--agent", "ida", code=6)
    line.run("watch", str(ticket), "--agent", "none", code=2)
    assert "--agent NAME" in line.errors
    assert line.data("history", str(ticket), "--only", "watched")[0]["new"] == "ana"
    version = helpdesk.ticket(ticket).version
    line.run("watch", str(ticket))
    assert helpdesk.ticket(ticket).version == version  # nobody's change is refused for it
