"""JSON lines of other channels through the inbox: taken once, filed once, else held (F-L1, F-T4, F-T7)."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gateway.intake.worker import Worker
from gateway.lines import door
from ticketctl import clock
from ticketctl.domain.base.condition import EVERYTHING
from ticketctl.domain.base.records import CHANNELS, InboxRow
from ticketctl.store.db.engine import Database
from ticketctl.store.queues import bans, inbox
from ticketctl.store.tickets import links, tickets

if TYPE_CHECKING:
    from .conftest import Room

DORA = {"name": "Dora", "email": "dora@customer.example"}


def take(room: "Room", folder: Path, *lines: Any, channel: str | None = "chat") -> door.Taken:
    file = folder / "lines.jsonl"
    texts = (one if isinstance(one, str) else json.dumps(one) for one in lines)
    file.write_text("".join(f"{one}\n" for one in texts), encoding="utf-8", newline="")
    with file.open("rb") as opened:
        return door.take(room.db, str(file), opened, channel, 10_000)


def feed(room: "Room", folder: Path, *lines: Any, channel: str | None = "chat") -> list[InboxRow]:
    """Take the lines and file them; their rows."""
    taken = take(room, folder, *lines, channel=channel)
    Worker(room.db, room.settings).drain()
    with room.db.read() as tx:
        return [inbox.get(tx, id) for id in taken.rows]


def count(room: "Room") -> int:
    with room.db.read() as tx:
        return tickets.count(tx, EVERYTHING)


def test_a_line_of_each_channel_makes_one_ticket_in_one_list_F_L1_F_T5_F_T7(
    room: "Room", tmp_path: Path
) -> None:
    lines = [{"channel": one, "customer": DORA, "text": f"By {one}."} for one in CHANNELS]
    rows = feed(room, tmp_path, *lines, channel=None)
    assert [row.verdict for row in rows] == ["new"] * len(CHANNELS)
    with room.db.read() as tx:
        listed = tickets.page(tx, EVERYTHING, [], 50)
    assert sorted(one.channel for one in listed) == sorted((*CHANNELS, "email"))


def test_an_inbox_row_shows_what_became_of_its_line(room: "Room", tmp_path: Path) -> None:
    first, second = feed(
        room, tmp_path,
        {"id": 7, "customer": "twitter:@dora", "text": "Hello", "thread": 3},
        {"id": 8, "text": "more", "thread": 3},
    )  # fmt: skip
    assert (first.via, first.envelope_from, first.message_id) == ("line", "twitter:@dora", "chat:7")
    assert (first.verdict, first.class_, first.ticket, first.message) == ("new", "human", 2, 1)
    assert (second.verdict, second.ticket, second.message) == ("reply", 2, 2)
    assert any("same conversation" in reason.text for reason in second.reasons)


def test_a_line_that_comes_twice_is_filed_once_C1(room: "Room", tmp_path: Path) -> None:
    named, other = {"id": 7, "customer": DORA, "text": "a"}, {"customer": DORA, "text": "b"}
    rows = feed(room, tmp_path, named, other)
    again = feed(room, tmp_path, named | {"text": "edited"}, other)
    assert [row.verdict for row in (*rows, *again)] == ["new", "new", "duplicate", "duplicate"]
    assert [row.verdict for row in feed(room, tmp_path, named, channel="dm")] == ["new"]


def test_two_who_file_the_same_lines_at_once_make_one_ticket_C1(
    each_room: "Room", db_url: str, tmp_path: Path
) -> None:
    lines = [{"id": n, "customer": "twitter:@dora", "text": "x", "thread": 1} for n in range(6)]
    for part in ("a", "b"):
        (tmp_path / part).mkdir()
        take(each_room, tmp_path / part, *lines)

    def work(_: int) -> int:
        database = Database(db_url)
        try:
            return Worker(database, each_room.settings).drain()
        finally:
            database.dispose()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert count(each_room) == 2
    assert sorted(one.message_id for one in each_room.messages(2)) == [
        f"chat:{n}" for n in range(6)
    ]


def test_a_line_that_cannot_be_filed_is_held_with_its_place_and_the_others_go_on(
    room: "Room", tmp_path: Path
) -> None:
    taken = take(
        room, tmp_path,
        {"id": 1, "channel": "pigeon", "customer": DORA, "text": "x"},
        {"id": 2, "customer": DORA, "text": "x", "colour": "red"},
        "", "not json", "[]", '{"text": "' + "x" * 20_000 + '"}',
        {"id": 3, "customer": DORA, "text": "x", "fields": {"colour": "red"}},
        {"id": 4, "customer": DORA, "text": "good"},
    )  # fmt: skip
    Worker(room.db, room.settings).drain()
    assert [one.partition(" was not taken: ")[2] for one in taken.refused] == [
        "it is no JSON object.", "it is no JSON object.", "it has more than 10000 bytes.",
    ]  # fmt: skip
    assert "line 4 was" in taken.refused[0] and "line 6 was" in taken.refused[2]
    held = door.held(room.db, taken.rows)
    assert ["line 1 is" in held[0], "line 2 is" in held[1], "line 7 is" in held[2]] == [True] * 3
    assert '"pigeon" is no channel' in held[0]
    assert "`colour`" in held[1]
    assert 'no field "colour"' in held[2]
    assert (count(room), room.messages(2)[0].text) == (2, "good")


def test_a_held_line_is_filed_when_the_desk_is_mended(room: "Room", tmp_path: Path) -> None:
    line = {"id": 3, "customer": DORA, "text": "x", "fields": {"colour": "red"}}
    (row,) = feed(room, tmp_path, line)
    room.apply(room.toml + '\n[[field]]\non = "ticket"\nname = "colour"\n')
    room.db.write(lambda tx: inbox.retry(tx, row.id))
    Worker(room.db, room.settings).drain()
    assert room.ticket(2).fields == {"colour": "red"}
    assert [one.verdict for one in feed(room, tmp_path, line)] == ["duplicate"]


def test_a_blocked_person_is_spam_on_every_channel_G15(room: "Room", tmp_path: Path) -> None:
    for who in ("twitter:@eve", "eve@evil.example"):
        room.db.write(lambda tx, who=who: bans.add(tx, who, at=clock.now(), actor="test"))
        (row,) = feed(room, tmp_path, {"customer": who, "text": "Buy"})
        assert (row.verdict, room.ticket(row.ticket or 0).status) == ("spam", "spam")
    assert room.outbox("ack", to="eve@evil.example") == []


def test_hostile_text_is_kept_as_the_database_can(room: "Room", tmp_path: Path) -> None:
    line = r'{"customer": {"identity": "x:\u202ea", "name": "a\u0000\nb"}, "text": "a\u0000b", "subject": "s\nBcc: x"}'
    (row,) = feed(room, tmp_path, line)
    assert row.state == "held"  # a direction mark in a name that is compared
    (row,) = feed(room, tmp_path, line.replace(r"\u202e", ""))
    (message,) = room.messages(row.ticket or 0)
    assert (message.text, message.author_name, message.subject) == (
        "a\ufffdb",
        "a\ufffd b",
        "s Bcc: x",
    )


@pytest.mark.parametrize("name", ["x.jsonl", "x.ndjson", "x"])
def test_json_lines_are_told_from_mail(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text('\n {"text": "x"}\n')
    with file.open("rb") as opened:
        assert door.are_lines(str(file), opened)
    mail = tmp_path / "mail"
    mail.write_text("From: a@x.example\n\n{}")
    with mail.open("rb") as opened:
        assert not door.are_lines(str(mail), opened)


def test_a_mail_about_the_same_joins_what_runs_on_another_channel_F_L8(
    room: "Room", tmp_path: Path
) -> None:
    room.apply(room.toml.replace("[desk]\n", "[desk]\njoin_across_channels = true\n", 1))
    feed(room, tmp_path, {"customer": DORA, "subject": "Loud fan", "text": "x"}, channel="phone")
    dora = "Dora <dora@customer.example>"
    joined = room.mail(dora, "support@help.example", "Re: loud fan", "It still is.")
    assert (joined.verdict, joined.ticket) == ("reply", 2)
    assert room.ticket(2).kind == "private"
    other = room.mail(dora, "support@help.example", "Invoice", "Where is it?")
    assert (other.verdict, other.ticket) == ("new", 3)
    with room.db.read() as tx:
        assert [(one.kind, one.ticket) for one in links.of(tx, 3)] == [("related", 2)]


def test_a_forms_lines_fill_in_the_ticket_F_T20(room: "Room") -> None:
    fields = (
        'form_fields = { email = "E-mail", subject = "Subject", type = "Kind", "cf.size" = "Size" }'
    )
    toml = "\n".join(
        fields if one.startswith("form_fields") else one for one in room.toml.split("\n")
    )
    room.apply(toml + '\n[[field]]\non = "ticket"\nname = "size"\ntype = "number"\n')
    text = "E-mail: dora@customer.example\nSubject: Loud\nKind: noise\nSize: {}\n\nIt is loud."
    room.mail("www@shop.example", "support@help.example", "Form", text.format(12))
    made = room.ticket(2)
    assert (made.customer.email, made.subject) == ("dora@customer.example", "Loud")
    assert (made.type, made.fields) == ("noise", {"size": 12})
    room.mail("www@shop.example", "support@help.example", "Form", text.format("big"))
    assert room.ticket(3).fields == {}
    assert "size is a number" in room.events(3)[0].comment
    room.mail("eve@evil.example", "support@help.example", "Form", text.format(12))
    assert (room.ticket(4).customer.email, room.ticket(4).type) == ("eve@evil.example", None)


def test_an_answer_leaves_from_the_mailbox_the_mail_came_to_F_A10(room: "Room") -> None:
    for box in ("support", "billing"):
        row = room.mail("Dora <dora@customer.example>", f"{box}@help.example", box, "Hello")
        assert room.ticket(row.ticket or 0).mailbox == f"{box}@help.example"
        ack = room.outbox("ack", to="dora@customer.example")[0]
        assert f"<{box}@help.example>" in room.text(ack).partition("From:")[2].partition("\r\n")[0]
