"""Where a mail ends: only at CRLF.CRLF, however the octets are cut into packets (A8, A9)."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.receive.smtp.data_decoder import DataDecoder

if TYPE_CHECKING:
    from tests.wire.conftest import Doors

PIECES = [b"\r", b"\n", b".", b"a", b"\r\n", b"\r\n.", b"\n.\n", b"\r.\r", b"\r\n..\r\n", b"x" * 50]


def stuffed(content: bytes) -> bytes:
    """What a right client sends for `content` (RFC 5321 4.5.2), written line by line as the RFC has it."""
    lines = content.split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)


def fed(chunks: DataDecoder, parts: list[bytes]) -> bytes:
    """The content of a mail that comes in parts; what comes after the end is added to `rest`."""
    content = b""
    for part in parts:
        if chunks.done:
            chunks.rest += part
        else:
            content += chunks.feed(part)
    return content


@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join),
    st.sampled_from([b"", b"QUIT\r\n", b".\r\n", b"\r\n.\r\n"]),
    st.data(),
)
@settings(max_examples=100, deadline=None)
def test_any_cut_of_the_stream_gives_the_same_mail_A9(
    content: bytes, rest: bytes, data: st.DataObject
) -> None:
    content = content + b"\r\n" if content else b""
    stream = stuffed(content) + b".\r\n" + rest
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    parts = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    chunks = DataDecoder()
    assert (fed(chunks, parts), chunks.done, chunks.rest) == (content, True, rest)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
@settings(max_examples=100, deadline=None)
def test_octet_by_octet_is_as_good_as_all_at_once_A9(stream: bytes) -> None:
    stream += b"\r\n.\r\nNOOP\r\n"
    whole, single = DataDecoder(), DataDecoder()
    octets = [stream[at : at + 1] for at in range(len(stream))]
    assert fed(whole, [stream]) == fed(single, octets)
    assert whole.rest == single.rest


def test_a_mail_of_nothing_ends_at_its_first_line_A9() -> None:
    chunks = DataDecoder()
    assert chunks.feed(b".\r\nQUIT\r\n") == b""
    assert (chunks.done, chunks.rest) == (True, b"QUIT\r\n")


NOT_THE_END = [
    b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\n.\r", b"\r\n\0.\r\n",
    b"\r\n. \r\n", b"\r\r\n.\n",
]  # fmt: skip


@pytest.mark.parametrize("ending", NOT_THE_END)
def test_no_second_mail_is_smuggled_in_A9(doors: "Doors", ending: bytes) -> None:
    inner = (
        b"MAIL FROM:<boss@help.example>\r\nRCPT TO:<billing@help.example>\r\nDATA\r\n"
        b"Subject: forged\r\n\r\npay\r\n"
    )
    sent = b"Subject: one\r\n\r\ntext" + ending + inner
    wire = doors.smtp().address()
    wire.send(sent + b".\r\n")
    assert wire.reply().startswith("250 2.0.0")
    assert wire.say("NOOP").startswith("250 ")
    assert [row.mailbox for row in doors.rows()] == ["support@help.example"]
    # The dot of a line that CRLF began is the client's stuffing; all else is content.
    kept = b"Subject: one\r\n\r\ntext" + ending.replace(b"\r\n.", b"\r\n") + inner
    assert doors.raws() == [kept]


def test_dots_are_unstuffed_once_A9(doors: "Doors") -> None:
    wire = doors.smtp().address()
    wire.send(b"..one\r\n...two\r\nthree.\r\n..\r\n.\r\n")
    assert wire.reply().startswith("250 ")
    assert doors.raws() == [b".one\r\n..two\r\nthree.\r\n.\r\n"]


def test_lines_of_any_length_and_bare_line_ends_are_stored_as_they_came_A8(doors: "Doors") -> None:
    mail = b"Subject: x\n\n" + b"a" * 20_000 + b"\r" + b"\xff\0\x80" * 100_000 + b"\n.\nlast\r\n"
    wire = doors.smtp().address()
    wire.send(mail + b".\r\n")
    assert wire.reply().startswith("250 ")
    assert doors.raws() == [mail]
