"""What a mail server may do to us: endless, slow and senseless replies, by a real one that says anything.

Every outcome is the same, whether the commands go out in turn or together.
"""

import socket
import time

import pytest

from gateway.send import smtp_client
from gateway.send.smtp_client import SmtpClient, SmtpTimeouts
from tests.support import talking_server
from tests.support.talking_server import server
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import Outgoing

MAIL = b"Subject: x\r\n\r\nWords.\r\n"


@pytest.fixture(params=["in turn", "together"], autouse=True)
def together(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Does the server take commands that are sent together?"""
    if request.param == "together":
        monkeypatch.setitem(talking_server.GOOD, "EHLO", talking_server.PIPELINING)
    return bool(request.param == "together")


def deliver(port: int, timeouts: SmtpTimeouts | None = None) -> smtp_client.DeliveryResult:
    quick = timeouts or SmtpTimeouts(connect=30, command=30, reply=30, mail=60)
    one = SmtpClient(Outgoing(host="127.0.0.1", port=port), quick)
    one.open("help.example")
    try:
        return one.deliver("a@help.example", "b@customer.example", MAIL, utf8=False)
    finally:
        one.close()


def drip(line: socket.socket) -> None:
    """A reply that goes on, a letter at a time, each sooner than anybody loses timeouts with one."""
    while True:
        line.sendall(b"2")
        time.sleep(0.02)


def lines_without_end(line: socket.socket) -> None:
    while True:
        line.sendall(b"250-and so on\r\n" * 1000)


@pytest.mark.parametrize(
    "reply",
    [
        b"what?\r\n",
        b"\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"2500 bytes\r\n",
        b"354 go on\r\n",
        b"250-ok\r\n550 no\r\n",
        b"\xff\xff\xff\xff\r\n",
        b"250" + b"x" * 10_000,
        lines_without_end,
    ],
)
def test_a_senseless_answer_to_the_mail_leaves_it_uncertain(reply: bytes) -> None:
    with server(dot=reply) as one:
        answer = deliver(one.port)
    assert answer.state == smtp_client.UNCERTAIN
    assert "may have arrived or not" in answer.reply


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", [b"what?\r\n", b"250-x\r\n" * 200, b"2" * 10_000])
def test_a_senseless_answer_before_the_mail_means_again(command: str, reply: bytes) -> None:
    with server(**{command: reply}) as one:
        assert deliver(one.port).state == smtp_client.RETRY


def test_250_in_reply_to_DATA_is_not_a_delivery() -> None:
    with server(DATA=b"250 ok\r\n") as one:
        assert deliver(one.port).state == smtp_client.RETRY


def test_a_reply_that_drips_ends_with_the_timeouts_for_a_reply() -> None:
    with server(dot=drip) as one:
        answer = deliver(one.port, SmtpTimeouts(connect=30, command=30, reply=0.3, mail=60))
    assert answer.state == smtp_client.UNCERTAIN


def test_a_mail_whose_every_reply_is_slow_ends_with_the_timeouts_for_a_mail() -> None:
    def slow(line: socket.socket) -> None:
        time.sleep(0.5)
        line.sendall(b"250 ok\r\n")

    with server(MAIL=slow, RCPT=slow) as one:
        answer = deliver(one.port, SmtpTimeouts(connect=30, command=30, reply=30, mail=0.7))
    assert answer.state == smtp_client.RETRY
    assert "took too long" in answer.reply or "timed out" in answer.reply


@pytest.mark.parametrize("greeting", [b"hello\r\n", drip, lines_without_end])
def test_a_senseless_greeting_is_a_sentence(greeting: bytes) -> None:
    with (
        server(greeting=greeting) as one,
        pytest.raises(MailServerTrouble, match="cannot be used"),
    ):
        deliver(one.port, SmtpTimeouts(connect=0.3, command=30, reply=30))
