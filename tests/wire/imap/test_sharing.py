"""Other pollers, other people's marks, several folders, and which mailbox mail is for (B15, B18, B19)."""

import threading
from collections.abc import Callable

import pytest

from gateway.receive.imap.lease import Lease
from gateway.receive.imap.poll import poll_all
from tests.wire.imap.desk import ImapDesk, forget_leases, mail
from tests.wire.imap.server import PASSWORD, Folder, Server
from ticketctl.domain.base import signed_addresses
from ticketctl.errors import MailServerTrouble, NotFound
from ticketctl.store.db import signing_key
from ticketctl.store.db.database import Database


def test_marks_of_others_are_not_carried_out_B18(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", capabilities=("UIDPLUS",))
    server.inbox.add(mail("theirs"), "\\Deleted")
    assert helpdesk.poll(server.port, done="delete") == 1
    assert server.inbox.raws() == [mail("theirs")]
    assert server.count("EXPUNGE") == server.count("CLOSE") == 0


def test_without_move_and_uidplus_mail_stays_and_is_remembered_B18(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", capabilities=())
    assert [helpdesk.poll(server.port) for _ in range(3)] == [1, 0, 0]
    assert server.inbox.raws() == [mail("one")] and server.inbox.mails[0].flags == set()
    assert "neither MOVE nor UIDPLUS" in (helpdesk.state().error or "")


def test_one_poller_at_a_time_B15(helpdesk: ImapDesk, serve: Callable[..., Server]) -> None:
    server = serve(*[f"m{number}" for number in range(6)])
    pollers = [helpdesk.poller(helpdesk.account(server.port)) for _ in range(3)]
    threads = [threading.Thread(target=one.once, kwargs={"wait": True}) for one in pollers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(helpdesk.inbox()) == 6


def test_a_mailbox_that_another_polls_is_left_to_it_B15(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    counts: list[int] = []
    server.before["UID SEARCH"] = lambda talk: counts.append(helpdesk.poll(server.port))
    assert helpdesk.poll(server.port) == 1
    assert set(counts) == {0}
    assert server.count("LOGIN") == 1


def test_a_lease_that_another_has_is_no_longer_held_B15(sqlite_db: Database) -> None:
    ours, theirs = Lease(sqlite_db, "imap:x"), Lease(sqlite_db, "imap:x")
    assert ours.take() and not theirs.take() and ours.held()
    sqlite_db.write(forget_leases)
    assert theirs.take() and not ours.take() and not ours.held()
    with theirs:
        pass
    assert ours.take()


def test_a_folder_that_is_missing_is_said_and_other_accounts_go_on_B19(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    settings = helpdesk.settings(
        helpdesk.account(server.port, folder="Anfragen für uns"),
        helpdesk.account(server.port, name="billing", mailbox="billing@help.example"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TICKETCTL_IMAP_BILLING_PASSWORD", PASSWORD)
        with pytest.raises(MailServerTrouble, match="Anfragen für uns"):
            poll_all(helpdesk.db, settings, (), wait=False)
        assert [row.mailbox for row in helpdesk.inbox()] == ["billing@help.example"]
        server.folders["Anfragen für uns"] = Folder()
        server.folders["Anfragen für uns"].add(mail("two"))
        assert poll_all(helpdesk.db, settings, ("support",), wait=False) == 1


def test_all_mail_of_the_account_is_for_its_mailbox(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    with helpdesk.db.read() as tx:
        key = signing_key.read(tx)
    reply = signed_addresses.reply_address(
        key, "billing@help.example", "t", 12, "ana@client.example"
    )
    server = serve()
    to = f"Soporte@help.example, {reply}, billing@help.example, eva@else.example"
    server.inbox.add(b"Return-Path: <>\r\n" + mail("one", to))
    server.inbox.add(mail("two", "eva@else.example"))
    helpdesk.poll(server.port)
    first, second = helpdesk.inbox()
    assert first.mailbox == second.mailbox == "support@help.example"
    assert first.recipients == ("support@help.example", "soporte@help.example", reply)
    assert second.recipients == ("support@help.example",)
    assert (first.envelope_from, second.envelope_from) == ("", None)
    assert first.via == "imap"


def test_a_mailbox_that_the_desk_lacks_is_a_sentence(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    with pytest.raises(NotFound, match=r"the desk has no mailbox sales@help\.example"):
        helpdesk.poll(server.port, mailbox="sales@help.example")
    assert server.said == []
