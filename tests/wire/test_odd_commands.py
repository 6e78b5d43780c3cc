"""Commands with odd digits, empty values and unknown parameters: refused by the right 5xx, never a traceback."""

import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.wire.conftest import Doors, Wire

MAIL, RCPT = "MAIL FROM:<a@b.example>", "RCPT TO:<support@help.example>"
SYNTAX, UNKNOWN, NOT_HERE, UNREADABLE = "501 5.5.4", "555 5.5.4", "502 5.5.1", "500 5.5.2"

ODD_SIZES = (
    "²",
    "१२",
    "٣",
    "-1",
    "+1",
    "1_0",
    "1.0",
    "0x1",
    "1e3",
    "",
    "=",
    "9" * 21,
    "9" * 4000,
    "\x00",
)
OF_MAIL = {
    **{f"SIZE={size}": SYNTAX for size in ODD_SIZES},
    **{f"BODY={body}": SYNTAX for body in ("", "9BIT", "²", "8BıTMIME", "BINARYMIME")},
    "SIZE": SYNTAX,
    "ſIZE=5": SYNTAX,
    "SIZE=1 SIZE=2": SYNTAX,
    "SIZE=99999999999999999999": "552 5.3.4",
    "BODY": SYNTAX,
    "SMTPUTF8=1": SYNTAX,
    "SMTPUTF8=": SYNTAX,
    "=5": SYNTAX,
    "X²=1": SYNTAX,
    "RET=FULL": UNKNOWN,
    "MT-PRIORITY=3": UNKNOWN,
    "AUTH=<>": UNKNOWN,
    "X": UNKNOWN,
}
OF_RCPT = {
    "NOTIFY=NEVER": UNKNOWN,
    "ORCPT=rfc822;a@b.example": UNKNOWN,
    "NOTIFY=": SYNTAX,
    "X=²": UNKNOWN,
    "SIZE=²": SYNTAX,
    "\x00": SYNTAX,
}
ALONE = {
    "MAIL": SYNTAX,
    "MAIL FROM": SYNTAX,
    "MAIL FROM:": "553 5.1.3",
    "MAIL FROM:<": "553 5.1.3",
    "MAIL FROM:<a b@c.example>": "553 5.1.3",
    "RCPT": "503 5.5.1",
    "DATA": "503 5.5.1",
    "BDAT ²": UNREADABLE,
    "RSET ²": SYNTAX,
    "QUIT ²": SYNTAX,
    "VRFY": SYNTAX,
    "EXPN ²": NOT_HERE,
    "HELP ²": NOT_HERE,
    "AUTH": NOT_HERE,
    "AUTH PLAIN": NOT_HERE,
    "AUTH PLAIN =": NOT_HERE,
    "AUTH ² \x00": NOT_HERE,
    "AUTH LOGIN " + "A" * 3000: NOT_HERE,
    "²": UNREADABLE,
    " ": UNREADABLE,
    "": UNREADABLE,
    "\x00": UNREADABLE,
    "NOOP " + "9" * 5000: UNREADABLE,
    MAIL + " SIZE=" + "9" * 5000: UNREADABLE,
}


@pytest.fixture(params=["smtp", "lmtp"])
def wire(doors: "Doors", request: pytest.FixtureRequest) -> "Wire":
    wire = doors.wire(request.param)
    return wire.open("LHLO client.example" if request.param == "lmtp" else "EHLO client.example")


def failed(log: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in log.records if one.levelno >= logging.ERROR]


def test_odd_parameters_and_commands_are_refused(
    wire: "Wire", caplog: pytest.LogCaptureFixture
) -> None:
    odd = {f"{MAIL} {words}": expected for words, expected in OF_MAIL.items()} | ALONE
    said = {command: wire.say(command)[: len(expected)] for command, expected in odd.items()}
    assert said == odd
    assert wire.say(MAIL + " SIZE=00012 BODY=8BITMIME SMTPUTF8").startswith("250 ")
    odd = {f"{RCPT} {words}": expected for words, expected in OF_RCPT.items()}
    odd |= {"RCPT": SYNTAX, "RCPT TO:": "553 5.1.3", "DATA ²": "503 5.5.1"}
    assert {command: wire.say(command)[:9] for command in odd} == odd
    assert wire.say(RCPT).startswith("250 ")
    assert wire.say("DATA ²").startswith(SYNTAX)
    assert failed(caplog) == []


@pytest.mark.parametrize("octets", [b"\xff", b"\xed\xa0\x80", b"\x00", "²".encode(), b"x" * 4000])
def test_an_odd_name_of_the_client_does_not_keep_its_mail_out(
    doors: "Doors", caplog: pytest.LogCaptureFixture, octets: bytes
) -> None:
    wire = doors.wire("smtp")
    wire.reply()
    wire.send(b"EHLO " + octets + b"\r\n")
    assert wire.reply().startswith("250-")
    wire.send(b"MAIL FROM:<" + octets.replace(b"\x00", b"a")[:60] + b"@b.example> AUTH=\xff\r\n")
    assert wire.reply().startswith(UNKNOWN)
    wire.address().send(b"text\r\n.\r\n")
    assert wire.reply().startswith("250 ")
    assert failed(caplog) == []


@pytest.mark.parametrize("word", ["smtp", "lmtp"])
def test_a_greeting_without_a_name_is_told_what_it_lacks(doors: "Doors", word: str) -> None:
    wire = doors.wire(word)
    wire.reply()
    hello = "LHLO" if word == "lmtp" else "EHLO"
    assert [wire.say(one) for one in (hello, f"{hello}  ")] == [
        f"501 5.5.4 Syntax: {hello} hostname"
    ] * 2
