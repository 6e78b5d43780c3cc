"""One connection for many mails, commands in turn or together (RFC 2920): nothing is lost, doubled or mixed up."""

import socket
from collections.abc import Iterator

import pytest

from gateway.send import smtp_client
from gateway.send.smtp_client import DeliveryResult, SmtpClient, SmtpTimeouts
from tests.support import talking_server
from tests.support.talking_server import (
    PIPELINING,
    Reply,
    TalkingServer,
    at_second,
    hang_up,
    server,
)
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import Outgoing

MAIL = b"Subject: x\r\n\r\nWords.\r\n"
LINES = MAIL.count(b"\n")
SENT, FAILED, RETRY = smtp_client.SENT, smtp_client.FAILED, smtp_client.RETRY
QUICK = SmtpTimeouts(connect=30, command=30, reply=30, mail=60)


@pytest.fixture(params=["in turn", "together"], autouse=True)
def together(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Does the server take commands that are sent together?"""
    if request.param == "together":
        monkeypatch.setitem(talking_server.GOOD, "EHLO", PIPELINING)
    return bool(request.param == "together")


class Client:
    """Sends mails as the sender does, each of a row of its own."""

    def __init__(self) -> None:
        self.client: SmtpClient | None = None

    def open(self, one: TalkingServer) -> SmtpClient:
        if self.client is None:
            self.client = SmtpClient(Outgoing(host="127.0.0.1", port=one.port), QUICK)
        self.client.open("help.example")
        return self.client

    def deliver(self, one: TalkingServer) -> DeliveryResult:
        return self.open(one).deliver("a@help.example", "b@customer.example", MAIL, utf8=False)

    def states(self, one: TalkingServer, count: int) -> list[str]:
        return [self.deliver(one).state for _ in range(count)]

    def disconnect(self) -> None:
        assert self.client is not None
        self.client.quit()


@pytest.fixture
def client() -> Iterator[Client]:
    one = Client()
    yield one
    one.disconnect()


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "dot"])
@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("550 5.1.1 nobody", FAILED),
        ("451 4.3.0 later", RETRY),
        ("421 4.3.2 closing", RETRY),
    ],
)
def test_a_refusal_is_the_result(client: Client, command: str, reply: str, state: str) -> None:
    with server(**{command: reply.encode() + b"\r\n"}) as one:
        assert client.deliver(one) == (state, reply)
        client.disconnect()
        assert client.deliver(one) == (state, reply)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "dot"])
@pytest.mark.parametrize("reply", [b"550 no\r\n", b"450 later\r\n"])
def test_the_mail_after_a_refused_one_goes_out(client: Client, command: str, reply: bytes) -> None:
    with server(**{command: at_second(reply)}) as one:
        assert [state == SENT for state in client.states(one, 3)] == [True, False, True]


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r\n.\r\n"])
def test_a_text_cannot_end_itself(client: Client, end: bytes) -> None:
    text = b".\r\nQUIT\r\n..\r\nMAIL FROM:<x@y.example>\r\n" + end + b".\r\n"
    with server() as one:
        result = client.open(one).deliver("a@b.example", "c@d.example", text, utf8=False)
        assert result.state == SENT
    assert (one.heard["QUIT"], one.heard["MAIL"], one.heard["dot"]) == (0, 1, 1)
    assert one.heard["text"] == text.count(b"\n")


def test_commands_are_sent_together_where_the_server_offers_it(
    client: Client, together: bool
) -> None:
    def reply_to_all(line: socket.socket) -> None:
        line.sendall(b"250 ok\r\n250 ok\r\n451 later\r\n")

    silent: dict[str, Reply] = {"MAIL": b"", "RCPT": b"", "DATA": reply_to_all}
    with server(**silent if together else {"DATA": b"451 later\r\n"}) as one:
        assert client.deliver(one) == (RETRY, "451 later")


def test_a_server_that_wants_text_for_nobody_gets_none(client: Client) -> None:
    with server(RCPT=at_second(b"550 no\r\n")) as one:
        assert client.states(one, 3) == [SENT, FAILED, SENT]
    assert one.heard["text"] == 2 * LINES
    assert one.heard["connection"] == 1


def test_a_server_that_refuses_the_sender_and_wants_text_is_hung_up_on(
    client: Client, together: bool
) -> None:
    with server(MAIL=at_second(b"550 no\r\n")) as one:
        assert client.states(one, 3) == [SENT, FAILED, SENT]
    assert (one.heard["text"], one.heard["dot"]) == (2 * LINES, 2)
    assert one.heard["connection"] == 1 + together


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_refusal_stands_when_the_server_hangs_up_after_it(client: Client, command: str) -> None:
    def refuse(line: socket.socket) -> None:
        line.sendall(b"550 5.7.1 not from you\r\n")
        hang_up(line)

    with server(**{command: refuse}) as one:
        assert client.deliver(one) == (FAILED, "550 5.7.1 not from you")


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
@pytest.mark.parametrize("end", [hang_up, b"421 4.7.0 enough\r\n"])
def test_a_server_that_ends_a_used_connection_is_called_again_at_once(
    client: Client, command: str, end: Reply
) -> None:
    with server(**{command: at_second(end)}) as one:
        assert client.states(one, 3) == [SENT] * 3
    assert (one.heard["connection"], one.heard["dot"]) == (2, 3)


def test_a_server_that_hangs_up_after_each_mail_is_called_for_each(client: Client) -> None:
    def take_and_hang_up(line: socket.socket) -> None:
        line.sendall(b"250 ok\r\n")
        hang_up(line)

    with server(dot=take_and_hang_up) as one:
        assert client.states(one, 3) == [SENT] * 3
    assert (one.heard["connection"], one.heard["dot"]) == (3, 3)


def test_a_fresh_connection_that_ends_is_not_called_again_at_once(client: Client) -> None:
    with server(MAIL=hang_up) as one:
        assert client.deliver(one).state == RETRY
    assert one.heard["connection"] == 1


def test_a_used_connection_that_ends_after_the_text_is_not_tried_again(client: Client) -> None:
    with server(dot=at_second(hang_up)) as one:
        assert client.states(one, 2) == [SENT, smtp_client.UNCERTAIN]
    assert (one.heard["connection"], one.heard["dot"]) == (1, 2)


def test_a_server_that_cannot_be_called_again_is_trouble(client: Client) -> None:
    greeting = at_second(b"554 no service\r\n", b"220 hi\r\n")
    with server(MAIL=at_second(hang_up), greeting=greeting) as one:
        assert client.deliver(one).state == SENT
        with pytest.raises(MailServerTrouble, match="554"):
            client.deliver(one)


def test_a_connection_carries_a_limited_number_of_mails(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_client, "_MAX_MAILS", 2)
    with server() as one:
        assert client.states(one, 5) == [SENT] * 5
        client.disconnect()
    assert (one.heard["connection"], one.heard["QUIT"]) == (3, 3)


def test_an_idle_connection_is_closed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with server() as one:
        client.deliver(one)
        client.open(one).close_if_idle()
        assert one.heard["QUIT"] == 0
        monkeypatch.setattr(smtp_client, "_KEEP_SECONDS", -1)
        client.open(one).close_if_idle()
        assert client.deliver(one).state == SENT
    assert (one.heard["connection"], one.heard["QUIT"]) == (2, 1)


@pytest.mark.parametrize(
    "address", ["a@b.example>\r\nRCPT TO:<c@d.example", "a\n@b.example", "a@b.example> X=1", "\r\n"]
)
def test_an_address_cannot_become_a_command(client: Client, address: str) -> None:
    with server() as one:
        client.deliver(one)
        for addresses in ((address, "x@help.example"), ("x@help.example", address)):
            with pytest.raises(ValueError, match="cannot stand in a command"):
                client.open(one).deliver(*addresses, MAIL, utf8=False)
        assert client.deliver(one).state == SENT
    assert (one.heard["MAIL"], one.heard["RCPT"], one.heard["connection"]) == (2, 2, 1)
