"""One person on several channels: what joins, what is only proposed, and what is shown of them (F-A2, F-A17, F-L8)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.intake.worker import Worker
from gateway.lines import receive_lines
from tests.support.desk import DESK
from tests.support.mail_desk import CARL, MailDesk
from ticketctl.actions.customers import customer
from ticketctl.actions.tickets import reply
from ticketctl.actions.tickets.assign import take
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.undo.undo import undo
from ticketctl.cli.main import run
from ticketctl.domain.base.records import InboxRow
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox
from ticketctl.store.tickets import links

ANA = {"name": "Ana", "identity": "twitter:@ana"}
FIELDS = '\n[[field]]\non = "customer"\nname = "tier"\n\n[[field]]\non = "customer"\nname = "seats"\ntype = "number"\n'


class Lines(MailDesk):
    """A desk that takes lines."""

    folder: Path

    def line(self, channel: str, text: str = "Where is my order?", **more: Any) -> InboxRow:
        """File a line of Ana's."""
        self.mails += 1
        file = self.folder / "lines.jsonl"
        written = {"customer": ANA, "text": text, "channel": channel, "id": self.mails} | more
        file.write_text(json.dumps(written) + "\n")
        with file.open("rb") as opened:
            (id,) = receive_lines.store_lines(self.db, "-", opened, None, 10_000).rows
        Worker(self.db, self.settings).drain()
        return self.read(lambda tx: inbox.get(tx, id))

    def links(self, number: int) -> list[tuple[str, int]]:
        """Kind and ticket of each."""
        return [(one.kind, one.ticket) for one in self.read(lambda tx: links.of(tx, number))]


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Lines:
    """A desk that does not join channels."""
    made = Lines(db, DESK + FIELDS)
    made.folder = tmp_path
    return made


@pytest.mark.postgres
@pytest.mark.parametrize("public", ["wall", "mention", "social", "review", "forum"])
def test_F_A2_a_public_post_and_a_private_message_of_one_person_are_one_ticket(
    desk: Lines, public: str
) -> None:
    post = desk.line(public, visibility="public")
    private = desk.line("dm", "Here is my number.")
    assert (post.verdict, private.verdict, private.ticket) == ("new", "reply", 1)
    assert desk.ticket().kind == "mixed"
    back = desk.line(public, "Thank you all.", visibility="public")
    assert (back.verdict, back.ticket) == ("new", 2)  # it names no thread, and its subject differs


def test_F_A2_they_join_by_a_linked_identity_and_not_without(desk: Lines) -> None:
    desk.line("wall", visibility="public")
    assert desk.line("dm", customer="facebook:ana.g").ticket == 2
    desk.do(lambda w: customer.link(w, customer.find(w.tx, "twitter:@ana"), ["insta:ana"]))
    assert desk.line("dm", "It is me.", customer="insta:ana").ticket == 1


def test_F_A2_they_join_if_the_bridge_names_the_post_whoever_writes(desk: Lines) -> None:
    desk.line("wall", id=17, thread="t1", visibility="public")
    by_post = desk.line("dm", customer="facebook:ana.g", in_reply_to="wall:17")
    by_thread = desk.line("dm", customer="facebook:ana.g", thread="wall:t1")
    other = desk.line("dm", customer="facebook:ana.g", in_reply_to="17")
    assert (by_post.ticket, by_thread.ticket, other.ticket) == (1, 1, 2)
    assert desk.ticket().kind == "mixed"


def test_F_A2_a_private_message_does_not_reopen_an_old_post(desk: Lines) -> None:
    desk.line("wall", visibility="public")
    desk.do(lambda w: resolve(w, 1, comment="done"))
    assert desk.line("dm").ticket == 2
    assert desk.ticket().status == "resolved" and desk.links(2) == [("related", 1)]


@pytest.mark.postgres
def test_F_A2_the_kind_is_right_after_a_merge_an_unmerge_and_undo(desk: Lines) -> None:
    for n, visibility in enumerate(("public", "private", "private"), 1):
        desk.line("chat", customer=f"chat:c{n}", visibility=visibility)
    kinds = lambda: [desk.ticket(n).kind for n in (1, 2, 3)]  # noqa: E731
    desk.do(lambda w: merge(w, 2, 1, comment="same"), group="a")
    assert kinds() == ["mixed", "private", "private"]
    desk.do(undo, group="a")
    assert kinds() == ["public", "private", "private"]
    desk.do(lambda w: merge(w, 1, 2, comment="same"))
    desk.do(lambda w: merge(w, 2, 3, comment="same"))
    assert kinds() == ["public", "mixed", "mixed"]
    desk.do(lambda w: unmerge(w, 1, comment="not the same"))
    assert kinds() == ["public", "private", "private"]


@pytest.mark.postgres
def test_F_A2_the_counts_are_right_after_a_merge_through_a_chain_and_after_an_unmerge(
    desk: Lines,
) -> None:
    for n in (1, 2, 3):
        desk.line("chat", customer=f"chat:c{n}")
    desk.do(lambda w: comment(w, 1, "look"))
    counts = lambda: [(x.messages_count, x.comments_count) for x in map(desk.ticket, (1, 2, 3))]  # noqa: E731
    desk.do(lambda w: merge(w, 1, 2, comment="same"))
    assert counts() == [(1, 1), (2, 1), (1, 0)]
    desk.do(lambda w: merge(w, 2, 3, comment="same"), group="b")
    assert counts() == [(1, 1), (2, 1), (3, 1)]
    desk.line("chat", "And?", customer="chat:c3", in_reply_to=3)
    assert counts()[2] == (4, 1) and desk.messages(3)[-1].n == 2
    desk.do(lambda w: unmerge(w, 1, comment="not the same"))
    assert counts() == [(1, 1), (1, 0), (3, 0)]


def test_F_L8_a_message_on_another_channel_is_linked_and_both_owners_know_how_to_join(
    desk: Lines,
) -> None:
    desk.line("chat")
    desk.do(lambda w: take(w, 1))
    assert desk.line("phone", "I called about it.").ticket == 2
    assert desk.links(2) == [("related", 1)] and desk.links(1) == [("related", 2)]
    told = desk.outbox("notification")[-1]
    assert "ticketctl merge 2 --into 1" in told.data["hints"]
    assert "ana@help.example" in told.to
    assert "    ticketctl merge 2 --into 1" in desk.text(told)


def test_F_L8_a_mail_is_linked_too_where_the_desk_has_other_channels(desk: Lines) -> None:
    desk.apply(desk.toml + '\n[[channel]]\nname = "chat"\ncommand = ["post"]\n')
    desk.line("chat", customer={"email": "carl@customer.example"}, subject="Printer")
    desk.do(lambda w: take(w, 1))
    desk.mail(CARL, "support@help.example", "My printer", "It does not print.")
    assert desk.links(2) == [("related", 1)]
    told = desk.outbox("notification")[-1]
    assert "ticketctl merge 2 --into 1" in told.data["hints"] and "ana@help.example" in told.to


@pytest.mark.parametrize("first", ["ended", "stranger"])
def test_F_L8_nothing_is_linked_to_an_old_ticket_or_another_person(
    desk: Lines, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    who = {"ended": ANA, "stranger": "twitter:@eve"}[first]
    desk.line("chat", customer=who)
    if first == "ended":
        desk.do(lambda w: resolve(w, 1, comment="done"))
        monkeypatch.setenv("TICKETCTL_NOW", "2026-04-09T08:00:00Z")
    assert desk.line("phone").ticket == 2
    assert desk.links(2) == []


@pytest.fixture
def ask(
    desk: Lines, monkeypatch: pytest.MonkeyPatch, home: Path, capfd: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """A function: what a command of Ana's prints."""
    monkeypatch.setenv("TICKETCTL_DB", desk.db.url.text())
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")

    def said(*words: str) -> str:
        capfd.readouterr()
        assert run(list(words)) == 0
        return capfd.readouterr().out

    return said


def test_F_L8_show_says_how_to_join_and_no_longer_once_joined(
    desk: Lines, ask: Callable[..., str]
) -> None:
    desk.line("chat")
    desk.line("phone", "I called about it.")
    line = "join      with #1 by chat: `ticketctl merge 2 --into 1`"
    assert line in ask("show", "2") and "merge" not in ask("show", "1")
    ask("merge", "2", "--into", "1", "-m", "the same")
    assert "join " not in ask("show", "2") + ask("show", "1")


def test_F_L8_show_says_so_of_a_mail_about_the_same_subject(
    desk: Lines, ask: Callable[..., str]
) -> None:
    desk.line("chat", customer={"email": "carl@customer.example"}, subject="Printer")
    desk.mail(CARL, "support@help.example", "Re: Printer", "It does not print.")
    desk.mail(CARL, "support@help.example", "Invoice", "It is wrong.")
    assert "merge 2 --into 1" in ask("show", "2")
    assert "--into" not in ask("show", "3")


def test_F_A17_every_field_of_the_profile_is_shown_and_an_empty_one_is_null(
    desk: Lines, ask: Callable[..., str]
) -> None:
    desk.line("chat")
    ask("customer", "edit", "twitter:@ana", "--set", "tier=gold", "-m", "vip")
    for words in (("show", "1"), ("customer", "show", "twitter:@ana")):
        lines = [line.split() for line in ask(*words).splitlines()]
        assert ["tier", "gold"] in lines and ["seats", "-"] in lines
    profile = {"tier": "gold", "seats": None}
    assert json.loads(ask("show", "1", "--json"))["customer"]["profile"] == profile
    assert json.loads(ask("customer", "show", "twitter:@ana", "--json"))["profile"] == profile
    assert json.loads(ask("customer", "list", "--json"))[0]["profile"] == profile


def test_F_L8_an_answer_goes_where_the_last_message_of_the_joined_ticket_came_from(
    desk: Lines,
) -> None:
    desk.apply(desk.toml + '\n[[channel]]\nname = "dm"\ncommand = ["post"]\n')
    desk.line("wall", visibility="public")
    desk.line("dm", "Here is my number.")
    desk.do(lambda w: reply.reply(w, 1, "Thank you."))
    row = desk.outbox("reply")[-1]
    assert (row.channel, row.data["visibility"]) == ("dm", "private")
