"""Heads, encoded words, charsets and dates."""

from datetime import datetime

import pytest

from gateway.parse import head, headers
from gateway.parse.charsets import decode
from gateway.parse.dates import stated
from gateway.parse.limits import Limits
from gateway.parse.parse import parse


def subject(value: bytes) -> str:
    return parse(b"From: a@b.example\nSubject: " + value + b"\n\ntext\n").subject


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        (b"=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?q?one?= =?utf-8?q?two?=", "onetwo"),
        (b"=?utf-8?q?one?= and =?utf-8?q?two?=", "one and two"),
        (b"=?utf-8?q?one?=\n =?iso-8859-1?q?_=FC?=", "one ü"),
        (b"=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),
        (b"=?utf-8?q?a raw blank?=", "a raw blank"),
        (b"Re:=?utf-8?q?=C3=BC?=!", "Re:ü!"),
        (b'"=?utf-8?q?=C3=BC?="', '"ü"'),
        (b"=?x-unknown?q?=C3=BC?=", "ü"),
        (b"=?utf-8?q?never closed", "=?utf-8?q?never closed"),
        (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        (b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?gb2312?b?xOO6ww==?=", "你好"),
        (b"=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
    ],
)
def test_encoded_words_H5(value: bytes, expected: str) -> None:
    assert subject(value) == expected


def test_a_lone_surrogate_becomes_storable_H5() -> None:
    assert subject(b"=?utf-7?q?+2D0-x?=") == "\ufffdx"


def test_raw_bytes_are_utf8_or_the_charset_of_the_body_H6() -> None:
    assert subject("Grüße".encode()) == "Grüße"
    mail = b"Content-Type: text/plain; charset=iso-8859-2\nSubject: " + "Příliš".encode(
        "iso-8859-2"
    )
    assert parse(mail + b"\n\ntext").subject == "Příliš"


def test_controls_and_direction_marks_leave_the_subject_H19() -> None:
    assert subject("pay\u202egpj.exe\u200b \x07now".encode()) == "paygpj.exe  now"
    family = "👨\u200d👩\u200d👧"
    assert subject(family.encode()) == family


def test_names_and_subjects_are_NFC_H31() -> None:
    assert subject("e\u0301".encode()) == "é"


@pytest.mark.parametrize(
    ("content", "declared", "expected"),
    [
        (b"caf\xe9 \x93x\x94", "iso-8859-1", "café “x”"),
        ("Grüße".encode(), "us-ascii", "Grüße"),
        ("Grüße".encode(), "x-unknown", "Grüße"),
        ("Grüße".encode(), None, "Grüße"),
        ("Grüße".encode(), '"utf-8";', "Grüße"),
        (b"\x1b$BF|K\\\x1b(B", None, "日本"),
        (b"\x1b$BF|K\\\x1b(B", "utf-8", "日本"),
        ("안녕".encode("cp949"), "ks_c_5601-1987", "안녕"),
        ("①".encode("cp932"), "shift_jis", "①"),
        ("plain", "utf-16", "plain"),
        ("ž".encode("utf-16"), "utf-16", "ž"),
        (b"\\u0041", "unicode_escape", "\\u0041"),
        (b"YQ==", "base64", "YQ=="),
        ("\ufeffx".encode(), "utf-8", "x"),
        ("Grüße aus Köln".encode() + b"\xc3", "utf-8", "Grüße aus Köln\ufffd"),
        (b"h\xf8j", None, "høj"),
    ],
)
def test_charset_ladder_H3_H4(content: bytes | str, declared: str | None, expected: str) -> None:
    raw = content.encode() if isinstance(content, str) else content
    assert decode.decode(raw, declared) == expected


def test_detection_reads_long_undeclared_text_H3() -> None:
    russian = "Здравствуйте, мой принтер не работает уже второй день. Помогите, пожалуйста!"
    assert decode.decode(russian.encode("cp1251")) == russian


@pytest.mark.parametrize(
    "before",
    [b"", b"\n\r\n", b"From a@b Mon Feb  3 10:00:00 2025\n", b">From a@b\n", b"\xef\xbb\xbf"],
)
def test_what_stands_before_the_head_is_passed_H20(before: bytes) -> None:
    mail = parse(before + b"From: a@b.example\nSubject: here\n\ntext\n")
    assert (mail.subject, mail.text, mail.from_[0].email) == ("here", "text", "a@b.example")


def test_a_broken_line_does_not_end_the_head_H20() -> None:
    mail = parse(b"From: a@b.example\nthis is no header\nSubject: here\n\ntext")
    assert (mail.subject, mail.text) == ("here", "text")
    assert mail.defects == ("A line of the head is no header: skipped.",)


def test_a_missing_blank_line_starts_the_text_H20() -> None:
    mail = parse(b"From: a@b.example\nSubject: here\nDear team,\nplease help.\n\nBye")
    assert (mail.subject, mail.text) == ("here", "Dear team,\nplease help.\n\nBye")


def test_blanks_before_the_colon_and_empty_values_H20() -> None:
    mail = parse(b"Subject : here\nTo:\nFrom:\t<a@b.example>\n\ntext")
    assert (mail.subject, mail.to, mail.from_[0].email) == ("here", (), "a@b.example")


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_line_ends_do_not_matter_H26(newline: bytes) -> None:
    lines = b"From: a@b.example\nSubject: one\n two\n\nfirst\nsecond\n".replace(b"\n", newline)
    mail = parse(lines)
    assert (mail.subject, mail.text) == ("one two", "first\nsecond")


def test_the_first_header_counts_and_all_are_kept_H30() -> None:
    mail = parse(b"Subject: one\nSubject: two\nFrom: a@b.example\nFrom: c@d.example\n\nx")
    assert mail.subject == "one"
    assert mail.all("subject") == ("one", "two")
    assert mail.sender is not None and mail.sender.email == "a@b.example"


def test_a_hostile_head_is_cut_and_says_so_H24() -> None:
    limits = Limits(headers=3, header_bytes=10, head_bytes=200)
    many = head.split(b"a: 1\nb: 2\nc: 3\nd: 4\n\nx", limits)
    assert [name for name, _ in many.fields] == ["a", "b", "c"]
    long_ = head.split(b"subject: " + b"x" * 50 + b"\n\nx", limits)
    assert long_.first("subject") == b" " + b"x" * 9
    endless = head.split(b"a: b\n" * 100, limits)
    assert endless.body <= 200
    assert len(many.defects) == len(long_.defects) == 1 and len(endless.defects) == 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 3 Feb 2025 10:00:00 +0100", "2025-02-03T10:00:00+01:00"),
        ("3 Feb 25 10:00 EST", "2025-02-03T10:00:00-05:00"),
        ("Mon, 3 Feb 2025 10:00:00 NOWHERE", "2025-02-03T10:00:00+00:00"),
        ("garbage", None),
        ("", None),
        ("Mon, 3 Feb 9999999 10:00:00", None),
        ("31 Feb 2025 10:00:00 +0000", None),
        ("1 Feb 2025 10:00:00 +9999999999", None),
    ],
)
def test_stated_dates_H21(value: str, expected: str | None) -> None:
    assert stated(value) == (datetime.fromisoformat(expected) if expected else None)


def test_language_is_the_first_tag() -> None:
    assert parse(b"Accept-Language: cs-CZ, en;q=0.5\n\nx").language == "cs-cz"
    assert parse(b"Accept-Language: ???\n\nx").language is None


def test_words_between_encoded_words_stay() -> None:
    assert headers.decode_words("a =?utf-8?q?b?= c =?utf-8?q?d?= e") == "a b c d e"


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_lines_of_a_signature_that_lost_their_indent_H20(newline: bytes) -> None:
    signature = b"DKIM-Signature: v=1; a=rsa-sha256;\nd=b.example; s=one;\nh=from:to:subject;\n"
    signature += b"bh=" + b"Ab9/" * 11 + b"=;\nb=" + b"cD8+" * 17 + b"\n" + b"eF7x" * 17 + b"\n" * 1
    raw = signature + b"gH6y" * 9 + b"==\nFrom: Ida <a@b.example>\nSubject: here\n\nb=text\n"
    mail = parse(raw.replace(b"\n", newline))
    assert (mail.subject, mail.text, mail.from_[0].name) == ("here", "b=text", "Ida")
    assert "h=from:to:subject" in mail.first("dkim-signature")


@pytest.mark.parametrize("blank", [b" ", b"\t", b"  "])
def test_a_first_header_with_a_leading_blank_H20(blank: bytes) -> None:
    mail = parse(blank + b"From: Ida <a@b.example>\nSubject: one\n two\n\ntext")
    assert (mail.from_[0].name, mail.subject, mail.text) == ("Ida", "one two", "text")
