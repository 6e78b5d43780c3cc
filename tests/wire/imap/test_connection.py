"""Logging in, staying connected, and staying away (B6, B9-B11)."""

import random
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.receive.imap.backoff import Backoff
from gateway.receive.imap.poll import poll_all
from gateway.receive.imap.session import ImapTimeouts
from tests.wire.imap.desk import ImapDesk, deaf, drop, mail, refuse, until
from tests.wire.imap.server import PASSWORD, Server, Talk
from ticketctl.errors import DatabaseTrouble, MailServerTrouble, NotFound


class Waits(threading.Event):
    """A stop event that notes the first pause and changes that."""

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds = timeout or 0.0
        self.set()
        return True


def test_pauses_grow_from_5_seconds_to_15_minutes_B9() -> None:
    backoff = Backoff(random.Random(1))
    pauses = [backoff.failed() for _ in range(12)]
    for expected, pause in zip((5, 10, 20, 40, 80, 160, 320, 640, 900, 900), pauses, strict=False):
        assert expected <= pause <= expected * 1.25
    assert len(set(pauses)) == len(pauses), "no two hosts keep step"
    assert backoff.refused() >= 900
    backoff.reset()
    assert backoff.failed() < 10


def test_a_refused_login_is_loud_and_not_repeated_soon_B9(
    helpdesk: ImapDesk, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve()
    server.before["LOGIN"] = lambda talk: f"NO [AUTHENTICATIONFAILED] no: {talk.command}"
    stop = Waits()
    helpdesk.poller(helpdesk.account(server.port)).run(stop)
    assert stop.seconds >= 900
    assert [one.levelname for one in caplog.records if "the login failed" in one.message] == [
        "ERROR"
    ]
    assert PASSWORD not in caplog.text + str(helpdesk.state()), (
        "not even where the server repeats it"
    )


def test_a_database_that_is_away_is_asked_again_soon_each_time_B9(
    helpdesk: ImapDesk, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float | None] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout)
            if len(pauses) == 4:
                self.set()
            return self.is_set()

    def away() -> None:
        raise DatabaseTrouble("the database is away.")

    monkeypatch.setattr(helpdesk.db, "read", away)
    helpdesk.poller(helpdesk.account(serve("one").port)).run(Stop())
    assert pauses == [5, 5, 5, 5]


@pytest.mark.parametrize("trouble", [drop, refuse("[UNAVAILABLE] later")])
def test_a_login_that_fails_without_a_verdict_is_tried_again_soon_B9(
    helpdesk: ImapDesk, serve: Callable[..., Server], trouble: Callable[[Talk], str | None]
) -> None:
    server = serve()
    server.before["LOGIN"] = trouble
    stop = Waits()
    helpdesk.poller(helpdesk.account(server.port)).run(stop)
    assert 5 <= stop.seconds <= 7


def test_trouble_is_survived_B9(helpdesk: ImapDesk, serve: Callable[..., Server]) -> None:
    server = serve("one")
    server.before["SELECT"] = drop
    stop = Waits()
    helpdesk.poller(helpdesk.account(server.port)).run(stop)
    assert 5 <= stop.seconds <= 7
    del server.before["SELECT"]
    with helpdesk.running(helpdesk.account(server.port)):
        until(helpdesk.inbox)


def test_an_unknown_certificate_is_refused_and_a_known_one_taken_B11(
    helpdesk: ImapDesk,
    serve: Callable[..., Server],
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server = serve("one", tls=context)
    with pytest.raises(MailServerTrouble, match="certificate is not trusted"):
        helpdesk.poll(server.port, host="localhost", security="tls")
    assert server.said == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert helpdesk.poll(server.port, host="localhost", security="tls") == 1


def test_without_starttls_no_credentials_are_sent_B11(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    with pytest.raises(MailServerTrouble, match="STARTTLS"):
        helpdesk.poll(server.port, security="starttls")
    assert server.count("LOGIN") == 0


def test_no_clear_password_is_sent_where_logindisabled(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one", capabilities=("LOGINDISABLED",))
    with pytest.raises(MailServerTrouble, match="without TLS"):
        helpdesk.poll(server.port)
    assert server.count("LOGIN") == 0


def test_accounts_are_polled_by_name_and_one_that_fails_stops_no_other(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    nobody = helpdesk.account(1, name="nobody")
    settings = helpdesk.settings(
        nobody, replace(nobody, name="other"), helpdesk.account(server.port)
    )
    with pytest.raises(NotFound, match='no IMAP account "sales"'):
        poll_all(helpdesk.db, settings, ("sales",), wait=False)
    with pytest.raises(MailServerTrouble, match="2 IMAP accounts failed") as caught:
        poll_all(helpdesk.db, settings, (), wait=False)
    assert len(caught.value.problems) == 2
    assert helpdesk.raws() == [mail("one")]
    with pytest.raises(NotFound, match="no \\[\\[imap\\]\\] account"):
        poll_all(helpdesk.db, helpdesk.settings(), (), wait=False)


def test_idle_is_renewed_and_wakes_the_poller_B6(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve("one")
    with helpdesk.running(helpdesk.account(server.port, poll=3600), ImapTimeouts(rest=0.05)):
        until(lambda: server.count("IDLE") > 3)
        server.inbox.add(mail("two"))
        until(lambda: mail("two") in helpdesk.raws())
    assert server.count("LOGIN") == 1


def test_without_idle_noop_finds_mail_B6(helpdesk: ImapDesk, serve: Callable[..., Server]) -> None:
    server = serve(capabilities=("MOVE",))
    with helpdesk.running(helpdesk.account(server.port, poll=3600), ImapTimeouts(rest=0.05)):
        until(lambda: server.count("NOOP") > 0)
        server.inbox.add(mail("one"))
        until(lambda: mail("one") in helpdesk.raws())


def test_mail_is_looked_for_besides_idle_B6(
    helpdesk: ImapDesk, serve: Callable[..., Server]
) -> None:
    server = serve()
    with helpdesk.running(helpdesk.account(server.port, poll=1)):
        until(lambda: server.count("IDLE") > 0)
        server.before["IDLE"] = deaf
        server.inbox.add(mail("one"))
        until(lambda: mail("one") in helpdesk.raws())


def test_a_connection_that_dies_in_idle_is_noticed_B6(
    helpdesk: ImapDesk, serve: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    server = serve("one")
    server.before["IDLE"] = drop
    with helpdesk.running(helpdesk.account(server.port, poll=3600)):
        until(lambda: "wait for mail" in caplog.text)
    assert "wait for mail" in (helpdesk.state().error or "")
    assert helpdesk.state().last_ok_at is not None
