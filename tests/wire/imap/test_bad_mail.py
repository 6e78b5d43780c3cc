"""One bad mail, or one bad answer, never stops the others (B7, B8, B12, B14, B16)."""

import contextlib
import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from gateway.parse.mail import Mail
from gateway.parse.parse import parse
from gateway.receive.imap import fetch_round, folder_state, session
from gateway.receive.imap.session import ImapTimeouts
from tests.wire.imap.conftest import Told
from tests.wire.imap.desk import (
    QUICK,
    ImapDesk,
    account,
    asks_for,
    drop,
    mail,
    refuse,
)
from tests.wire.imap.server import Drop, Server, Talk
from ticketctl.cli import main as cli
from ticketctl.errors import DatabaseTrouble, MailServerTrouble

# When a poller looks in the first five days: every five minutes, later every hour.
FIVE_DAYS = [timedelta(minutes=5 * n) for n in range(48)]
FIVE_DAYS += [timedelta(hours=n) for n in range(4, 120)]


def test_a_mail_that_cannot_be_fetched_is_retried_less_often_B7(
    helpdesk: ImapDesk,
    serve: Callable[..., Server],
    at: Callable[[timedelta], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    at(timedelta())
    server = serve("one", "two", "three")
    server.before["UID FETCH"] = lambda talk: "NO broken" if asks_for(talk, 2) else None
    assert [helpdesk.poll(server.port) for _ in range(5)] == [2, 0, 0, 0, 0]
    assert server.count("UID FETCH 2 (BODY") == 3
    assert server.inbox.raws() == [mail("two")]
    assert "move it to another folder and back" in caplog.text
    assert helpdesk.state().oldest_waiting_at == datetime(2026, 3, 1, 8, tzinfo=UTC), "B17"
    tries: list[timedelta] = []
    for later in FIVE_DAYS:
        at(later)
        helpdesk.poll(server.port)
        if server.count("UID FETCH 2 (BODY") > 3 + len(tries):
            tries.append(later)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert 6 <= len(tries) <= 14 and pauses == sorted(pauses)
    assert pauses[-1] == timedelta(days=1)
    server.before.clear()
    at(timedelta(days=6))
    assert helpdesk.poll(server.port) == 1
    assert helpdesk.notes(server.inbox) == {}


def test_a_mail_that_becomes_readable_is_taken_B7(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    server.before["UID FETCH"] = refuse("not now")
    assert helpdesk.poll(server.port) == 0
    del server.before["UID FETCH"]
    assert helpdesk.poll(server.port) == 2
    assert helpdesk.raws() == [mail("one"), mail("two")]


def test_a_mail_on_which_the_server_dies_does_not_keep_the_others_B7(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    server.before["UID FETCH"] = lambda talk: drop(talk) if asks_for(talk, 1) else None
    for _ in range(4):
        with contextlib.suppress(MailServerTrouble):
            helpdesk.poll(server.port)
    assert helpdesk.raws() == [mail("two")]
    assert helpdesk.notes(server.inbox) == {1: "failed"}
    server.inbox.add(mail("three"))
    with pytest.raises(MailServerTrouble):
        helpdesk.poll(server.port)
    assert helpdesk.raws() == [mail("two"), mail("three")], "new mail goes first"


def test_a_lost_connection_is_no_try_of_the_mail_that_was_being_fetched_B7(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")

    def goodbye(talk: Talk) -> None:
        if asks_for(talk, 1):
            talk.send("* BYE back in a moment")
            raise Drop

    server.before["UID FETCH"] = goodbye
    for _ in range(helpdesk.gateway.attempts + 2):
        with pytest.raises(MailServerTrouble):
            helpdesk.poll(server.port)
    server.before.clear()
    assert helpdesk.poll(server.port) == 1
    assert helpdesk.raws() == [mail("one")]


def test_a_mail_that_crashes_the_server_is_retried_less_often_B7(
    helpdesk: ImapDesk, serve: Callable[..., Server], at: Callable[[timedelta], None]
) -> None:
    server = serve("one")
    server.before["UID FETCH"] = lambda talk: drop(talk) if asks_for(talk, 1) else None
    tries, good = [], 0
    for later in FIVE_DAYS:
        at(later)
        before = server.count("UID FETCH 1 (BODY")
        with contextlib.suppress(MailServerTrouble):
            helpdesk.poll(server.port)
            good += 1
        if server.count("UID FETCH 1 (BODY") > before:
            tries.append(later)
    assert 6 <= len(tries) <= 14 and good == len(FIVE_DAYS) - len(tries)
    assert max(later - earlier for earlier, later in pairwise(tries)) == timedelta(days=1)


def test_a_mail_whose_head_the_server_dies_of_does_not_keep_the_others_B7(
    helpdesk: ImapDesk, serve: Callable[..., Server], at: Callable[[timedelta], None]
) -> None:
    server = serve("one", "two", "three")

    def die(talk: Talk) -> None:
        if "SIZE" in talk.command and any(one.uid == 2 for one in talk.chosen()):
            raise Drop

    server.before["UID FETCH"] = die
    for seconds in range(4):
        at(timedelta(seconds=seconds))
        with contextlib.suppress(MailServerTrouble):
            helpdesk.poll(server.port)
    assert sorted(helpdesk.raws()) == sorted([mail("one"), mail("three")])
    assert helpdesk.notes(server.inbox) == {2: "failed"}


def test_stuck_mail_is_named_by_status_mailbox_list_and_doctor_B17(
    told: Told,
    helpdesk: ImapDesk,
    serve: Callable[..., Server],
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = serve("one", "two")
    told(1, account(server.port))
    server.before["UID FETCH"] = lambda talk: "NO it is broken" if asks_for(talk, 2) else None
    helpdesk.poll(server.port)
    for words in (["gateway", "status"], ["mailbox", "list"], ["doctor"]):
        cli.run(words)
        shown = capsys.readouterr().out
        assert "UID 2 of support INBOX has not been fetched" in shown, words
        assert "it is broken" in shown, words
    assert _doctor(capsys) == "warn"
    helpdesk.poll(server.port)
    helpdesk.poll(server.port)
    assert _doctor(capsys) == "fail"
    cli.run(["gateway", "status", "--json"])
    (stuck,) = json.loads(capsys.readouterr().out)["stuck"]
    assert (stuck["uid"], stuck["state"]) == (2, "failed")
    cli.run(["mailbox", "list", "--json"])
    (listed,) = json.loads(capsys.readouterr().out)[0]["accounts"][0]["stuck"]
    assert listed == stuck
    server.before.clear()
    server.inbox.mails.clear()
    helpdesk.poll(server.port)
    assert _doctor(capsys) is None


def test_filed_mail_that_cannot_be_moved_is_named_B17(
    told: Told,
    helpdesk: ImapDesk,
    serve: Callable[..., Server],
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = serve("one")
    told(1, account(server.port))
    server.before["UID MOVE"] = refuse("[OVERQUOTA] full")
    for _ in range(5):
        helpdesk.poll(server.port)
    cli.run(["gateway", "status"])
    assert "UID 1 of support INBOX is filed, but stays in its folder" in capsys.readouterr().out
    assert _doctor(capsys) == "fail"


def _doctor(capsys: pytest.CaptureFixture[str]) -> str | None:
    """What `doctor` thinks of the mail in IMAP folders."""
    cli.run(["doctor", "--json"])
    checks = json.loads(capsys.readouterr().out)
    return next((one["state"] for one in checks if one["check"] == "imap"), None)


def test_an_empty_body_is_no_mail_B7(
    helpdesk: ImapDesk, serve: Callable[..., Server], at: Callable[[timedelta], None]
) -> None:
    at(timedelta())
    server = serve("one")
    server.inbox.add(b"", size=500)
    server.inbox.add(mail("three"))
    assert [helpdesk.poll(server.port) for _ in range(4)] == [2, 0, 0, 0]
    assert helpdesk.notes(server.inbox) == {2: "failed"}
    assert server.count("UID FETCH 2 (BODY") == 3


def test_an_answer_without_sense_is_one_mails_trouble_B7(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")

    def babble(talk: Talk) -> str | None:
        if not asks_for(talk, 1):
            return None
        talk.send("* 1 FETCH (UID one BODY[")
        return "OK done"

    server.before["UID FETCH"] = babble
    assert helpdesk.poll(server.port) == 1
    assert helpdesk.raws() == [mail("two")]


def test_a_mail_that_the_inbox_cannot_take_does_not_keep_the_others_B7(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    size = len(mail("longer"))
    trap = f"CREATE TRIGGER trap BEFORE INSERT ON inbox WHEN NEW.size = {size} "
    trap += "BEGIN SELECT RAISE(ABORT, 'no'); END"
    helpdesk.db.write(lambda tx: tx.execute(text(trap)))
    server.inbox.mails[0].raw = mail("longer")
    for _ in range(4):
        with pytest.raises(DatabaseTrouble, match="stays in its folder"):
            helpdesk.poll(server.port)
    assert helpdesk.raws() == [mail("two")]
    assert server.inbox.raws() == [mail("longer")]
    helpdesk.db.write(lambda tx: tx.execute(text("DROP TRIGGER trap")))
    assert helpdesk.poll(server.port) == 1
    assert helpdesk.raws() == [mail("two"), mail("longer")]


def test_a_bug_of_ours_is_one_mails_trouble_B7(
    helpdesk: ImapDesk, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("one", "two")

    def stumble(raw: bytes) -> Mail:
        return {b"two": parse(raw)}[b"two" if b"two@" in raw else b"one"]

    monkeypatch.setattr(fetch_round, "parse_head", stumble)
    assert helpdesk.poll(server.port) == 1
    assert server.inbox.raws() == [mail("one")]


def test_short_answers_lose_nothing_and_the_oldest_comes_first_B8(
    helpdesk: ImapDesk, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_state, "CHUNK", 2)
    subjects = [f"m{number}" for number in range(7)]
    server = serve(*subjects)
    server.short = True
    assert helpdesk.poll(server.port) == 7
    assert helpdesk.raws() == [mail(subject) for subject in subjects]
    assert server.inbox.raws() == []


def test_a_long_folder_is_searched_in_pieces_B8(
    helpdesk: ImapDesk, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_WINDOW", 3)
    server = serve()
    for uid in (2, 3, 11, 12, 13, 40):
        server.inbox.last = uid - 1
        server.inbox.add(mail(f"m{uid}"))
    assert [helpdesk.poll(server.port, done="keep") for _ in range(2)] == [6, 0]
    assert helpdesk.raws() == server.inbox.raws()


def test_a_mail_larger_than_its_server_says_is_not_read_and_stops_no_other_B12(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve()
    server.inbox.add(mail("liar", body=b"x" * 200_000), size=100)
    server.inbox.add(mail("small"))
    with pytest.raises(MailServerTrouble, match="sends too much"):
        helpdesk.poll(server.port)
    with pytest.raises(MailServerTrouble, match="sends too much"):
        helpdesk.poll(server.port)  # the others go first
    assert helpdesk.raws() == [mail("small")]
    assert 1 in server.inbox.uids()


def test_no_answer_of_a_server_fills_the_memory(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    def chatter(talk: Talk) -> None:
        while True:  # until the client hangs up
            talk.send("* OK " + "x" * 100_000)

    server = serve()
    server.inbox.add(mail("one"))
    server.before["UID SEARCH"] = chatter
    with pytest.raises(MailServerTrouble, match="sends too much"):
        helpdesk.poll(server.port)


def test_of_a_mail_that_is_too_big_only_the_head_is_taken_and_that_once_B12(
    helpdesk: ImapDesk, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve()
    server.inbox.add(mail("big", body=b"x" * 20_000))
    server.inbox.add(mail("small"))
    assert [helpdesk.poll(server.port) for _ in range(3)] == [2, 0, 0]
    assert server.count("UID FETCH 1 (BODY.PEEK[])") == 0
    assert server.inbox.uids() == [1]
    assert caplog.text.count("max_message_size") == 1
    assert helpdesk.raws() == [mail("big").partition(b"Hello")[0], mail("small")]
    assert [row.size for row in helpdesk.inbox()] == [len(mail("big", body=b"x" * 20_000)), 119]
    assert helpdesk.state().oldest_waiting_at is None


def test_mail_marked_as_deleted_is_not_taken_unless_the_mark_goes_B14(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    server.inbox.mails[0].flags.add("\\Deleted")
    assert [helpdesk.poll(server.port) for _ in range(2)] == [1, 0]
    server.inbox.mails[0].flags.clear()
    assert helpdesk.poll(server.port) == 1
    assert helpdesk.raws() == [mail("two"), mail("one")]


def test_mail_that_vanishes_meanwhile_is_no_trouble_B14(
    helpdesk: ImapDesk, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one", "two", "three")

    def vanish(talk: Talk) -> None:
        if "BODY" in talk.command:
            server.inbox.mails[:] = [one for one in server.inbox.mails if one.uid != 2]

    server.before["UID FETCH"] = vanish
    assert helpdesk.poll(server.port) == 2
    assert helpdesk.notes(server.inbox) == {}
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


def test_an_answer_that_does_not_come_is_not_waited_for_B16(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    over = threading.Event()

    def wait(talk: Talk) -> None:
        over.wait(30)

    server.before["UID SEARCH"] = wait
    with pytest.raises(MailServerTrouble, match="no answer in time to search"):
        helpdesk.poll(server.port, QUICK)
    over.set()
    assert "no answer in time" in (helpdesk.state().error or "")


def test_a_trickle_is_cut_B16(helpdesk: ImapDesk, serve: Callable[..., Server]) -> None:
    server = serve("one")
    over = threading.Event()

    def trickle(talk: Talk) -> None:
        if "BODY" in talk.command:
            talk.send(b"* 1 FETCH (UID 1 BODY[] {9999}\r\n")
            while not over.wait(0.01):
                talk.send(b"x")

    server.before["UID FETCH"] = trickle
    with pytest.raises(MailServerTrouble, match="fetch a mail"):
        helpdesk.poll(server.port, ImapTimeouts(mail=0.1))
    over.set()
    assert helpdesk.notes(server.inbox) == {1: "failed"}
