"""Mails made to cost a reader as much as they can, of every shape we know; each is about as large as asked for.

`SHAPES` has a maker a shape: it takes a source of chance and a size in bytes, and returns a raw mail.
"""

# ruff: noqa: E501  (rows of pieces)
import base64
import quopri
from collections.abc import Callable
from random import Random

Maker = Callable[[Random, int], bytes]
SHAPES: dict[str, Maker] = {}

_HEAD = (
    "From: Nasty <nasty{n}@customer.example>\nTo: support@help.example\nDate: Mon, 09 Mar 2026 08:10:00 +0000\n"
    "Message-ID: <nasty{n}@customer.example>\nMIME-Version: 1.0\n"
)
_BLANKS = (" ", "\t", "\n", " \n", "\u00a0", "\u2003", "\v", " \t \n")
_MARKS = (
    ">",
    "> ",
    "|",
    "-",
    "_",
    "*",
    "=",
    "#",
    "~",
    "--\n",
    "-- \n",
    ">>> \n",
    "```\n",
    "- ",
    "* ",
)


def shape(make: Maker) -> Maker:
    """Enter a maker under its name."""
    SHAPES[make.__name__] = make
    return make


def mail(
    chance: Random, text: str | bytes, *, subject: str = "Help", head: str = "", type_: str = ""
) -> bytes:
    """A whole mail of a head and a body; `type_` is all of its Content-Type."""
    lines = _HEAD.format(n=chance.getrandbits(60)) + f"Subject: {subject}\n{head}"
    lines += (
        f"Content-Type: {type_ or 'text/plain; charset=utf-8'}\nContent-Transfer-Encoding: 8bit\n\n"
    )
    body = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    return lines.encode("utf-8", "replace") + body


def fill(piece: str, size: int) -> str:
    """The piece over and over, up to a size."""
    return piece * max(1, size // max(1, len(piece.encode("utf-8", "replace"))))


def bounced(chance: Random, text: str) -> bytes:
    """A report without fields, whose text is searched for who failed."""
    return mail(
        chance,
        text,
        subject="Undelivered Mail Returned to Sender",
        head="Return-Path: <>\nAuto-Submitted: auto-replied\n",
    )


@shape
def blanks(chance: Random, size: int) -> bytes:
    return mail(chance, "status 1" + fill(chance.choice(_BLANKS), size) + "x")


@shape
def blanks_in_the_subject(chance: Random, size: int) -> bytes:
    begin = chance.choice(
        ("Re", "Fw", "[Help", "status 1", "Re[1]", "Automatic", "WG:", "[Help #1")
    )
    return mail(chance, "x", subject=begin + fill(chance.choice((" ", "\t", "  \n ")), size) + "x")


@shape
def blank_lines_of_a_bounce(chance: Random, size: int) -> bytes:
    return bounced(
        chance, "It failed.\n" + fill(chance.choice(("\n", " \n", ">\n", "-\n", "- -\n")), size)
    )


@shape
def words_of_a_bounce(chance: Random, size: int) -> bytes:
    words = ("a@b.example ", "<a@b.example>\n", "a.b.c.", "user unknown ", "5.1.1 ", "(generated from ", "To: a@b\n", "@",
             "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n", "a@b.c@d.e@", "550 5.1.1 <x@y.example>: \n")  # fmt: skip
    return bounced(chance, "It failed.\n" + fill(chance.choice(words), size))


@shape
def a_report(chance: Random, size: int) -> bytes:
    fields = ("Final-Recipient: rfc822; a{n}@b.example\nAction: failed\nStatus: 5.1.1\n\n", "X{n}: y\n", "Diagnostic-Code: smtp; 550\n ",
              "Final-Recipient: rfc822; a@b.example\n", "\n", "Original-Recipient: rfc822;" + " " * 400 + "\n")  # fmt: skip
    piece = chance.choice(fields)
    body = "--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
    body += "".join(piece.format(n=n) for n in range(size // len(piece)))
    body += "\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <x@help.example>\n\nx\n--b--\n"
    return mail(
        chance,
        body,
        head="Return-Path: <>\n",
        type_='multipart/report; report-type=delivery-status; boundary="b"',
    )


@shape
def marks(chance: Random, size: int) -> bytes:
    pieces = chance.sample(_MARKS, 2)
    return mail(chance, fill(pieces[0], size // 2) + fill(pieces[1], size // 2) + "x")


@shape
def short_lines(chance: Random, size: int) -> bytes:
    lines = (
        ">\n",
        "> x\n",
        "x\n",
        "-\n",
        "> > x\n\n",
        "On x\n",
        "a:\n",
        "--\n",
        "x\n> x\n",
        "```\nx\n",
        "* x\n",
        "\u200f>\n",
    )
    return mail(
        chance, fill("".join(chance.sample(lines, 3)), size), head="In-Reply-To: <x@help.example>\n"
    )


@shape
def near_attributions(chance: Random, size: int) -> bytes:
    lines = (
        "On 3 May 2026, at 10:00, Ana <ana@x.example> wrot:\n",
        "On 3 May 2026 Ana wrote:\n",
        "Am 03.05.2026 um 10:00 hat " + "x" * 300 + " geschriebe:\n",
        "On Mon, 3 May 2026 " + "a@b " * 90 + ":\n",
        "From: a\nSent: b\n",
        "From: a\nDate: b\nTo: c\nSubject: d\n",
        "-----Original Messag-----\n",
        "---------- Forwarded message by " + "x" * 70 + "\n",
        "2026-05-03 10:00 GMT+02:00 " + "<a@b.example> " * 20 + ":\n",
        "hat " + "x" * 79 + " ",
        "tarihinde " + "x" * 110 + "\n:\n",
        "heeft " * 60 + ":\n",
        "пользователь " * 20 + ":\n",
    )
    return mail(chance, fill(chance.choice(lines), size), head="In-Reply-To: <x@help.example>\n")


@shape
def one_long_line(chance: Random, size: int) -> bytes:
    piece = chance.choice(
        (
            "x",
            "x ",
            "@",
            "a@",
            "a.",
            "<",
            "<a@b>",
            "http://",
            "(",
            "[",
            "\u0301",
            "\u200d",
            "!",
            "://",
            "#1 ",
            "a:",
        )
    )
    return mail(chance, fill(piece, size))


@shape
def many_parts(chance: Random, size: int) -> bytes:
    types = (
        "text/plain",
        "text/html",
        "image/png",
        "message/rfc822",
        "text/calendar",
        "application/ms-tnef",
        "text/rtf",
        "multipart/mixed; boundary=c",
    )
    kind = chance.choice(types)
    part = f'--b\nContent-Type: {kind}; name="{"x" * chance.choice((1, 200))}"\n\n{"x" * chance.choice((0, 50))}\n'
    return mail(chance, fill(part, size) + "--b--\n", type_="multipart/mixed; boundary=b")


@shape
def deep_parts(chance: Random, size: int) -> bytes:
    depth = chance.choice((40, 60, 500, 5000))
    body = "".join(
        f'--b{n}\nContent-Type: multipart/{chance.choice(("mixed", "alternative", "digest"))}; boundary="b{n + 1}"\n\n'
        for n in range(depth)
    )
    line = chance.choice(("x\n", "--\n", "--b\n", "\n", f"--b{depth}\n\n"))
    return mail(chance, body + fill(line, size - len(body)), type_='multipart/mixed; boundary="b0"')


@shape
def nested_mails(chance: Random, size: int) -> bytes:
    depth = size // 90
    return mail(
        chance,
        fill("Content-Type: message/rfc822\nSubject: x\n\n", depth * 40),
        type_="message/rfc822",
    )


@shape
def false_boundaries(chance: Random, size: int) -> bytes:
    line = chance.choice(
        (
            "--" + "a" * 199 + "\n",
            "--a" + " " * 197 + "x\n",
            "--a \t" * 40 + "\n",
            "--\n",
            "--a\r",
            "-" * 250 + "\n",
            "--a" + " " * 5000 + "x\n",
        )
    )
    boundary = chance.choice(("never", "a", "a" * 70, " " * 60, '"' * 50))
    return mail(chance, fill(line, size), type_=f'multipart/mixed; boundary="{boundary}"')


@shape
def head_lines(chance: Random, size: int) -> bytes:
    lines = (
        "X: y\n",
        "X-A:\n \n",
        "x\n",
        ": x\n",
        "X :y\n",
        "From: a@b.example\n",
        "Received: from x\n",
        "\t\n",
        "Subject: =?utf-8?q?=41?=\n",
        "content-x-" * 9 + "\n",
        "\r",
        ">From x\n",
    )
    return mail(chance, "x", head=fill(chance.choice(lines), size))


@shape
def one_long_header(chance: Random, size: int) -> bytes:
    names = ("To", "Cc", "From", "Reply-To", "References", "In-Reply-To", "Subject", "Content-Type", "Content-Disposition", "Message-ID", "Date", "Received",
             "Authentication-Results", "List-Id", "Auto-Submitted", "Precedence", "Content-Language", "X-Failed-Recipients", "Sender", "Content-Transfer-Encoding", "Delivered-To", "Return-Path")  # fmt: skip
    pieces = ("a@b.example, ", "<", ">", "(", ")", '"', "\\", '\\"', ",", ";", "=?utf-8?q?", "=?utf-8?q?=41?= ", "=?x?b?", "<a@b> ", "a:", "(()", "a=b; ", 'x*0*="', ";;x*1=",
              " ", "\n ", "a", "a@", ".", "=", "/", "(\\(", "=?utf-8?b?4pi6?=\n ", "@[", ";a*=utf-8''%41", "[1]:", "group: ", "<@a,@b:c@d.example>, ", "é", "+0000 ")  # fmt: skip
    head = (
        f"{chance.choice(names)}: "
        + fill("".join(chance.sample(pieces, chance.choice((1, 2)))), size)
        + "\n"
    )
    return mail(chance, "x", head=head)


@shape
def many_long_headers(chance: Random, size: int) -> bytes:
    name = chance.choice(
        (
            "To",
            "Cc",
            "From",
            "References",
            "Received",
            "Delivered-To",
            "Reply-To",
            "X-A",
            "List-Id",
            "Authentication-Results",
        )
    )
    piece = chance.choice(
        (
            "a{n}@b.example, ",
            "<a{n}@b> ",
            "=?utf-8?q?=41?= ",
            '"a" <b@c>, ',
            "=?utf-8?b?4pi6?= ",
            "((",
            "a; b=c ",
        )
    )
    line = (
        f"{name}: "
        + "".join(piece.replace("{n}", str(n)) for n in range(30_000 // len(piece)))
        + "\n"
    )
    return mail(chance, "x", head=fill(line, size))


@shape
def results_of_relays(chance: Random, size: int) -> bytes:
    pieces = (
        '\\"',
        "(",
        "(\\(",
        "; dkim=pass ",
        "a",
        "a.b=",
        ' reason="',
        "; spf=pass (x) smtp.mailfrom=a@b ",
        "/1",
        "; a/",
        " . ",
    )
    value = (
        "mx.help.example; dkim=pass "
        + chance.choice(('"', "(", ""))
        + fill(chance.choice(pieces), 7_900)
    )
    return mail(chance, "x", head=fill(f"Authentication-Results: {value}\n", size))


@shape
def parameters(chance: Random, size: int) -> bytes:
    pieces = (
        "; name*{n}*=%41",
        '; name*{n}="a"',
        "; a{n}=b",
        ";",
        '; name="',
        "; name*{n}*=utf-8''%",
        "; name*0=a",
        "; =",
        "; name = a ",
    )
    piece = chance.choice(pieces)
    value = "".join(piece.replace("{n}", str(n)) for n in range(60_000 // len(piece)))
    part = f"--b\nContent-Type: text/plain{value}\nContent-Disposition: attachment{value}\n\nx\n"
    return mail(chance, fill(part, size), type_="multipart/mixed; boundary=b")


@shape
def html(chance: Random, size: int) -> bytes:
    pieces = ("<", "<b", "<!--", "<table><tr><td>x", "<div>", "<p>x</p>", "&amp;", "&#1;", "&", "<a href=http://x{n}.example>x</a>", "<blockquote>", "<font><font>", "</div>",
              "<td>x</td>", "<style>", "<script>x</script>", "<br>", "<img src=cid:x>", "<ul><li>x", "<span style='display:none'>x</span>", '<div class="gmail_quote">x', "<pre>x\n",
              "<b <b <b ", "<table><tr>" + "<td>x</td>" * 50 + "</tr></table>", "<x y='" + "z" * 300 + "'>", "<select><option>x", "&nbsp;", "<h1>x", "<title>", "<!", "<?", "<![CDATA[", "x" * 5000 + "<br>",
              "<table><tr><td rowspan=999 colspan=999>x", "<ol start=99999999><li>x")  # fmt: skip
    pieces_ = chance.sample(pieces, chance.choice((1, 2, 3)))
    piece = "".join(pieces_)
    text = "".join(piece.replace("{n}", str(n)) for n in range(size // len(piece)))
    return mail(chance, text, type_="text/html; charset=utf-8")


@shape
def html_within_the_limits(chance: Random, size: int) -> bytes:
    pieces = ("<p>x</p>", "<div>x", "<table><tr><td>x</td><td>y</td></tr></table>", "<tr><td>x</td><td>y</td></tr>", "<blockquote>x", "<b>x</b> ", "<ul><li>x</ul>", "<td>x", '<div class="gmail_quote">x',
              "<a href=http://x{n}.example>x</a>", "<table><tr><td>x", "<span>x", "<i>x\n", "<pre>x\n\n", "<li>x", "<h1>x</h1>", "<font>x")  # fmt: skip
    piece = "".join(chance.sample(pieces, chance.choice((1, 2))))
    count = min(size // len(piece), 49_000 // piece.count("<"))
    text = "".join(piece.replace("{n}", str(n % 4_900)) for n in range(count))
    return mail(chance, "<table>" * chance.choice((0, 1)) + text, type_="text/html; charset=utf-8")


@shape
def charsets(chance: Random, size: int) -> bytes:
    name = chance.choice(
        (
            "utf-7",
            "iso-2022-jp",
            "hz",
            "utf-16",
            "utf-32",
            "gb18030",
            "shift_jis",
            "idna",
            "punycode",
            "unicode_escape",
            "rot13",
            "zlib",
            "x" * 50,
            "unknown-8bit",
            "big5",
            "utf-8",
        )
    )
    piece = chance.choice(
        (
            b"\xff",
            b"+AG",
            b"\x1b$B",
            b"~{",
            b"\xe9\xe8",
            b"\x00a",
            b"xn--",
            b"\\N{",
            b"\xf0\x9f",
            b"a\xcc\x81",
            b"\x80",
            b"\xc3\x28",
        )
    )
    return mail(chance, piece * (size // len(piece)), type_=f"text/plain; charset={name}")


@shape
def letters(chance: Random, size: int) -> bytes:
    pieces = (
        "\u0301",
        "a\u0301\u0323",
        "\u1100\u1161",
        "\u0344",
        "\ufdfa",
        "\u200d",
        "\U0001f468\u200d",
        "\u202e",
        "漢",
        "\u0e33",
        "ǆ",
        "İ",
        "ß",
        "\ue000",
        "\u0345\u0301",
    )
    return mail(chance, fill("a" * chance.choice((0, 1)) + chance.choice(pieces), size))


@shape
def uuencoded(chance: Random, size: int) -> bytes:
    pieces = (
        "begin 644 a\n",
        "begin 644 a\nend\n",
        "begin 644 a\n`\nend\n",
        "begin 644 a\nM" + "x" * 60 + "\n",
        "begin-base64 644 a\n====\n",
        "end\n",
        "\nend ",
        "begin 644 " + "a" * 200 + "\n#\n",
    )
    return mail(chance, fill("".join(chance.sample(pieces, chance.choice((1, 2)))), size))


@shape
def packed_files(chance: Random, size: int) -> bytes:
    kinds = {
        "application/ms-tnef": (b"\x78\x9f\x3e\x22\x01\x00", (b"\x01\x06\x90\x08\x00\x04\x00\x00\x00", b"\x02\x05\x90\x06\x00\x00\x00\x00\x00", b"\xff", b"\x00", b"\x01\x03\x90\x06\x00\xff\xff\x00\x00")),
        "text/rtf": (b"{\\rtf1 ", (b"{", b"}", b"\\", b"\\'e9", b"\\u1234 ", b"{\\*\\htmltag <b>}", b"\\bin9 ", b"{\\rtf1", b"\\par ", b"\\u-1?", b"\\uc9999 \\u1 ")),
        "text/calendar": (b"BEGIN:VCALENDAR\n", (b"BEGIN:VEVENT\n", b"X:y\n", b" \n", b"DTSTART;TZID=x:20260101T000000\n", b"RRULE:FREQ=SECONDLY\n", b"BEGIN:VTIMEZONE\nTZID:a\n", b"A;B=\"c\":d\n", b"ATTENDEE;CN=x:mailto:a@b\n", b"END:VEVENT\n", b"\\n")),
    }  # fmt: skip
    kind = chance.choice(list(kinds))
    begin, pieces = kinds[kind]
    content = begin + b"".join(chance.sample(pieces, chance.choice((1, 2)))) * (size // 20)
    coded = base64.encodebytes(content[: size * 3 // 4])
    body = (
        b"--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: "
        + kind.encode()
        + b"\nContent-Transfer-Encoding: base64\n\n"
        + coded
        + b"\n--b--\n"
    )
    return mail(chance, body, type_="multipart/mixed; boundary=b")


@shape
def transfer_noise(chance: Random, size: int) -> bytes:
    coding = chance.choice(("base64", "quoted-printable", "x-uuencode", "binary", "7bit", "x" * 99))
    piece = chance.choice(
        (
            b"=",
            b"==\n",
            b"=\n",
            b"= \n",
            b"=4",
            b"=3D",
            b"A",
            b"A=",
            b"\n",
            b"!",
            b"=" + b" " * 70 + b"x\n",
            b"====A",
        )
    )
    body = piece * (size // len(piece))
    if chance.random() < 0.3:
        body = quopri.encodestring(body[: size // 3])
    raw = mail(chance, body)
    return raw.replace(b"Encoding: 8bit", b"Encoding: " + coding.encode())


@shape
def flowed(chance: Random, size: int) -> bytes:
    piece = chance.choice(
        ("x \n", "> \n", ">" * 70 + " \n", " \n", "> x \n", "-- \n", "> " * 30 + "x \n")
    )
    return mail(
        chance, fill(piece, size), type_="text/plain; format=flowed; delsp=yes; charset=utf-8"
    )


@shape
def ids(chance: Random, size: int) -> bytes:
    many = " ".join(f"<{n}.{chance.getrandbits(30)}@x.example>" for n in range(2_500))
    return mail(
        chance,
        "x" * (size // 2),
        head=fill(f"References: {many}\nIn-Reply-To: {many}\n", size // 2),
    )


@shape
def answers(chance: Random, size: int) -> bytes:
    piece = chance.choice(
        ("*", " ", "_", "Grade: ", "4 of ", "4 ", "a b c d: ", "\n*\n", "4/" + " " * 50, '"')
    )
    return mail(
        chance,
        fill(piece, size) + "x",
        subject="Re: [Help #1]",
        head="In-Reply-To: <x@help.example>\n",
    )


@shape
def forwards(chance: Random, size: int) -> bytes:
    subject = chance.choice(("Fw:", "fw: " * 50, "WG: x", "转发: x"))
    piece = chance.choice(
        (
            "From: x\n",
            "From: " + "a" * 380 + "\n",
            "> From: a@b.example\n",
            "Von: x\nGesendet: y\n",
            "From: [mailto:\nTo:\n",
            "requester: x\n",
            "From: <" + "@" * 300 + "\n",
        )
    )
    return mail(chance, fill(piece, size), subject=subject)


@shape
def random_bytes(chance: Random, size: int) -> bytes:
    return mail(
        chance,
        chance.randbytes(size),
        type_=chance.choice(
            (
                "text/plain",
                "text/html",
                "application/pdf",
                "multipart/mixed; boundary=b",
                "message/rfc822",
            )
        ),
    )


@shape
def signed_mails(chance: Random, size: int) -> bytes:
    kind = chance.choice(
        (
            "multipart/signed; protocol=x; boundary=b",
            "multipart/encrypted; boundary=b",
            "application/pkcs7-mime; smime-type=signed-data",
        )
    )
    inner = (
        "--b\nContent-Type: text/plain\n\n"
        + fill(
            chance.choice(
                (
                    "-----BEGIN PGP MESSAGE-----\n",
                    "- ",
                    "x\n",
                    "-----BEGIN PGP SIGNED MESSAGE-----\n\n",
                )
            ),
            size,
        )
        + "\n--b--\n"
    )
    return mail(chance, inner, type_=kind)
