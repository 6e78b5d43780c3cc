"""H2: any bytes give a Mail, the same each time, whose strings can be stored."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.parse import report
from gateway.parse.mail import Address, Mail
from gateway.parse.parse import parse, part_bytes
from tests.support.nothing_lost import lost

REAL = b"""Received: from mx.example by in.example; Mon, 3 Feb 2025 10:00:00 +0000
From: "=?utf-8?q?Zo=C3=AB?=" <zoe@customer.example>
To: Support: <support@desk.example>, "B, C" <b@c.example> (x);
Subject: =?iso-2022-jp?b?GyRCRnxLXBsoQg==?= =?utf-8?q?x?=
Message-ID: <1@customer.example>
References: <a@b> <c@d>
Date: Mon, 3 Feb 2025 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_a"

--=_a
Content-Type: multipart/alternative; boundary="=_b"

--=_b
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe =
x
begin 644 cat.txt
#0V%T
`
end
--=_b
Content-Type: text/html; charset=iso-8859-1

<p>Hello <a href="https://x.example">x</a><blockquote>q</blockquote><img src="cid:1">
--=_b--
--=_a
Content-Type: application/octet-stream; name*0*=utf-8''%C3; name*1*=%BC.bin
Content-Transfer-Encoding: base64
Content-ID: <1>

eJ8+IgAAAQOQAAAEAAAA/////wAA
--=_a
Content-Type: message/delivery-status

Final-Recipient: rfc822; a@b.example
Action: failed
Status: 5.1.1
--=_a
Content-Type: message/rfc822

Subject: inner
Message-ID: <2@desk.example>

inner
--=_a--
"""


_CUTS = [b"--=_a\n", b"--=_a--\n", b"boundary==_a", b"Content-Transfer-Encoding: base64\n"]


def strings(mail: Mail) -> list[str]:
    """Every string of a record."""
    found = [
        mail.subject,
        mail.text,
        mail.html or "",
        mail.message_id or "",
        mail.in_reply_to or "",
    ]
    found += [mail.content_type, mail.language or "", *mail.references, *mail.delivered_to]
    found += [word for pair in mail.headers for word in pair] + list(mail.defects)
    people: list[Address] = [*mail.from_, *mail.to, *mail.cc, *mail.reply_to]
    found += [word for one in people for word in (one.name, one.email)]
    for part in mail.parts:
        found += [part.name, part.type, part.path, part.content_id or ""]
    return found


def check(raw: bytes) -> None:
    mail = parse(raw)
    assert mail == parse(raw)
    for text in strings(mail):
        assert "\0" not in text
        text.encode("utf-8")  # raises on a surrogate
    for part in mail.parts:
        assert len(part_bytes(raw, part.path)) == part.size
    assert lost(raw, mail) == []
    report.read(raw)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=4096))
def test_any_bytes_H2(raw: bytes) -> None:
    check(raw)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_damaged_mails_H2(data: st.DataObject) -> None:
    raw = bytearray(REAL)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        cut = data.draw(st.integers(0, 40))
        junk = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(
                    [b"\r", b"\n\n", b'"', b"(", b"<", b"=?utf-7?q?+2D0-?=", b"\0", *_CUTS]
                ),
            )
        )
        raw[at : at + cut] = junk
    check(bytes(raw))


def test_the_undamaged_mail_reads_well() -> None:
    mail = parse(REAL)
    assert mail.subject == "日本x"
    assert [to.email for to in mail.to] == ["support@desk.example", "b@c.example"]
    assert mail.sender == Address("Zoë", "zoe@customer.example")
    assert mail.text.startswith("Grüße x")
    assert [part.name for part in mail.parts] == ["cat.txt", "ü.bin", "file.txt", "inner.eml"]
    check(REAL)


def test_a_charset_with_a_nul_in_it_is_no_charset_H2() -> None:
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    part = b'Content-Type: text/plain; charset="utf-8\0"\nContent-Transfer-Encoding: base64\n\n'
    check(head + part + b"w7w=\n--b--\n")
    assert parse(head + part + b"w7w=\n--b--\n").text == "ü"
