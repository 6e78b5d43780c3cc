"""Any bytes through parser, screens, trimming and the page's sanitiser together (H2, H24, I10)."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.whole import read

PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"Content-Type: multipart/mixed; boundary=b\n",
            b"Content-Type: multipart/alternative; boundary=b\n",
            b"Content-Type: text/html; charset=utf-16\n",
            b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n",
            b"Content-Type: application/pkcs7-mime\n\n0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0\x80",
            b"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.example\n",
            b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\0\0",
            b"Content-Transfer-Encoding: base64\n",
            b"From: MAILER-DAEMON\n",
            b"\n--b\n",
            b"\n--b--\n",
            b"\n\n",
            b"> quoted\n",
            b"On 3 May 2026, Ana <a@b.example> wrote:\n",
            b"-- \n",
            b"<blockquote><table><tr><td>a</td><td>",
            b'<div class="gmail_quote">',
            b"begin 644 a\n#86)C\n`\nend\n",
        ]
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=4096))
def test_any_bytes_the_whole_way_H2(raw: bytes) -> None:
    read(raw)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=30).map(b"".join))
def test_any_pieces_the_whole_way_H2(raw: bytes) -> None:
    read(raw[:4096])


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: text/html\n\n" + b"<table><tr><td>a" * 60_000,
        b"Content-Type: text/html\n\n" + b'<div style="a:b" class="gmail_quote">' * 25_000,
        b"Content-Type: text/html\n\n" + b"<td>a" * 9_990,
        b"Content-Type: text/html\n\n" + b"&" * 1_000_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\na\n" * 130_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 20_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 70_000,
        b"From: " + b'"<(' * 300_000,
        b"\n" + b"a@b.example " * 80_000,
        b"From: MAILER-DAEMON\n\n" + b"failed a@b.example\n" * 50_000,
        b"\n\n{" + b'"emailAddress":"a@b.example",' * 30_000,
        b"\n\n" + b"begin 644 a\n#86)C\n" * 50_000,
        b"\x78\x9f\x3e\x22" * 250_000,
    ],
    ids=range(13),
)
def test_a_hostile_megabyte_comes_to_an_end_H24(raw: bytes) -> None:
    read(raw)


def test_a_megabyte_in_base64_comes_to_an_end_H24() -> None:
    html = base64.b64encode(b"<p>a</p>" * 90_000)
    read(b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + html)
