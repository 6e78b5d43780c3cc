"""`mailbox list` and `mailbox test`: the accounts as they are, against real servers (F-R8, B17)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.receive.imap.poll import poll_all
from gateway.run.debug_smtp import DebugSmtpServer, mails
from tests.support.ports import free_port
from tests.wire.imap.conftest import Told
from tests.wire.imap.desk import ImapDesk, account, refuse
from tests.wire.imap.real import pymap
from tests.wire.imap.server import Server
from ticketctl.cli import main as cli
from ticketctl.errors import MailServerTrouble
from ticketctl.settings import load


@pytest.fixture(scope="module")
def real() -> Iterator[int]:
    """The port of a pymap."""
    with pymap() as port:
        yield port


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[DebugSmtpServer]:
    """A mail server that keeps what it is sent under `tmp_path`/caught."""
    server = DebugSmtpServer(tmp_path / "caught", port=free_port())
    server.start()
    yield server
    server.stop()


def test_a_real_server_and_the_catcher_are_tried_and_no_mail_is_sent(
    told: Told,
    real: int,
    catcher: DebugSmtpServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told(catcher.port, account(real))
    assert cli.run(["mailbox", "test"]) == 0
    head, imap, outgoing = capsys.readouterr().out.splitlines()
    assert head == "state\taccount\tsentence"
    assert imap.startswith(
        f"ok\tsupport\t127.0.0.1:{real} accepts the login of support and opens INBOX; it supports"
    )
    assert "IDLE" in imap
    assert outgoing.startswith("ok\toutgoing\t")
    assert mails(tmp_path / "caught") == []


def test_each_failure_is_one_line_with_its_cause_and_exit_9(
    told: Told, real: int, serve: Callable[..., Server], capsys: pytest.CaptureFixture[str]
) -> None:
    refusing = serve()
    refusing.before["LOGIN"] = refuse("[AUTHENTICATIONFAILED] who are you")
    closed = free_port()
    accounts = (account(real), account(refusing.port, "billing"), account(real, "sales", "Nowhere"))
    told(closed, *accounts)
    assert cli.run(["mailbox", "test", "--json"]) == 9
    tried = {one["account"]: one for one in json.loads(capsys.readouterr().out)}
    assert {name: one["state"] for name, one in tried.items()} == {
        "support": "ok",
        "billing": "fail",
        "sales": "fail",
        "outgoing": "fail",
    }
    assert "the login failed: [AUTHENTICATIONFAILED]" in tried["billing"]["sentence"]
    assert f"127.0.0.1:{closed} cannot be used: Connection refused" in tried["outgoing"]["sentence"]


def test_accounts_are_tried_by_name_or_by_the_mailbox_they_fill(
    told: Told, real: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told(free_port(), account(real))
    for name in ("support", "support@help.example"):
        assert cli.run(["mailbox", "test", name, "--columns", "account", "--no-headers"]) == 0
        assert capsys.readouterr().out == "support\n"
    assert cli.run(["mailbox", "test", "suport"]) == 3
    assert 'no account "suport" in config.toml; it has support, outgoing.' in (
        capsys.readouterr().err
    )


def test_what_the_server_lacks_is_said(
    told: Told, serve: Callable[..., Server], capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve(capabilities=("MOVE",))
    told(1, account(server.port))
    assert cli.run(["mailbox", "test", "support"]) == 0
    assert "it supports MOVE, but not IDLE, UIDPLUS;" in capsys.readouterr().out


def test_the_list_says_by_which_door_mail_comes_and_how_polling_goes_B17(
    told: Told, helpdesk: ImapDesk, serve: Callable[..., Server], capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve("one")
    told(2525, account(server.port), account(1, "sales"))
    with pytest.raises(MailServerTrouble):
        poll_all(helpdesk.db, load.load(), (), wait=False)
    assert cli.run(["mailbox", "list", "--json"]) == 0
    support, billing = json.loads(capsys.readouterr().out)
    assert (support["segment"], support["aliases"]) == ("support", ["soporte@help.example"])
    assert support["doors"] == ["imap support", "smtp", "lmtp"]
    assert support["outgoing"] == "127.0.0.1:2525"
    assert support["accounts"][0]["last_ok_at"] is not None
    assert support["accounts"][0]["error"] is None
    assert billing["accounts"][0]["last_ok_at"] is None
    assert "Connection refused" in billing["accounts"][0]["error"]
    assert cli.run(["mailbox", "list"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["address", "support@help.example", "billing@help.example"]
    assert rows[1][4].endswith("Z") and rows[2][4] == ""


def test_the_list_notes_an_account_whose_mailbox_the_desk_does_not_have(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    told(1, account(1).replace("support@help.example", "gone@help.example"))
    assert cli.run(["mailbox", "list"]) == 0
    assert (
        "account support is for gone@help.example, which is not a mailbox"
        in capsys.readouterr().err
    )
