"""JSON lines of other channels through the inbox: taken once, filed once, else held (F-L1, F-T4, F-T7)."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from gateway.intake.worker import Worker
from gateway.lines import receive_lines
from tests.support.mail_desk import MailDesk
from ticketctl import clock
from ticketctl.domain.base.condition import EVERYTHING
from ticketctl.domain.base.records import CHANNELS, InboxRow
from ticketctl.store.db.database import Database
from ticketctl.store.queues import bans, inbox
from ticketctl.store.tickets import links, ticket_lists

DORA = {"name": "Dora", "email": "dora@customer.example"}


def take(
    helpdesk: MailDesk, folder: Path, *lines: Any, channel: str | None = "chat"
) -> receive_lines.StoredLines:
    file = folder / "lines.jsonl"
    texts = (one if isinstance(one, str) else json.dumps(one) for one in lines)
    file.write_text("".join(f"{one}\n" for one in texts), encoding="utf-8", newline="")
    with file.open("rb") as opened:
        return receive_lines.store_lines(helpdesk.db, str(file), opened, channel, 10_000)


def feed(
    helpdesk: MailDesk, folder: Path, *lines: Any, channel: str | None = "chat"
) -> list[InboxRow]:
    """Take the lines and file them; their rows."""
    taken = take(helpdesk, folder, *lines, channel=channel)
    Worker(helpdesk.db, helpdesk.settings).drain()
    with helpdesk.db.read() as tx:
        return [inbox.get(tx, id) for id in taken.rows]


def count(helpdesk: MailDesk) -> int:
    with helpdesk.db.read() as tx:
        return ticket_lists.count(tx, EVERYTHING)


def test_a_line_of_each_channel_makes_one_ticket_in_one_list_F_L1_F_T5_F_T7(
    helpdesk: MailDesk, tmp_path: Path
) -> None:
    lines = [{"channel": one, "customer": DORA, "text": f"By {one}."} for one in CHANNELS]
    rows = feed(helpdesk, tmp_path, *lines, channel=None)
    assert [row.verdict for row in rows] == ["new"] * len(CHANNELS)
    with helpdesk.db.read() as tx:
        listed = ticket_lists.page(tx, EVERYTHING, [], 50)
    assert sorted(one.channel for one in listed) == sorted((*CHANNELS, "email"))


def test_an_inbox_row_shows_what_became_of_its_line(helpdesk: MailDesk, tmp_path: Path) -> None:
    first, second = feed(
        helpdesk, tmp_path,
        {"id": 7, "customer": "twitter:@dora", "text": "Hello", "thread": 3},
        {"id": 8, "text": "more", "thread": 3},
    )  # fmt: skip
    assert (first.via, first.envelope_from, first.message_id) == ("line", "twitter:@dora", "chat:7")
    assert (first.verdict, first.class_, first.ticket, first.message) == ("new", "human", 2, 1)
    assert (second.verdict, second.ticket, second.message) == ("reply", 2, 2)
    assert any("same conversation" in reason.text for reason in second.reasons)


def test_a_line_that_comes_twice_is_filed_once_C1(helpdesk: MailDesk, tmp_path: Path) -> None:
    named, other = {"id": 7, "customer": DORA, "text": "a"}, {"customer": DORA, "text": "b"}
    rows = feed(helpdesk, tmp_path, named, other)
    again = feed(helpdesk, tmp_path, named | {"text": "edited"}, other)
    assert [row.verdict for row in (*rows, *again)] == ["new", "new", "duplicate", "duplicate"]
    assert [row.verdict for row in feed(helpdesk, tmp_path, named, channel="dm")] == ["new"]


def test_two_who_file_the_same_lines_at_once_make_one_ticket_C1(
    each_helpdesk: MailDesk, db_url: str, tmp_path: Path
) -> None:
    lines = [{"id": n, "customer": "twitter:@dora", "text": "x", "thread": 1} for n in range(6)]
    for part in ("a", "b"):
        (tmp_path / part).mkdir()
        take(each_helpdesk, tmp_path / part, *lines)

    def work(_: int) -> int:
        database = Database(db_url)
        try:
            return Worker(database, each_helpdesk.settings).drain()
        finally:
            database.dispose()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert count(each_helpdesk) == 2
    assert sorted(str(one.message_id) for one in each_helpdesk.messages(2)) == [
        f"chat:{n}" for n in range(6)
    ]


def test_a_line_that_cannot_be_filed_is_held_with_its_place_and_the_others_go_on(
    helpdesk: MailDesk, tmp_path: Path
) -> None:
    taken = take(
        helpdesk, tmp_path,
        {"id": 1, "channel": "pigeon", "customer": DORA, "text": "x"},
        {"id": 2, "customer": DORA, "text": "x", "colour": "red"},
        "", "not json", "[]", '{"text": "' + "x" * 20_000 + '"}',
        {"id": 3, "customer": DORA, "text": "x", "fields": {"colour": "red"}},
        {"id": 4, "customer": DORA, "text": "good"},
    )  # fmt: skip
    Worker(helpdesk.db, helpdesk.settings).drain()
    assert [one.partition(" was not accepted: ")[2] for one in taken.refused] == [
        "it is not a JSON object.", "it is not a JSON object.", "it has more than 10000 bytes.",
    ]  # fmt: skip
    assert "line 4 was" in taken.refused[0] and "line 6 was" in taken.refused[2]
    held = receive_lines.held_lines(helpdesk.db, taken.rows)
    assert ["line 1 is" in held[0], "line 2 is" in held[1], "line 7 is" in held[2]] == [True] * 3
    assert '"pigeon" is not a valid channel' in held[0]
    assert "`colour`" in held[1]
    assert 'no field "colour"' in held[2]
    assert (count(helpdesk), helpdesk.messages(2)[0].text) == (2, "good")


def test_a_held_line_is_filed_when_the_desk_is_mended(helpdesk: MailDesk, tmp_path: Path) -> None:
    line = {"id": 3, "customer": DORA, "text": "x", "fields": {"colour": "red"}}
    (row,) = feed(helpdesk, tmp_path, line)
    helpdesk.apply(helpdesk.toml + '\n[[field]]\non = "ticket"\nname = "colour"\n')
    helpdesk.db.write(lambda tx: inbox.retry(tx, row.id))
    Worker(helpdesk.db, helpdesk.settings).drain()
    assert helpdesk.ticket(2).fields == {"colour": "red"}
    assert [one.verdict for one in feed(helpdesk, tmp_path, line)] == ["duplicate"]


def test_a_blocked_person_is_spam_on_every_channel_G15(helpdesk: MailDesk, tmp_path: Path) -> None:
    for who in ("twitter:@eve", "eve@evil.example"):
        helpdesk.db.write(lambda tx, who=who: bans.add(tx, who, at=clock.now(), actor="test"))
        (row,) = feed(helpdesk, tmp_path, {"customer": who, "text": "Buy"})
        assert (row.verdict, helpdesk.ticket(row.ticket or 0).status) == ("spam", "spam")
    assert helpdesk.outbox("ack", to="eve@evil.example") == []


def test_hostile_text_is_kept_as_the_database_can(helpdesk: MailDesk, tmp_path: Path) -> None:
    line = r'{"customer": {"identity": "x:\u202ea", "name": "a\u0000\nb"}, "text": "a\u0000b", "subject": "s\nBcc: x"}'
    (row,) = feed(helpdesk, tmp_path, line)
    assert row.state == "held"  # a direction mark in a name that is compared
    (row,) = feed(helpdesk, tmp_path, line.replace(r"\u202e", ""))
    (message,) = helpdesk.messages(row.ticket or 0)
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
        assert receive_lines.is_line_file(str(file), opened)
    mail = tmp_path / "mail"
    mail.write_text("From: a@x.example\n\n{}")
    with mail.open("rb") as opened:
        assert not receive_lines.is_line_file(str(mail), opened)


def test_a_mail_about_the_same_joins_what_runs_on_another_channel_F_L8(
    helpdesk: MailDesk, tmp_path: Path
) -> None:
    helpdesk.apply(helpdesk.toml.replace("[desk]\n", "[desk]\njoin_across_channels = true\n", 1))
    feed(
        helpdesk, tmp_path, {"customer": DORA, "subject": "Loud fan", "text": "x"}, channel="phone"
    )
    dora = "Dora <dora@customer.example>"
    joined = helpdesk.mail(dora, "support@help.example", "Re: loud fan", "It still is.")
    assert (joined.verdict, joined.ticket) == ("reply", 2)
    assert helpdesk.ticket(2).kind == "private"
    other = helpdesk.mail(dora, "support@help.example", "Invoice", "Where is it?")
    assert (other.verdict, other.ticket) == ("new", 3)
    with helpdesk.db.read() as tx:
        assert [(one.kind, one.ticket) for one in links.of(tx, 3)] == [("related", 2)]


def test_a_forms_lines_fill_in_the_ticket_F_T20(helpdesk: MailDesk) -> None:
    fields = (
        'form_fields = { email = "E-mail", subject = "Subject", type = "Kind", "cf.size" = "Size" }'
    )
    toml = "\n".join(
        fields if one.startswith("form_fields") else one for one in helpdesk.toml.split("\n")
    )
    helpdesk.apply(toml + '\n[[field]]\non = "ticket"\nname = "size"\ntype = "number"\n')
    text = "E-mail: dora@customer.example\nSubject: Loud\nKind: noise\nSize: {}\n\nIt is loud."
    helpdesk.mail("www@shop.example", "support@help.example", "Form", text.format(12))
    made = helpdesk.ticket(2)
    assert (made.customer.email, made.subject) == ("dora@customer.example", "Loud")
    assert (made.type, made.fields) == ("noise", {"size": 12})
    helpdesk.mail("www@shop.example", "support@help.example", "Form", text.format("big"))
    assert helpdesk.ticket(3).fields == {}
    assert "size is a number" in helpdesk.events(3)[0].comment
    helpdesk.mail("eve@evil.example", "support@help.example", "Form", text.format(12))
    assert (helpdesk.ticket(4).customer.email, helpdesk.ticket(4).type) == (
        "eve@evil.example",
        None,
    )


def test_an_answer_leaves_from_the_mailbox_the_mail_came_to_F_A10(helpdesk: MailDesk) -> None:
    for box in ("support", "billing"):
        row = helpdesk.mail("Dora <dora@customer.example>", f"{box}@help.example", box, "Hello")
        assert helpdesk.ticket(row.ticket or 0).mailbox == f"{box}@help.example"
        ack = helpdesk.outbox("ack", to="dora@customer.example")[-1]
        assert (
            f"<{box}@help.example>" in helpdesk.text(ack).partition("From:")[2].partition("\r\n")[0]
        )
