"""Automatic answers go the way the customer came: by the bridge of their channel, or by mail (F-L7, F-L4, F-C11)."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.intake.worker import Worker
from gateway.lines import receive_lines
from tests.actions.test_steps import ANSWER
from tests.support.channel_desk import WALL, ChannelDesk
from tests.support.mail_desk import CARL
from ticketctl import clock
from ticketctl.actions.customers.erase import erase
from ticketctl.actions.jobs import surveys
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.open_ticket import Draft, by_hand
from ticketctl.actions.tickets.reply import reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.undo import undo
from ticketctl.store.db.database import Database
from ticketctl.store.db.schema import template
from ticketctl.store.desk import ratings
from ticketctl.store.queues import outbox

CHAT = WALL.replace("wall", "chat")
RULE = '\n[[rule]]\nname = "closed"\non = "message"\nthen = ["reply:hours"]\n'
SURVEY = '\n[[survey]]\nname = "csat"\ndelay = "1h"\n'
PRIVATE: dict[str, Any] = {"channel": "chat", "visibility": "private", "permalink": None}
PUBLIC: dict[str, Any] = {"channel": "chat", "visibility": "public"}


@pytest.fixture
def chat(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChannelDesk:
    """A desk whose chat has a bridge."""
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    made = ChannelDesk(db, tmp_path / "bridges")
    made.apply(CHAT + SURVEY)
    made.program()
    return made


def says(made: ChannelDesk, kind: str) -> dict[str, Any]:
    """Hand over what is due; the last line of this kind that the bridge got."""
    return made.line(made.hand_over(kind))


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "We have received your message and filed it under number 1."),
        ("es", "lo hemos registrado con el número 1."),
        ("cs", "zaevidovali pod číslem 1."),
    ],
)
def test_F_L7_a_chat_is_acknowledged_in_the_chat_and_in_its_language(
    chat: ChannelDesk, language: str, words: str
) -> None:
    chat.feed_line("¿Dónde?", language=language, **PRIVATE)
    line = says(chat, "ack")
    assert words in line["text"] and "mail" not in line["text"]
    assert (line["kind"], line["automatic"], line["message"]) == ("ack", True, None)
    assert (line["thread"], line["in_reply_to"], line["language"]) == ("t1", "17", language)
    assert line["customer"] == {"name": "Ana", "identity": "twitter:@ana"}
    assert (line["author_name"], line["visibility"]) == ("Help", "private")
    assert [row.channel for row in chat.outbox("ack")] == ["chat"]
    assert [one.new for one in chat.events(1, "ack")] == ["twitter:@ana"]
    assert len(chat.messages()) == 1  # it is no message of the ticket, as by mail


@pytest.mark.parametrize("who", ["twitter:@ana", "ana@x.example"])
def test_F_L7_nothing_automatic_is_posted_where_everybody_reads_it(
    chat: ChannelDesk, who: str
) -> None:
    chat.feed_line(customer=who, **PUBLIC)
    chat.do(lambda w: wait(w, 1, comment="parts"))
    chat.do(lambda w: resolve(w, 1, comment="done"))
    assert chat.by_bridge() == []
    mailed = [row.to for row in chat.outbox("ack", "resolution")]
    assert mailed == ([] if who.startswith("twitter") else [("ana@x.example",)] * 3)


def test_F_L7_a_channel_may_have_no_acknowledgements(chat: ChannelDesk) -> None:
    chat.apply(CHAT + "acknowledge = false\n")
    chat.feed_line(**PRIVATE)
    chat.feed_line(id=18, thread="t2", customer="ana@x.example", **PRIVATE)
    assert chat.outbox("ack") == []
    chat.do(lambda w: wait(w, 1, comment="parts"))  # a notice is another matter
    assert [row.data["template"] for row in chat.by_bridge("ack")] == ["notice"]


def test_F_L7_a_ticket_by_hand_is_acknowledged_by_the_bridge_too(chat: ChannelDesk) -> None:
    draft = Draft(
        customer="twitter:@ana", subject="Order", text="Where?", channel="chat", comment="seen"
    )
    chat.do(lambda w: by_hand(w, draft))
    assert chat.by_bridge() == []
    chat.do(lambda w: by_hand(w, replace(draft, acknowledge=True)))
    assert [row.ticket for row in chat.by_bridge("ack")] == [2]


def test_F_L4_a_notice_goes_the_way_the_customer_wrote_last(chat: ChannelDesk) -> None:
    chat.feed_line("Where?", language="en", **PRIVATE)
    chat.do(lambda w: wait(w, 1, comment="parts"))
    line = says(chat, "ack")
    assert line["kind"] == "notice" and "request number 1 is on hold" in line["text"]
    chat.mail(CARL, "support@help.example", "Printer", "It does not print.")
    chat.do(lambda w: wait(w, 2, comment="parts"))
    assert [row.channel for row in chat.outbox("ack")] == ["chat", "chat", "email", "email"]


def test_F_L4_undo_stops_a_notice_and_one_that_has_gone_does_not_hold_it_up(
    chat: ChannelDesk,
) -> None:
    chat.feed_line(**PRIVATE)
    chat.do(lambda w: wait(w, 1, comment="parts"), delay=30, group="g")
    chat.do(undo, group="g")
    assert chat.hand_over("ack").state == "cancelled"
    chat.do(lambda w: wait(w, 1, comment="parts"), group="h")
    assert chat.hand_over("ack").state == "sent"
    chat.do(undo, group="h")
    assert chat.ticket().status == "new"


def test_F_Q1_a_customer_of_a_chat_is_told_there_that_the_ticket_ended(chat: ChannelDesk) -> None:
    chat.feed_line("Where?", language="en", **PRIVATE)
    chat.do(lambda w: resolve(w, 1, comment="done"))
    line = says(chat, "resolution")
    assert line["kind"] == "resolution" and line["text"].startswith("We consider your request")
    assert chat.ticket().closed_loop_at == clock.now()
    chat.do(lambda w: close(w, 1, comment="done"))
    assert len(chat.outbox("resolution")) == 1  # told once


@pytest.mark.postgres
@pytest.mark.parametrize("more", [PRIVATE, PUBLIC])
def test_F_L7_the_reply_of_a_rule_is_a_message_on_the_channel(
    chat: ChannelDesk, more: dict[str, Any]
) -> None:
    chat.apply(CHAT + "acknowledge = false\n" + RULE)
    chat.db.write(lambda tx: tx.execute(template.insert(), ANSWER | {"at": clock.now()}))
    chat.feed_line(**more)
    said = chat.messages()[1]
    assert (said.class_, said.channel, said.visibility) == ("auto", "chat", more["visibility"])
    line = says(chat, "ack")
    assert line["text"] == said.text == "Dear Ana, we open on Monday."
    assert (line["kind"], line["automatic"], line["message"]) == ("reply", True, 2)
    ticket = chat.ticket()  # no agent has answered yet
    assert (ticket.status, ticket.awaiting, ticket.first_reply_at) == ("new", "agent", None)


def test_E7_two_machines_do_not_answer_each_other_for_ever(chat: ChannelDesk) -> None:
    """The limits of automatic mail hold: two of one subject in three hours, ten in an hour."""
    for n in range(4):
        chat.feed_line("Out of office", id=n, thread=str(n), **PRIVATE)
    assert len(chat.by_bridge("ack")) == 2
    assert "within three hours" in (chat.events(4, "ack")[0].comment or "")
    for n in range(10, 30):
        chat.feed_line(f"Out of office {n}", id=n, thread=str(n), **PRIVATE)
    assert len(chat.by_bridge("ack")) == 10


@pytest.mark.parametrize("who", ["ana@help.example", "support@help.example"])
def test_E8_colleagues_and_our_own_addresses_get_no_automatic_answer(
    chat: ChannelDesk, who: str
) -> None:
    chat.feed_line(customer=who, **PRIVATE)
    assert chat.outbox("ack") == []


def test_F_L8_our_acknowledgement_that_comes_back_is_not_filed(chat: ChannelDesk) -> None:
    chat.program("#!/bin/sh\necho '{\"id\": 18}'\n")
    chat.feed_line(**PRIVATE)
    row = chat.hand_over("ack")
    for id in (18, row.data["id"]):
        back = chat.feed_line("Thank you", id=id, customer="twitter:@desk", **PRIVATE)
        assert (back.verdict, back.ticket) == ("duplicate", 1)
    assert chat.feed_line("And?", id=19, in_reply_to=18, **PRIVATE).verdict == "reply"


def test_F_L7_an_automatic_answer_that_fails_is_told_like_any_other(chat: ChannelDesk) -> None:
    chat.program("#!/bin/sh\nexit 65\n")
    chat.feed_line(**PRIVATE)
    assert chat.hand_over("ack").state == "failed"
    assert [one.field for one in chat.events(1, "mail-failed")] == ["twitter:@ana"]


def test_F_L7_a_site_may_word_it_itself(chat: ChannelDesk, tmp_path: Path) -> None:
    file = tmp_path / "site" / "mail" / "es" / "ack.channel.j2"
    file.parent.mkdir(parents=True)
    file.write_text("Recibido: {{ ticket }}, {{ ticket_subject }}\n")
    chat.settings = replace(chat.settings, templates=str(tmp_path / "site"))
    chat.feed_line("{{ 7 * 7 }} \x1b[31m", **PRIVATE)
    assert says(chat, "ack")["text"] == "Recibido: 1, {{ 7 * 7 }} [31m"


def ask(made: ChannelDesk, monkeypatch: pytest.MonkeyPatch, **more: Any) -> list[str]:
    """Resolve the ticket of a chat; whom the survey asks an hour later."""
    made.feed_line("Where?", **({"language": "en"} | PRIVATE | more))
    made.do(lambda w: resolve(w, 1, comment="done"), notify=False)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:00:00Z")
    return [one.to for one in surveys.send(made.db)]


def rated(made: ChannelDesk) -> list[int]:
    """The ratings of the ticket."""
    found = made.read(lambda tx: ratings.latest(tx, 1))
    return [found.rating] if found else []


@pytest.mark.postgres
@pytest.mark.parametrize("words", ["4", "4/5", " 4! "])
def test_F_C11_a_survey_asks_in_the_chat_and_a_grade_answers_it(
    chat: ChannelDesk, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    assert ask(chat, monkeypatch) == ["twitter:@ana"]
    assert list(surveys.send(chat.db)) == []
    line = says(chat, "survey")
    assert line["survey"] == {"name": "csat", "lowest": 1, "highest": 5}
    assert "Answer with a number alone, from 1 (" in line["text"]
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:05:00Z")
    answer = chat.feed_line(words, id=18, **PRIVATE)
    assert (answer.verdict, answer.ticket, rated(chat)) == ("rating", 1, [4])
    assert (chat.ticket().status, len(chat.messages())) == ("resolved", 1)
    assert chat.feed_line("No, 2", id=19, **PRIVATE).verdict == "reply"
    assert chat.ticket().status == "open"


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("4 more things", {}),
        ("7", {}),
        ("4/10", {}),
        ("Thanks", {}),
        ("4", {"customer": "twitter:@dora"}),
        ("4", {"direction": "out"}),
        ("4", {"thread": "t2", "in_reply_to": None}),
        ("4", {"attachments": [{"name": "a", "data": ""}]}),
    ],
)
def test_F_C11_whatever_else_is_said_is_a_message(
    chat: ChannelDesk, monkeypatch: pytest.MonkeyPatch, words: str, more: dict[str, Any]
) -> None:
    ask(chat, monkeypatch)
    assert chat.feed_line(words, id=18, **PRIVATE | more).verdict != "rating"
    assert rated(chat) == []


def test_F_C11_a_number_is_a_message_where_no_survey_waits_for_it(
    chat: ChannelDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat.feed_line(**PRIVATE)
    assert chat.feed_line("4", id=18, **PRIVATE).verdict == "reply"
    chat.do(lambda w: resolve(w, 1, comment="done"), notify=False)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:00:00Z")
    assert len(list(surveys.send(chat.db))) == 1
    (row,) = chat.by_bridge("survey")
    chat.db.write(lambda tx: outbox.cancel(tx, row.id))
    assert chat.feed_line("4", id=19, **PRIVATE).verdict == "reply"


def test_F_C11_a_bridge_may_pass_the_answer_on_as_one_to_the_survey(
    chat: ChannelDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(chat, monkeypatch)
    line = says(chat, "survey")
    answer = {"survey": line["survey"]["name"], "ticket": line["ticket"], "rating": 5}
    with BytesIO(json.dumps(answer).encode()) as file:
        receive_lines.store_lines(chat.db, "-", file, None, 10_000)
    Worker(chat.db, chat.settings).drain()
    assert rated(chat) == [5]


@pytest.mark.parametrize("more", [PUBLIC, {"channel": "phone"}])
def test_F_C11_nobody_is_asked_in_public_or_where_no_bridge_goes(
    chat: ChannelDesk, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    assert ask(chat, monkeypatch, **more) == []


def test_F_C11_one_survey_a_day_whichever_way(
    chat: ChannelDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for id in (18, 17):
        chat.feed_line("Where?", id=id, thread=id, **PRIVATE)
    chat.do(lambda w: resolve(w, 2, comment="done"), notify=False)
    chat.do(lambda w: resolve(w, 1, comment="done"), notify=False)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:00:00Z")
    assert [one.ticket for one in surveys.send(chat.db)] == [1]


def test_F_L7_a_customer_who_was_erased_is_told_nothing(chat: ChannelDesk) -> None:
    chat.feed_line(**PRIVATE)
    chat.do(lambda w: reply(w, 1, "Sale hoy."))
    chat.do(lambda w: erase(w, 1), who="root", role="admin")
    before = len(chat.outbox())
    chat.do(lambda w: wait(w, 1, comment="parts"))
    chat.do(lambda w: resolve(w, 1, comment="done"))
    assert len(chat.outbox()) == before
