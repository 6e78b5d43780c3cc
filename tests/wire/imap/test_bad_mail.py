"""One bad mail, or one bad answer, never stops the others (B7, B8, B12, B14, B16)."""

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from gateway.doors import imap_folder, imap_memory, imap_session
from gateway.doors.imap_session import Patience
from gateway.parse.mail import Mail
from gateway.parse.parse import parse
from tests.wire.imap.house import (
    QUICK,
    House,
    asks_for,
    drop,
    mail,
    refuse,
)
from tests.wire.imap.server import Server, Talk
from ticketctl.errors import DatabaseTrouble, MailServerTrouble


def test_B7_a_mail_that_cannot_be_fetched_is_given_up_and_stops_no_other(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one", "two", "three")
    server.before["UID FETCH"] = lambda talk: "NO broken" if asks_for(talk, 2) else None
    assert [house.poll(server.port) for _ in range(5)] == [2, 0, 0, 0, 0]
    assert server.count("UID FETCH 2 (BODY") == 3
    assert server.inbox.raws() == [mail("two")]
    assert "move it out and back in" in caplog.text
    assert house.state().oldest_waiting_at == datetime(2026, 3, 1, 8, tzinfo=UTC), "B17"


def test_B7_a_mail_that_becomes_readable_is_taken(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    server.before["UID FETCH"] = refuse("not now")
    assert house.poll(server.port) == 0
    del server.before["UID FETCH"]
    assert house.poll(server.port) == 2
    assert house.raws() == [mail("one"), mail("two")]


def test_B7_a_mail_on_which_the_server_dies_does_not_keep_the_others(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    server.before["UID FETCH"] = lambda talk: drop(talk) if asks_for(talk, 1) else None
    for _ in range(4):
        with contextlib.suppress(MailServerTrouble):
            house.poll(server.port)
    assert house.raws() == [mail("two")]
    assert house.notes(server.inbox) == {1: "failed"}


def test_B7_an_empty_body_is_no_mail(house: House, serve: Callable[..., Server]) -> None:
    server = serve("one")
    server.inbox.add(b"", size=500)
    server.inbox.add(mail("three"))
    assert [house.poll(server.port) for _ in range(4)] == [2, 0, 0, 0]
    assert house.notes(server.inbox) == {2: "failed"}
    assert server.count("UID FETCH 2 (BODY") == 3


def test_B7_an_answer_without_sense_is_one_mails_trouble(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")

    def babble(talk: Talk) -> str | None:
        if not asks_for(talk, 1):
            return None
        talk.send("* 1 FETCH (UID one BODY[")
        return "OK done"

    server.before["UID FETCH"] = babble
    assert house.poll(server.port) == 1
    assert house.raws() == [mail("two")]


def test_B7_a_mail_that_the_inbox_cannot_take_does_not_keep_the_others(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    size = len(mail("longer"))
    trap = f"CREATE TRIGGER trap BEFORE INSERT ON inbox WHEN NEW.size = {size} "
    trap += "BEGIN SELECT RAISE(ABORT, 'no'); END"
    house.db.write(lambda tx: tx.execute(text(trap)))
    server.inbox.mails[0].raw = mail("longer")
    for _ in range(3):
        with pytest.raises(DatabaseTrouble, match="stays in its folder"):
            house.poll(server.port)
    assert house.poll(server.port) == 1
    assert house.raws() == [mail("two")]
    assert server.inbox.raws() == [mail("longer")]


def test_B7_a_bug_of_ours_is_one_mails_trouble(
    house: House, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("one", "two")

    def stumble(raw: bytes) -> Mail:
        return {b"two": parse(raw)}[b"two" if b"two@" in raw else b"one"]

    monkeypatch.setattr(imap_folder, "parse_head", stumble)
    assert house.poll(server.port) == 1
    assert server.inbox.raws() == [mail("one")]


def test_B8_short_answers_lose_nothing_and_the_oldest_comes_first(
    house: House, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_memory, "CHUNK", 2)
    subjects = [f"m{number}" for number in range(7)]
    server = serve(*subjects)
    server.short = True
    assert house.poll(server.port) == 7
    assert house.raws() == [mail(subject) for subject in subjects]
    assert server.inbox.raws() == []


def test_B8_a_long_folder_is_searched_in_pieces(
    house: House, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_session, "_WINDOW", 3)
    server = serve()
    for uid in (2, 3, 11, 12, 13, 40):
        server.inbox.last = uid - 1
        server.inbox.add(mail(f"m{uid}"))
    assert [house.poll(server.port, done="keep") for _ in range(2)] == [6, 0]
    assert house.raws() == server.inbox.raws()


def test_B12_of_a_mail_that_is_too_big_only_the_head_is_taken_and_that_once(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve()
    server.inbox.add(mail("big", body=b"x" * 20_000))
    server.inbox.add(mail("small"))
    assert [house.poll(server.port) for _ in range(3)] == [2, 0, 0]
    assert server.count("UID FETCH 1 (BODY.PEEK[])") == 0
    assert server.inbox.uids() == [1]
    assert caplog.text.count("max_message_size") == 1
    assert house.raws() == [mail("big").partition(b"Hello")[0], mail("small")]
    assert [row.size for row in house.rows()] == [len(mail("big", body=b"x" * 20_000)), 119]
    assert house.state().oldest_waiting_at is None


def test_B14_mail_marked_as_deleted_is_not_taken_unless_the_mark_goes(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    server.inbox.mails[0].flags.add("\\Deleted")
    assert [house.poll(server.port) for _ in range(2)] == [1, 0]
    server.inbox.mails[0].flags.clear()
    assert house.poll(server.port) == 1
    assert house.raws() == [mail("two"), mail("one")]


def test_B14_mail_that_vanishes_meanwhile_is_no_trouble(
    house: House, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one", "two", "three")

    def vanish(talk: Talk) -> None:
        if "BODY" in talk.command:
            server.inbox.mails[:] = [one for one in server.inbox.mails if one.uid != 2]

    server.before["UID FETCH"] = vanish
    assert house.poll(server.port) == 2
    assert house.notes(server.inbox) == {}
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


def test_B16_an_answer_that_does_not_come_is_not_waited_for(
    house: House, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    over = threading.Event()
    server.before["UID SEARCH"] = lambda talk: over.wait(30) and None
    with pytest.raises(MailServerTrouble, match="no answer in time to search"):
        house.poll(server.port, QUICK)
    over.set()
    assert "no answer in time" in (house.state().error or "")


def test_B16_a_trickle_is_cut(house: House, serve: Callable[..., Server]) -> None:
    server = serve("one")
    over = threading.Event()

    def trickle(talk: Talk) -> None:
        if "BODY" in talk.command:
            talk.send(b"* 1 FETCH (UID 1 BODY[] {9999}\r\n")
            while not over.wait(0.01):
                talk.send(b"x")

    server.before["UID FETCH"] = trickle
    with pytest.raises(MailServerTrouble, match="fetch a mail"):
        house.poll(server.port, Patience(mail=0.1))
    over.set()
    assert house.notes(server.inbox) == {1: "failed"}
