"""Attachments and texts that wrong structure, wrong types or wrong names would hide."""

import base64
import bz2
import struct
import zlib

import pytest

from gateway.parse import signed, tnef
from gateway.parse.limits import Limits
from gateway.parse.mail import Mail
from gateway.parse.parse import parse, part_bytes
from tests.support.nothing_lost import lost


def multipart(kind: str, *parts: str, boundary: str = "b", head: str = "") -> str:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    type_ = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n{head}\n'
    return f"{type_}{body}--{boundary}--\n"


def read(raw: str | bytes) -> Mail:
    raw = raw.encode() if isinstance(raw, str) else raw
    found = parse(raw)
    assert lost(raw, found) == []
    for part in found.parts:
        assert len(part_bytes(raw, part.path)) == part.size
    return found


def files(mail: Mail) -> list[tuple[str, int]]:
    return [(part.name, part.size) for part in mail.parts]


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nDer Aufzug steht wieder still."
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>Der Aufzug steht wieder still.</p>"
PDF = "Content-Type: application/pdf; name=lift.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg=="


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_inner_multipart_with_the_boundary_of_the_outer_one_H23(newline: str) -> None:
    raw = multipart("mixed", multipart("alternative", PLAIN, HTML), PDF).replace("\n", newline)
    mail = read(raw)
    assert mail.text == "Der Aufzug steht wieder still."
    assert files(mail) == [("lift.pdf", 4)]


def test_the_boundary_of_the_outer_one_two_levels_down_H23() -> None:
    inner = multipart("related", HTML)
    middle = multipart("alternative", PLAIN, inner, boundary="other")
    mail = read(multipart("mixed", middle, PDF, PDF.replace("lift", "second")))
    assert mail.text == "Der Aufzug steht wieder still."
    assert files(mail) == [("lift.pdf", 4), ("second.pdf", 4)]
    thrice = multipart("mixed", multipart("mixed", multipart("mixed", PLAIN, PDF), PDF), PDF)
    assert len(read(thrice).parts) == 3


def test_very_many_parts_of_one_boundary_come_to_an_end_H24() -> None:
    head = 'Content-Type: multipart/mixed; boundary="b"\n\n--b\n'
    for raw in (head * 20_000, head + "--b--\n--b\n" * 50_000, head + "--b" * 100_000):
        assert parse(raw.encode(), Limits(parts=100)).content_type == "multipart/mixed"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "BASE64 "])
@pytest.mark.parametrize("outer", [True, False])
def test_a_multipart_that_is_encoded_as_a_whole_H12(encoding: str, outer: bool) -> None:
    head, body = multipart("mixed", PLAIN, PDF, boundary="whole=1").split("\n\n", 1)
    coded = base64.encodebytes(body.encode()).decode()
    if encoding.startswith("quoted"):
        coded = body.replace("=", "=3D")
    whole = f"{head}\nContent-Transfer-Encoding: {encoding}\n\n{coded}"
    mail = read(multipart("mixed", whole) if outer else whole)
    assert mail.text == "Der Aufzug steht wieder still."
    assert files(mail) == [("lift.pdf", 4)]


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ('text/plain; charset=utf-8; name="brief.txt"', "Der Aufzug steht still."),
        ("text/html; charset=utf-8; name=lettre.html", "L'ascenseur est bloqué."),
        ("text/plain; charset=utf-8; name*=utf-8''%E6%96%87.txt", "エレベーターが止まりました。"),
    ],
)
@pytest.mark.parametrize("more", [[], [PDF]])
def test_the_only_text_is_shown_although_it_has_a_name_H11(
    type_: str, text: str, more: list[str]
) -> None:
    for disposition in ("", "Content-Disposition: inline; filename=x.txt\n"):
        mail = read(multipart("mixed", f"Content-Type: {type_}\n{disposition}\n{text}", *more))
        assert mail.text == text
        assert len(mail.parts) == len(more)


def test_a_named_text_beside_another_is_a_file_H11() -> None:
    named = "Content-Type: text/plain; name=log.txt\n\n12:00 stop"
    blank = "Content-Type: text/plain\n\n \n"
    assert files(read(multipart("mixed", PLAIN, named))) == [("log.txt", 10)]
    assert read(multipart("mixed", blank, named, named)).text == "12:00 stop"
    declared = named.replace("\n\n", "\nContent-Disposition: attachment\n\n")
    mail = read(multipart("mixed", declared))
    assert (mail.text, files(mail)) == ("", [("log.txt", 10)])


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(40)),
        b"%PDF-1.7\n1 0 obj\n",
        b"PK\x03\x04" + b"a" * 40,
        zlib.compress(bytes(range(256)) * 2),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
        b"MZ\x90\0\x03\0\0\0" + zlib.compress(b"abc" * 300),
        bz2.compress(b"lift"),
        b"\0\0\0\x18ftypmp42" + b"a" * 40,
        b"\0\1\0\0\0\x0c\0\x80" + bytes(40) + b"glyf",
        b"RIFF\x24\0\0\0WEBPVP8 " + b"a" * 20,
    ],
)
@pytest.mark.parametrize("type_", ["text/plain", "text/html; charset=utf-8"])
def test_a_file_that_is_called_text_is_attached_J5(content: bytes, type_: str) -> None:
    head = f"Content-Type: {type_}\nContent-Transfer-Encoding: base64\n\n"
    mail = read(multipart("mixed", PLAIN, head + base64.encodebytes(content).decode()))
    assert mail.text == "Der Aufzug steht wieder still."
    (part,) = mail.parts
    assert (part.type, part.size) == ("application/octet-stream", len(content))


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Лифт стоит".encode("utf-16"), "utf-16", "Лифт стоит"),
        ("エレベーター".encode("iso2022_jp"), "iso-2022-jp", "エレベーター"),
        ("Der Aufzug steht".encode("utf-16-le"), "utf-8", "Der Aufzug steht"),
        (b"stopped\0\0\0\0", "us-ascii", "stopped"),
        (b"stop\0ped", "us-ascii", "stopped"),
        (b"\x1b[31mred\x1b[0m", "us-ascii", "red"),
        (b"page\x0cbreak", "us-ascii", "break"),
    ],
)
def test_text_with_odd_characters_is_text_H25(content: bytes, charset: str, text: str) -> None:
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
    mail = parse(head.encode() + base64.encodebytes(content))
    assert text in mail.text and mail.parts == ()


def attribute(number: int, content: bytes) -> bytes:
    return struct.pack("<BHHI", 2, number, 6, len(content)) + content + b"\0\0"


def test_empty_files_in_a_winmail_dat_are_listed_H14() -> None:
    rendering = attribute(0x9002, bytes(14))
    title = [attribute(0x8010, name + b"\0") for name in (b"leer.cfg", b"plan.txt", b"fin.txt")]
    data = [attribute(0x800F, content) for content in (b"", b"Plan", b"")]
    packed = tnef.SIGNATURE + b"\1\0" + rendering + title[0] + data[0] + rendering + data[1]
    packed += title[1] + rendering + data[2] + title[2] + rendering
    head = (
        "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    )
    mail = read(multipart("mixed", PLAIN, head + base64.encodebytes(packed).decode()))
    assert files(mail) == [("leer.cfg", 0), ("plan.txt", 4), ("fin.txt", 0)]


@pytest.mark.parametrize("beside", [[], [PLAIN]], ids=["alone", "below a text"])
def test_a_winmail_dat_without_files_is_listed_beside_its_text_H14(beside: list[str]) -> None:
    """It may hold more than the text: the place of an appointment, what is behind damaged bytes."""
    packed = tnef.SIGNATURE + b"\1\0" + attribute(0x800C, b"Treffen am Brunnen\0")
    head = "Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n"
    mail = read(multipart("mixed", *beside, head + base64.encodebytes(packed).decode()))
    assert [size for _, size in files(mail)] == [len(packed)]
    assert beside or mail.text == "Treffen am Brunnen"


def der(tag: int, content: bytes) -> bytes:
    if len(content) < 128:
        return bytes((tag, len(content))) + content
    return bytes((tag, 0x82)) + len(content).to_bytes(2, "big") + content


def opaque(inner: bytes) -> str:
    """Return S/MIME signed-data over these bytes."""
    data = der(0x06, bytes.fromhex("2a864886f70d010701")) + der(0xA0, der(0x04, inner))
    content = der(0x02, b"\1") + der(0x31, b"") + der(0x30, data) + der(0x31, b"")
    oid = der(0x06, bytes.fromhex("2a864886f70d010702"))
    whole = base64.encodebytes(der(0x30, oid + der(0xA0, der(0x30, content)))).decode()
    head = "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
    return head + "Content-Transfer-Encoding: base64\n\n" + whole


@pytest.mark.parametrize(
    "text",
    [
        "Achtung: der Aufzug steht.\r\nDringend: sehr\r\n\r\nGruß, Ida",
        "Bonjour,\r\n\r\nl'ascenseur est bloqué.",
        "Note: one line",
    ],
)
def test_signed_text_without_a_mime_head_is_shown_whole_H17(text: str) -> None:
    assert signed.content(base64.b64decode(opaque(text.encode()).split("\n\n")[1])) == text.encode()
    assert read(opaque(text.encode())).text == text.replace("\r\n", "\n")


def test_a_signed_mime_entity_is_read_as_one_H17() -> None:
    mail = read(opaque(multipart("mixed", PLAIN, PDF).encode()))
    assert mail.text == "Der Aufzug steht wieder still."
    assert files(mail) == [("lift.pdf", 4)]
