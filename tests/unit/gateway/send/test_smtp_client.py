"""What a mail server may do to us: endless, slow and senseless replies, by a real one that says anything."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gateway.send import smtp_client
from gateway.send.smtp_client import SmtpClient, SmtpTimeouts
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import Outgoing

GOOD = {b"EHLO": b"250 hi\r\n", b"DATA": b"354 go on\r\n"}
MAIL = b"Subject: x\r\n\r\nWords.\r\n"


@contextmanager
def server(**replies: bytes | Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that answers each command as told, by its name; `dot` is the end of the mail. Its port."""

    def talk(line: socket.socket) -> None:
        with line, line.makefile("rb") as lines:
            answer(line, "greeting", b"220 hi\r\n")
            inside = False
            for said in lines:
                name = "dot" if said == b".\r\n" and inside else said[:4].decode()
                if inside and name != "dot":
                    continue
                inside = name == "DATA"
                answer(line, name, GOOD.get(said[:4], b"250 ok\r\n"))

    def answer(line: socket.socket, name: str, usual: bytes) -> None:
        reply = replies.get(name, usual)
        if callable(reply):
            reply(line)
        else:
            line.sendall(reply)

    def serve() -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            try:
                talk(line)
            except OSError:
                continue  # it was hung up on, as it should be

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def deliver(port: int, timeouts: SmtpTimeouts | None = None) -> smtp_client.DeliveryResult:
    quick = timeouts or SmtpTimeouts(connect=5, command=5, reply=5, mail=20)
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
    with server(dot=reply) as port:
        answer = deliver(port)
    assert answer.state == smtp_client.UNCERTAIN
    assert "may have arrived or not" in answer.reply


@pytest.mark.parametrize("command", ["mail", "rcpt", "DATA"])
@pytest.mark.parametrize("reply", [b"what?\r\n", b"250-x\r\n" * 200, b"2" * 10_000])
def test_a_senseless_answer_before_the_mail_means_again(command: str, reply: bytes) -> None:
    with server(**{command: reply}) as port:
        assert deliver(port).state == smtp_client.RETRY


def test_250_in_reply_to_DATA_is_not_a_delivery() -> None:
    with server(DATA=b"250 ok\r\n") as port:
        assert deliver(port).state == smtp_client.RETRY


def test_a_reply_that_drips_ends_with_the_timeouts_for_a_reply() -> None:
    with server(dot=drip) as port:
        answer = deliver(port, SmtpTimeouts(connect=5, command=5, reply=0.3, mail=20))
    assert answer.state == smtp_client.UNCERTAIN


def test_a_mail_whose_every_reply_is_slow_ends_with_the_timeouts_for_a_mail() -> None:
    def slow(line: socket.socket) -> None:
        time.sleep(0.5)
        line.sendall(b"250 ok\r\n")

    with server(mail=slow, rcpt=slow) as port:
        answer = deliver(port, SmtpTimeouts(connect=5, command=5, reply=5, mail=0.7))
    assert answer.state == smtp_client.RETRY
    assert "took too long" in answer.reply or "timed out" in answer.reply


@pytest.mark.parametrize("greeting", [b"hello\r\n", drip, lines_without_end])
def test_a_senseless_greeting_is_a_sentence(greeting: bytes) -> None:
    with (
        server(greeting=greeting) as port,
        pytest.raises(MailServerTrouble, match="cannot be used"),
    ):
        deliver(port, SmtpTimeouts(connect=0.3, command=5, reply=5))
