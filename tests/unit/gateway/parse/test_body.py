"""Text, HTML, attachments, transfer encodings and limits."""

import base64
import hashlib
import struct

import pytest

from gateway.parse import attachment_names, html, params, transfer
from gateway.parse.limits import DEFAULT, Limits
from gateway.parse.mail import Mail
from gateway.parse.parse import parse, part_bytes


def multipart(kind: str, *parts: str) -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts)
    head = f"From: a@b.example\nContent-Type: multipart/{kind}; boundary=b\n\n"
    return (head + body + "--b--\n").encode()


PLAIN = "Content-Type: text/plain\n\nThe printer is on fire again."
HTML = "Content-Type: text/html\n\n<p>The <b>printer</b> is on fire again.</p>"
PDF = "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nQUJD"


def names_of(mail: Mail) -> list[str]:
    return [part.name for part in mail.parts]


HTML_OF = "Content-Type: text/html; charset=utf-8\n\n{}"


def test_plain_text_is_taken_and_html_kept_H9() -> None:
    mail = parse(multipart("alternative", PLAIN, HTML))
    assert mail.text == "The printer is on fire again."
    assert mail.html == "<p>The <b>printer</b> is on fire again.</p>"
    assert mail.parts == ()


def test_an_empty_or_stub_text_does_not_hide_the_html_H9() -> None:
    blank = "Content-Type: text/plain\n\n  \n"
    stub = "Content-Type: text/plain\n\nHTML only"
    long_ = "Content-Type: text/html\n\n<p>" + "word " * 30 + "</p>"
    assert parse(multipart("alternative", blank, HTML)).text == "The printer is on fire again."
    assert parse(multipart("alternative", stub, long_)).text.startswith("word word")
    assert parse(multipart("alternative", stub, HTML)).text == "HTML only"


def test_two_sides_that_say_different_things_are_both_shown_H9() -> None:
    advice = "Content-Type: text/plain\n\nTo read this newsletter use another program, please."
    quoting = "Content-Type: text/plain\n\nIt still burns, please come."
    longer = HTML_OF.format("<p>It still burns, please come.</p><blockquote>" + "older " * 90)
    found = parse(multipart("alternative", advice, HTML))
    assert found.text.endswith("another program, please.\n\nThe printer is on fire again.")
    assert parse(multipart("alternative", quoting, longer)).text == "It still burns, please come."
    for nothing in ("", "<p>...</p>", "<p><img src=x></p>"):
        assert parse(multipart("alternative", quoting, HTML_OF.format(nothing))).text == (
            "It still burns, please come."
        )


def test_text_and_html_in_a_language_without_blanks_are_the_same_H9() -> None:
    plain = "Content-Type: text/plain; charset=utf-8\n\n打印机又着火了请\n马上派人过来看看谢谢"
    rich = HTML_OF.format("<p>打印机又着火了请马上派人过来看看谢谢</p>")
    assert parse(multipart("alternative", plain, rich)).text.count("打印机") == 1


def test_html_to_text_H10() -> None:
    text, defect = html.to_text(
        '<style>p{}</style><div style="display: none">preheader</div>'
        '<p>Hi &amp; <a href="https://x.example/y">here</a> <a href="https://z.example">z.example</a></p>'
        "<ul><li>one</ul><table><tr><td>1</td><td>2</td></tr></table>"
        "<blockquote>asked<blockquote>deep</blockquote></blockquote><pre>a  b\n c</pre>"
        '<img alt="Logo"><script>bad()</script><!-- no -->',
        DEFAULT,
    )
    assert defect is None
    assert "Hi & here (https://x.example/y) z.example\n" in text
    for line in ("  * one", "1 | 2", "> asked", "> > deep", "a  b", " c", "[Logo]"):
        assert line in text.split("\n")
    for word in ("preheader", "bad", "no -->", "p{}"):
        assert word not in text


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 100_000,
        "<!--" * 200_000,
        "<" * 1_000_000,
        "<script>" * 120_000,
        "<blockquote>a" * 5_000,
        "<table><tr><td>a" * 3_000,
        "<a href='http://x'>a" * 100_000,
    ],
)
def test_hostile_html_comes_to_an_end_H10(hostile: str) -> None:
    assert isinstance(html.to_text(hostile, DEFAULT)[0], str)
    assert isinstance(html.strip_tags(hostile), str)


def test_too_many_links_are_not_rendered_H33() -> None:
    text, defect = html.to_text("<a href='http://x.example'>a</a> " * 20, Limits(html_links=10))
    assert text.startswith("a a a") and defect is not None


def test_a_table_that_lays_out_a_page_is_no_table_H10() -> None:
    inner = "<table><tr><td>Dear</td><td>Ana,</td></tr></table>"
    words = "we write to you because the printer that you sold us last year burns again, and again, and once more."
    text = html.to_text(
        f"<table><tr><td><table><tr><td>{words}</td><td>Help</td></tr></table></td><td>{inner}</td></tr></table>",
        DEFAULT,
    )[0]
    assert text.split("\n") == [words, "Help", "Dear | Ana,"]


def test_the_address_of_a_link_is_written_once_H10() -> None:
    link = '<p><a href="https://x.example/long">{}</a></p>'
    text = html.to_text(link.format("Here") + link.format("there"), DEFAULT)[0]
    assert text == "Here (https://x.example/long)\n\nthere"


def test_html_of_very_many_tags_is_not_rendered_H33() -> None:
    text, defect = html.to_text("<p>a</p>" * 40_000, DEFAULT)
    assert text.startswith("a\na") and defect is not None


def test_the_limit_of_tags_holds_for_all_parts_together_H33() -> None:
    rich = "Content-Type: text/html\n\n<p>a</p><p>b</p>"
    assert parse(multipart("mixed", rich, rich), Limits(html_tags=8)).defects == ()
    (defect,) = set(parse(multipart("mixed", rich, rich), Limits(html_tags=7)).defects)
    assert defect.startswith("The HTML is too big")


def test_inline_texts_are_joined_and_named_ones_attached_H11() -> None:
    second = "Content-Type: text/plain\n\nsecond"
    named = "Content-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nlog"
    mail = parse(multipart("mixed", PLAIN, PDF, second, named))
    assert mail.text == "The printer is on fire again.\n\nsecond"
    assert names_of(mail) == ["a.pdf", "log.txt"]


def test_a_multipart_without_boundary_is_text_H12() -> None:
    mail = parse(b"Content-Type: multipart/mixed\n\njust words\n")
    assert mail.text == "just words" and mail.defects


def test_an_attached_mail_is_one_exact_eml_H13() -> None:
    inner = "From: x@y.example\r\nSubject: =?utf-8?q?Fire!?=\r\n\r\ninner text\r\n"
    raw = multipart("mixed", PLAIN, "Content-Type: message/rfc822\n\n" + inner)
    mail = parse(raw)
    assert names_of(mail) == ["Fire!.eml"]
    assert "inner" not in mail.text
    assert part_bytes(raw, "2") == inner.encode()
    coded = base64.encodebytes(inner.encode()).decode()
    head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    assert part_bytes(multipart("mixed", PLAIN, head + coded), "2") == inner.encode()


def test_a_mail_that_is_only_another_mail_has_its_text_H13() -> None:
    mail = parse(b"Content-Type: message/rfc822\n\nSubject: inner\n\nthe words\n")
    assert mail.text == "the words" and names_of(mail) == ["inner.eml"]


def test_winmail_dat_gives_its_files_and_its_text_H14() -> None:
    def attribute(number: int, data: bytes) -> bytes:
        return struct.pack("<BII", 1, number, len(data)) + data + b"\0\0"

    properties = struct.pack("<IHHII", 1, 0x1E, 0x3707, 1, 5) + b"n.txt\0\0\0"
    packed = b"\x78\x9f\x3e\x22\0\0" + attribute(0x2800C, b"the body\0") + attribute(0x9002, b"")
    packed += attribute(0x800F, b"data\0\0") + attribute(0x9005, properties)
    part = "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
    raw = multipart("mixed", part + base64.b64encode(packed).decode())
    mail = parse(raw)
    assert (mail.text, names_of(mail)) == ("the body", ["n.txt"])
    assert part_bytes(raw, mail.parts[0].path) == b"data\0\0"


def test_a_broken_winmail_dat_stays_an_attachment_H14() -> None:
    forged = b"\x78\x9f\x3e\x22\0\0" + b"\x01\x03\x90\0\0\x04\0\0\0\xff\xff\xff\xff\0\0" * 50
    part = (
        "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    )
    mail = parse(multipart("mixed", PLAIN, part + base64.b64encode(forged).decode()))
    assert names_of(mail) == ["winmail.dat"]


def test_uuencoded_files_leave_the_text_H15() -> None:
    raw = b"From: a@b.example\n\nbefore\nbegin 644 cat.txt\n#0V%T\n`\nend\nafter\n"
    mail = parse(raw)
    assert (mail.text, names_of(mail)) == ("before\nafter", ["cat.txt"])
    assert part_bytes(raw, mail.parts[0].path) == b"Cat"


def test_an_empty_body_is_a_mail_H18() -> None:
    mail = parse(b"From: a@b.example\nSubject: x\n")
    assert (mail.text, mail.parts, mail.html) == ("", (), None)


@pytest.mark.parametrize(
    ("content", "encoding", "expected"),
    [
        (b"QUJD", " Base64; x", b"ABC"),
        (b"QU\r\nJD!!", "base64", b"ABC"),
        (b"QUJDRA", "base64", b"ABCD"),
        (b"QUI=\nQ0Q=\n", "base64", b"ABCD"),
        (b"QUI=\n-- \nlist footer!\n", "base64", b"AB"),
        (b"QUJDRE", "base64", b"ABCD"),
        (b"a=3Db=\nc", "quoted-printable", b"a=bc"),
        (b"a= \r\nb", "quoted-printable", b"ab"),
        (b"a=\rb", "quoted-printable", b"ab"),
        (b"a=ZZb\xfc", "quoted-printable", b"a=ZZb\xfc"),
        (b"begin 644 x\n#0V%T\n`\nend\n", "x-uuencode", b"Cat"),
        (b"#0V%T\n", "x-uue", b"Cat"),
        (b"as it is", "7-bit", b"as it is"),
        (b"as it is", "", b"as it is"),
    ],
)
def test_transfer_encodings_H22(content: bytes, encoding: str, expected: bytes) -> None:
    assert transfer.decode(content, encoding)[0] == expected


def test_the_last_boundary_may_be_missing_H23() -> None:
    mail = parse(multipart("mixed", PLAIN, PDF).replace(b"--b--\n", b""))
    assert mail.text.startswith("The printer") and names_of(mail) == ["a.pdf"]


def test_one_boundary_may_begin_with_another_H23() -> None:
    inner = "Content-Type: multipart/alternative; boundary=b_alt\n\n--b_alt\n" + PLAIN
    mail = parse(multipart("mixed", inner + "\n--b_alt\n" + HTML + "\n--b_alt--", PDF))
    assert mail.text == "The printer is on fire again." and names_of(mail) == ["a.pdf"]


def test_a_wrong_boundary_is_found_in_the_body_H23() -> None:
    raw = multipart("mixed", PLAIN, PDF).replace(b"boundary=b\n", b"boundary=other\n")
    assert names_of(parse(raw)) == ["a.pdf"]


def test_deeper_parts_are_one_raw_attachment_or_text_H24() -> None:
    raw = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000)
    )
    mail = parse(raw + b"Content-Type: text/plain\n\nbottom")
    assert "bottom" in mail.text


def test_parts_are_limited_H24() -> None:
    mail = parse(multipart("mixed", *[PDF] * 30), Limits(parts=10))
    assert len(mail.parts) < 10 and any("parts" in defect for defect in mail.defects)


def test_a_long_text_is_cut_and_attached_whole_H24() -> None:
    mail = parse(b"From: a@b.example\n\n" + b"x" * 100, Limits(text_bytes=10))
    assert mail.text == "x" * 10 and mail.parts[0].size == 100


def test_NUL_leaves_the_text_and_stays_in_attachments_H25() -> None:
    part = "Content-Type: application/x-y; name=a\n\nA\0B"
    raw = multipart("mixed", "Content-Type: text/plain\n\nA\0B", part)
    assert parse(raw).text == "AB"
    assert part_bytes(raw, "2") == b"A\0B"


def test_flowed_text_is_joined_H27() -> None:
    head = b"Content-Type: text/plain; format=flowed; delsp=%s\n\n"
    assert (
        parse(head % b"no" + b"one \ntwo\n> a \n> b\n  x\n-- \nme").text
        == "one two\n> a b\n x\n-- \nme"
    )
    assert parse(head % b"yes" + b"one \ntwo").text == "onetwo"


def test_images_shown_by_the_html_are_inline_H28() -> None:
    shown = 'Content-Type: text/html\n\n<img src="cid:logo@x"> hello'
    used = "Content-Type: image/png; name=l.png\nContent-ID: <logo@x>\n\nPNG"
    unused = "Content-Type: image/png; name=u.png\nContent-ID: <other@x>\n\nPNG"
    mail = parse(multipart("related", shown, used, unused))
    assert [(part.name, part.inline) for part in mail.parts] == [("l.png", True), ("u.png", False)]


def test_a_content_id_may_be_percent_coded_in_the_html_H28() -> None:
    shown = 'Content-Type: text/html\n\n<img src="cid:logo%40x">'
    used = "Content-Type: image/png; name=l.png\nContent-ID: <logo@x>\n\nPNG"
    assert [part.inline for part in parse(multipart("related", shown, used)).parts] == [True]


def test_an_image_between_two_texts_is_an_attachment_H28() -> None:
    image = "Content-Type: image/png; name=p.png\nContent-Disposition: inline\n\nPNG"
    mail = parse(multipart("mixed", PLAIN, image, PLAIN))
    assert [(part.name, part.inline) for part in mail.parts] == [("p.png", False)]


def test_stored_bytes_are_the_decoded_bytes_J1() -> None:
    content = bytes(range(256)) * 5
    part = "Content-Type: application/x-y; name=a\nContent-Transfer-Encoding: base64\n\n"
    raw = multipart("mixed", PLAIN, part + base64.encodebytes(content).decode())
    (found,) = parse(raw).parts
    assert (found.size, found.sha256) == (1280, hashlib.sha256(content).hexdigest())
    assert part_bytes(raw, found.path) == content


def test_empty_parts_are_dropped_and_signatures_marked_inline_J8_J9() -> None:
    empty = "Content-Type: application/x-y; name=a\n\n"
    signature = "Content-Type: application/pgp-signature; name=signature.asc\n\n-----"
    mail = parse(multipart("signed", PLAIN, empty, signature))
    assert [(part.name, part.inline) for part in mail.parts] == [("signature.asc", True)]


def test_part_bytes_of_an_unknown_path() -> None:
    with pytest.raises(KeyError):
        part_bytes(multipart("mixed", PLAIN), "7")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=This is a test.txt", "This is a test.txt"),
        ("attachment; filename*=utf-8''na%C3%AFve.txt", "naïve.txt"),
        ("attachment; filename=old.txt; filename*=iso-8859-1'en'n%FC.txt", "nü.txt"),
        ("a; filename*0*=utf-8''%C3; filename*1*=%BC; filename*2=.txt", "ü.txt"),
        ('a; filename*1="b.txt"; filename*0="a"', "ab.txt"),
        ('a; filename="=?utf-8?q?=C3=BC.txt?="', "ü.txt"),
        ('a; filename="x\\".txt"; size=1', 'x".txt'),
        ('a; filename="C:\\temp\\x.txt"', "x.txt"),
        ('a; filename="open', "open"),
    ],
)
def test_file_names_H7(value: str, expected: str) -> None:
    assert attachment_names.declared(params.parse(value)[1], {}) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("CON.txt", "_CON.txt"),
        ("..hidden. ", "hidden"),
        ("a\r\n\0b.txt", "ab.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("e\u0301.txt", "é.txt"),
        ("/", ""),
    ],
)
def test_names_are_made_harmless_J2(given: str, expected: str) -> None:
    assert attachment_names.safe(given) == expected


def test_long_names_are_cut_before_the_extension_J2() -> None:
    cut = attachment_names.safe("ü" * 300 + ".pdf")
    assert cut.endswith("ü.pdf") and len(cut.encode()) <= 255


def test_a_part_without_a_name_gets_one_H8() -> None:
    assert attachment_names.fallback("image/png", "", "", "", "") == "image.png"
    assert (
        attachment_names.fallback("image/png", "http://x.example/a/logo.png?v=1", "", "", "")
        == "logo.png"
    )
    assert (
        attachment_names.fallback("application/pdf", "", "", "Our invoice", "") == "Our invoice.pdf"
    )
    assert attachment_names.fallback("application/x-y", "", "", "", "") == "file"


def test_identity_ignores_the_way_and_C5_sees_other_words_C4() -> None:
    one = parse(b"From: a@b.example\nSubject: x\n\ntext")
    way = parse(b"Received: by mx\nX-Spam: no\nFrom: A@b.example\nSubject: x\n\ntext\n")
    other = parse(b"From: a@b.example\nSubject: x\n\nother")
    assert one.content_hash == way.content_hash != other.content_hash
