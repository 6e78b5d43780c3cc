"""Whatever breaks, no mail is lost, taken twice or copied again and again (B2-B5)."""

import contextlib
from collections.abc import Callable

import pytest

from tests.wire.imap.desk import (
    ImapDesk,
    drop,
    mail,
    refuse,
)
from tests.wire.imap.server import Drop, Folder, Server, Talk
from ticketctl.errors import BadInput, MailServerTrouble


def test_a_mail_is_moved_only_after_it_is_ours_B2(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two")
    taken: list[int] = []
    server.before["UID MOVE"] = lambda talk: taken.append(len(helpdesk.inbox()))
    assert helpdesk.poll(server.port) == 2
    assert taken == [2]
    assert server.inbox.raws() == []
    assert server.folders["Processed"].raws() == helpdesk.raws() == [mail("one"), mail("two")]
    assert helpdesk.notes(server.inbox) == {}


def test_a_connection_lost_before_the_move_makes_nothing_twice_B2(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    server.before["UID MOVE"] = drop
    with pytest.raises(MailServerTrouble, match="move mail to Processed"):
        helpdesk.poll(server.port)
    assert len(helpdesk.inbox()) == 1
    del server.before["UID MOVE"]
    assert helpdesk.poll(server.port) == 0, "it was ours already"
    assert server.folders["Processed"].raws() == [mail("one")]
    assert len(helpdesk.inbox()) == 1


def test_a_move_that_was_done_but_never_answered_is_noticed_B2(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    server.after["UID MOVE"] = drop
    with pytest.raises(MailServerTrouble):
        helpdesk.poll(server.port)
    assert helpdesk.poll(server.port) == 0
    assert server.count("UID MOVE") == 1
    assert helpdesk.notes(server.inbox) == {}


def test_what_was_read_elsewhere_is_fetched_and_no_flag_is_touched_B3(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve()
    server.inbox.add(mail("read"), "\\Seen")
    server.inbox.add(mail("unread"))
    assert [helpdesk.poll(server.port, done="keep") for _ in range(2)] == [2, 0]
    assert [one.flags for one in server.inbox.mails] == [{"\\Seen"}, set()]
    assert server.count("SELECT") == 0, "the folder is opened read-only"
    assert all("PEEK" in one for one in server.said if "BODY" in one)
    server.inbox.add(mail("later"))
    assert helpdesk.poll(server.port, done="keep") == 1
    assert helpdesk.notes(server.inbox) == {}, "the UID alone says what is done"


def test_a_move_that_is_refused_is_not_tried_for_ever_B4(
    helpdesk: ImapDesk, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one")
    server.before["UID MOVE"] = refuse("[OVERQUOTA] full")
    assert [helpdesk.poll(server.port) for _ in range(5)] == [1, 0, 0, 0, 0]
    assert server.count("UID MOVE") == 3
    assert sum("PEEK" in one for one in server.said) == 1
    assert "stays in its folder" in caplog.text and "full" in caplog.text
    assert helpdesk.notes(server.inbox) == {1: "filed"}


def test_a_mail_that_cannot_be_moved_does_not_keep_the_others_B4(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two", "three")
    server.before["UID MOVE"] = lambda talk: (
        "NO not that" if "2" in talk.command.split()[2] else None
    )
    assert helpdesk.poll(server.port) == 3
    assert server.inbox.uids() == [2]
    assert "not that" in (helpdesk.state().error or "")


@pytest.mark.parametrize("trouble", [drop, refuse("read-only")])
def test_a_delete_that_fails_copies_nothing_again_B4(
    helpdesk: ImapDesk, serve: Callable[..., Server], trouble: Callable[[Talk], str | None]
) -> None:
    server = serve("one", capabilities=("UIDPLUS",))
    server.before["UID EXPUNGE"] = trouble
    for _ in range(2):
        with contextlib.suppress(MailServerTrouble):
            helpdesk.poll(server.port)
    del server.before["UID EXPUNGE"]
    assert helpdesk.poll(server.port) == 0
    assert server.folders["Processed"].raws() == [mail("one")]
    assert server.inbox.raws() == [] and len(helpdesk.inbox()) == 1


def test_a_server_that_copies_and_hangs_up_makes_few_copies_B4(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    copies = server.folders["Processed"] = Folder()

    def copy_only(talk: Talk) -> None:
        copies.add(mail("one"))
        raise Drop

    server.before["UID MOVE"] = copy_only
    for _ in range(6):
        with contextlib.suppress(MailServerTrouble):
            helpdesk.poll(server.port)
    assert len(copies.mails) == 3
    assert len(helpdesk.inbox()) == 1


def test_a_folder_that_cannot_be_made_costs_no_mail_a_try_B4(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    server.before["CREATE"] = refuse("not under this name")
    assert [helpdesk.poll(server.port) for _ in range(5)] == [1, 0, 0, 0, 0]
    assert "not under this name" in (helpdesk.state().error or "")
    del server.before["CREATE"]
    helpdesk.poll(server.port)
    assert server.folders["Processed"].raws() == [mail("one")]
    assert helpdesk.state().error is None


def test_mail_is_not_moved_to_where_it_is_fetched_from_B4(helpdesk: ImapDesk) -> None:
    with pytest.raises(BadInput, match="folder it is fetched from"):
        helpdesk.poll(1, done="move:Inbox")


def test_a_new_uidvalidity_is_read_again_and_filed_once_B5(
    helpdesk: ImapDesk, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one", "two")
    assert helpdesk.poll(server.port, done="keep") == 2
    server.inbox.renumber()
    server.inbox.add(mail("three"))
    assert helpdesk.poll(server.port, done="keep") == 3
    assert "UIDVALIDITY" in caplog.text
    assert helpdesk.subjects() == {"one": 1, "two": 1, "three": 1}
    assert helpdesk.poll(server.port, done="keep") == 0


def test_uids_that_restart_under_one_uidvalidity_are_read_again_and_filed_once_B5(
    helpdesk: ImapDesk, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one", "two", "three")
    assert helpdesk.poll(server.port, done="keep") == 3
    server.inbox.mails[:2] = []
    server.inbox.renumber()
    server.inbox.uidvalidity -= 1
    server.inbox.add(mail("four"))
    assert helpdesk.poll(server.port, done="keep") == 2
    assert "[uid-went-back]" in caplog.text
    assert helpdesk.subjects() == {"one": 1, "two": 1, "three": 1, "four": 1}
    assert helpdesk.poll(server.port, done="keep") == 0


def test_a_folder_that_was_emptied_and_counts_anew_loses_no_mail_B5(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", "two", "three")
    assert helpdesk.poll(server.port) == 3
    server.inbox.last = 0
    assert helpdesk.poll(server.port) == 0
    server.inbox.add(mail("four"))
    assert helpdesk.poll(server.port) == 1


def test_a_server_that_only_miscounts_its_next_uid_is_not_read_again_B5(
    helpdesk: ImapDesk, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one", "two")
    server.after["EXAMINE"] = lambda talk: talk.send("* OK [UIDNEXT 1] next")
    assert [helpdesk.poll(server.port, done="keep") for _ in range(3)] == [2, 0, 0]
    assert "read from its start" not in caplog.text


def test_each_account_names_the_server_whose_results_are_believed_G13(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    helpdesk.poll(server.port, authserv_id="mx.google.com")
    server.inbox.add(mail("two"))
    helpdesk.poll(server.port)
    assert [row.authserv_id for row in helpdesk.inbox()] == ["mx.google.com", ""]
