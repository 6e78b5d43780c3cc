"""What is wrapped in other formats: invitations, signed and encrypted mail, Outlook's RTF."""

import base64
import struct

import pytest

from gateway.parse import invitation, rtf, signed
from gateway.parse.limits import Limits
from gateway.parse.mail import Mail
from gateway.parse.parse import parse, part_bytes

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
SUMMARY:Fire\\, again
DTSTART;TZID=Europe/Berlin:20260503T100000
DTEND;TZID=Europe/Berlin:20260503T110000
LOCATION:Room 5
ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.example
END:VEVENT
END:VCALENDAR
"""
LINE = "invitation: Fire, again, 2026-05-03 10:00–11:00 Europe/Berlin, Room 5"


def mail(kind: str, *parts: str) -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary=b\n\n{body}--b--\n".encode()


def names(found: Mail) -> list[str]:
    return [part.name for part in found.parts]


PLAIN = "Content-Type: text/plain\n\nPlease come."
INVITATION = "Content-Type: text/calendar; charset=utf-8; method=REQUEST\n\n" + CALENDAR


def test_an_invitation_is_a_line_of_text_and_an_ics_H16() -> None:
    found = parse(mail("alternative", PLAIN, INVITATION))
    assert found.text == f"{LINE}\n\nPlease come."
    assert names(found) == ["document.ics"]


def test_a_mail_that_is_only_a_calendar_is_neither_empty_nor_lost_H16() -> None:
    raw = INVITATION.encode()
    found = parse(raw)
    assert found.text == LINE
    assert part_bytes(raw, found.parts[0].path).decode() == CALENDAR


def test_the_same_invitation_twice_is_said_once_H16() -> None:
    again = "Content-Type: application/ics; name=invite.ics\n\n" + CALENDAR
    assert parse(mail("mixed", INVITATION, again)).text == LINE


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("METHOD:REQUEST", "METHOD:CANCEL"), LINE.replace("invitation", "invitation cancelled")),
        (
            ("METHOD:REQUEST", "METHOD:REPLY"),
            LINE.replace("invitation", "answer to the invitation (declined)"),
        ),
        (("SUMMARY:Fire\\, again\n", ""), LINE.replace("Fire, again", "(no title)")),
        (("LOCATION:Room 5\n", ""), LINE.removesuffix(", Room 5")),
        (("DTSTART;TZID=Europe/Berlin:2", "DTSTART:2"), LINE.replace(" Europe/Berlin", "")),
        (
            ("DTSTART;TZID=Europe/Berlin:20260503T100000", "DTSTART;VALUE=DATE:20260503"),
            "invitation: Fire, again, 2026-05-03, Room 5",
        ),
    ],
)
def test_what_an_invitation_says_H16(change: tuple[str, str], line: str) -> None:
    assert invitation.line(CALENDAR.replace(*change).encode()) == line


@pytest.mark.parametrize(
    "broken",
    [
        CALENDAR[:150],
        CALENDAR.replace("20260503T100000", "tomorrow"),
        "BEGIN:VEVENT\n" * 4000,
        CALENDAR.replace("Room 5", "R" * 70_000),
    ],
)
def test_a_calendar_that_cannot_be_read_is_still_attached_H16(broken: str) -> None:
    found = parse(mail("alternative", PLAIN, INVITATION.replace(CALENDAR, broken)))
    assert names(found) == ["document.ics"] and found.text.endswith("Please come.")


def der(tag: int, *content: bytes) -> bytes:
    inner = b"".join(content)
    size = len(inner)
    length = bytes([size]) if size < 128 else b"\x82" + struct.pack(">H", size)
    return bytes([tag]) + length + inner


def ber(tag: int, *content: bytes) -> bytes:
    """With an end mark in place of a length, as programs write that do not know the size before."""
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def oid(last: int) -> bytes:
    return der(0x06, bytes.fromhex("2a864886f70d0107") + bytes([last]))


def signed_data(inner: bytes) -> bytes:
    content = der(0x30, oid(1), der(0xA0, der(0x04, inner)))
    rest = der(0xA0, b"certificates") + der(0x31)
    return der(
        0x30, oid(2), der(0xA0, der(0x30, der(2, b"\1"), der(0x31, der(0x30)), content, rest))
    )


def streamed_data(inner: bytes) -> bytes:
    pieces = [der(0x04, inner[at : at + 50]) for at in range(0, len(inner), 50)]
    content = ber(0x30, oid(1), ber(0xA0, ber(0x24, *pieces)))
    return ber(0x30, oid(2), ber(0xA0, ber(0x30, der(2, b"\1"), ber(0x31, der(0x30)), content)))


def smime(data: bytes, kind: str = "application/pkcs7-mime; smime-type=signed-data") -> bytes:
    head = f"From: a@b.example\nContent-Type: {kind}; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"
    return head.encode() + base64.encodebytes(data)


INNER = mail("mixed", PLAIN, "Content-Type: application/pdf; name=a.pdf\n\n%PDF")


@pytest.mark.parametrize("wrap", [signed_data, streamed_data])
@pytest.mark.parametrize("kind", ["application/pkcs7-mime", "application/octet-stream"])
def test_signed_data_is_unwrapped_H17(wrap: type, kind: str) -> None:
    raw = smime(wrap(INNER), kind)
    found = parse(raw)
    assert found.text == "Please come." and names(found) == ["a.pdf"]
    assert part_bytes(raw, found.parts[0].path) == b"%PDF"


def test_signed_data_in_signed_data_is_unwrapped_a_few_times_only_H17() -> None:
    deep = INNER
    for _ in range(3):
        deep = smime(signed_data(deep))
    assert parse(deep).text == "Please come."
    deeper = smime(signed_data(deep))
    assert parse(deeper).text == "" and names(parse(deeper)) == ["smime.p7m"]


def test_broken_signed_data_stays_an_attachment_H17() -> None:
    whole = signed_data(INNER)
    for end in range(0, len(whole), 7):
        found = parse(smime(whole[:end] or b"x"))
        assert names(found) in (["smime.p7m"], ["a.pdf"])


def test_no_data_hangs_the_walk_H17() -> None:
    for hostile in (b"\x30\x80" * 100_000, b"\x24\x80" * 100_000, b"\x30\x84\xff\xff\xff\xff"):
        assert signed.content(hostile) is None
        nested = ber(0x30, oid(2), ber(0xA0, ber(0x30, hostile)))
        assert signed.content(nested) is None


def test_encrypted_mail_is_marked_and_keeps_its_parts_H17() -> None:
    found = parse(smime(der(0x30, oid(3), der(0xA0, der(0x30))), "application/pkcs7-mime"))
    assert "is encrypted" in found.text and names(found) == ["smime.p7m"]
    version = "Content-Type: application/pgp-encrypted\n\nVersion: 1"
    secret = (
        "Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----"
    )
    found = parse(mail("encrypted", version, secret))
    assert "is encrypted" in found.text and names(found) == ["file.asc", "encrypted.asc"]


def test_inline_pgp_is_marked_H17() -> None:
    found = parse(b"Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n")
    assert found.text.startswith("[This mail is encrypted and cannot be read here.]\n\n-----BEGIN")


def test_a_signed_mail_lists_no_signature_J9() -> None:
    signature = "Content-Type: application/pgp-signature; name=signature.asc\n\nabc"
    found = parse(mail("signed", PLAIN, signature))
    assert found.text == "Please come." and [part.inline for part in found.parts] == [True]


def test_what_is_beyond_the_limit_is_named_to_the_reader_J4() -> None:
    pdf = "Content-Type: application/pdf; name={}.pdf\n\n%PDF"
    raw = mail("mixed", PLAIN, *(pdf.format(n) for n in range(9)))
    found = parse(raw, Limits(attachments=2))
    assert names(found) == ["0.pdf", "1.pdf"]
    assert found.text == (
        "[Not listed as attachments, only in the raw mail: 2.pdf (4 bytes), 3.pdf (4 bytes), "
        "4.pdf (4 bytes), 5.pdf (4 bytes), 6.pdf (4 bytes) and 2 more.]\n\nPlease come."
    )


def test_partial_and_external_bodies_are_kept_with_a_word_H29() -> None:
    elsewhere = (
        "Content-Type: message/external-body; access-type=URL; URL=x\n\nContent-Type: image/png\n\n"
    )
    found = parse(mail("mixed", PLAIN, elsewhere))
    assert "lies elsewhere" in found.text and len(found.parts) == 1
    assert "one piece" in parse(b"Content-Type: message/partial; number=1\n\nabc\n").text


@pytest.mark.parametrize(
    ("compressed", "text"),
    [
        (
            "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c0900"
            "20627705b06c647d0a800fa0",
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        ),
        (
            "1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0",
            b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}",
        ),
    ],
)
def test_the_examples_of_ms_oxrtfcp_H14(compressed: str, text: bytes) -> None:
    assert rtf.decompress(bytes.fromhex(compressed)) == text


def test_compressed_rtf_without_compression_H14() -> None:
    text = rb"{\rtf1\ansi Hi}"
    stored = struct.pack("<II4sI", len(text) + 12, len(text), b"MELA", 0) + text
    assert rtf.decompress(stored) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}One\par Two\tab x\line{\b bold}}",
            "One\nTwo\tx\nbold",
        ),
        (rb"{\rtf1\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (rb"{\rtf1\ansicpg936 \'c4\'e3\'ba\'c3}", "你好"),
        (rb"{\rtf1\uc1 \u8364 ?5 \u26085\'93\{x\}\\}", "€5 日{x}\\"),
        (rb"{\rtf1{\*\htmltag <p>}a{\*\generator b;}{\pict 00ff}{\bin3 }}}c}", "ac"),
    ],
)
def test_the_words_of_rtf_H14(source: bytes, text: str) -> None:
    assert rtf.to_text(source) == text


def test_rtf_that_never_ends_or_never_begins_H14() -> None:
    assert rtf.to_text(b"no rtf") == ""
    assert rtf.to_text(rb"{\rtf1" + b"{" * 500_000) == ""
    assert rtf.decompress(b"short") == b""
    full = struct.pack("<II4sI", 0, 1 << 31, b"LZFu", 0) + b"\xff" * 1000
    assert isinstance(rtf.decompress(full), bytes)


def winmail(properties: bytes) -> str:
    data = struct.pack("<I", 1) + properties
    attribute = struct.pack("<BII", 1, 0x69003, len(data)) + data + b"\0\0"
    return base64.encodebytes(b"\x78\x9f\x3e\x22\0\0" + attribute).decode()


WINMAIL = (
    "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
)


def rtf_property(text: bytes) -> bytes:
    stored = struct.pack("<II4sI", len(text) + 12, len(text), b"MELA", 0) + text
    padded = stored + b"\0" * (-len(stored) % 4)
    return struct.pack("<HHII", 0x102, 0x1009, 1, len(stored)) + padded


def test_rtf_is_the_text_where_there_is_no_other_H14() -> None:
    packed = WINMAIL + winmail(rtf_property(rb"{\rtf1 It burns.\par}"))
    assert parse(packed.encode()).text == "It burns."


def test_a_winmail_dat_that_nobody_has_read_stays_an_attachment_H14() -> None:
    packed = WINMAIL + winmail(rtf_property(rb"{\rtf1 It burns.\par}"))
    found = parse(mail("mixed", PLAIN, packed))
    assert found.text == "Please come." and names(found) == ["winmail.dat"]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("FLE Standard Time", "FLE Standard Time"),
        ("Romance Standard Time", "Romance Standard Time"),
        (
            '"(UTC+02:00) Helsinki, Kyiv, Riga"',
            "(UTC+02:00) Helsinki, Kyiv, Riga",
        ),
    ],
)
def test_time_zones_of_windows_are_shown_by_name_H16(zone: str, shown: str) -> None:
    named = zone.strip('"').replace(",", "\\,")
    text = CALENDAR.replace("TZID:Europe/Berlin", f"TZID:{named}")
    text = text.replace("TZID=Europe/Berlin", f"TZID={zone}")
    found = invitation.line(text.encode())
    assert found == LINE.replace("Europe/Berlin", shown)
