"""Header lines that lost their indent stay in their header; text never becomes a header, nor a header text (H20)."""

from itertools import product

import pytest

from gateway.parse.parse import parse
from tests.support.growth import growth

IDS = [f"<{n}.{'x' * 30}@forest.example>" for n in range(30)]
PEOPLE = [f"Person {n} <p{n}@forest.example>" for n in range(30)]
TEXT = "Das Tor klemmt.\n\nBitte kommen Sie."


def mail(*head: str, text: str = TEXT, newline: str = "\n") -> bytes:
    """A mail with these header lines, as they are."""
    return newline.join([*head, "", *text.split("\n")]).encode()


def lines(*head: str) -> list[str]:
    """Lines as a header has them that is folded properly."""
    return [head[0], *(f" {line}" for line in head[1:])]


# Folded headers: the name of the test, and the lines without their indent.
FOLDED = {
    "references": ["References: " + IDS[0], *IDS[1:]],
    "references below": ["References:", *IDS],
    "references by twos": ["References: " + IDS[0], *map(" ".join, zip(IDS[1::2], IDS[2::2], strict=False))],
    "message id below": ["Message-ID:", IDS[0]],
    "in reply to below": ["In-Reply-To:", IDS[3]],
    "to": ["To: " + PEOPLE[0] + ",", *(one + "," for one in PEOPLE[1:-1]), PEOPLE[-1]],
    "cc by twos": ["Cc: " + PEOPLE[0] + ",", PEOPLE[1] + ", " + PEOPLE[2] + ",", PEOPLE[3]],
    "to with last, first": ['To: "Ström, Åsa" <a@x.example>,', '"Núñez, Íñigo" <i@x.example>'],
    "from below its name": ["From: Žofie Dlouhá", "<zofie@forest.example>"],
    "reply to": ["Reply-To: One <one@x.example>,", "two@x.example"],
    "subject in words": ["Subject: =?utf-8?q?Das_Tor?=", "=?utf-8?q?_klemmt?=", "=?utf-8?b?IQ==?="],
    "from in words": ["From: =?utf-8?q?Zo=C3=AB?=", "=?utf-8?q?_Lind?= <zoe@x.example>"],
    "content type": ["Content-Type: multipart/mixed;", 'boundary="a:b";', "charset=utf-8"],
    "disposition": ["Content-Disposition: attachment;", "filename*0=a;", "filename*1=b.pdf"],
    "list": ["List-Unsubscribe: <mailto:a@x.example>,", "<https://x.example/u?a=1>"],
    "signature": ["DKIM-Signature: v=1; d=x.example;", "h=from:to;", "b=" + "Ab3/" * 12, "Zm9v" * 12],
}  # fmt: skip
NEEDS_MORE = {
    "subject": ["Subject: Das Tor in der Halle", "klemmt seit heute früh", "und geht nicht auf"],
    "subject in Spanish": ["Subject: La puerta", "no se abre, ¿pueden venir?"],
    "received": [
        "Received: from a.example (a.example [192.0.2.1])", "by mx.example with ESMTPS",
        "for <support@help.example>; Sat, 28 Nov 2026 10:00:00 +0000",
    ],
    "results": ["Authentication-Results: mx.example;", "dkim=pass header.d=x.example;", "spf=none"],
    "x": ["X-Mailer: A mail program", "of a long name"],
    "x base64": ["X-Info: " + "QUJD" * 15, *["QUJDREVG" * 8] * 30],
}  # fmt: skip

FIRST = ["From: Dana <dana@client.example>", "Date: Sat, 28 Nov 2026 10:00:00 +0000"]
AFTER = ["Subject: Tor", "To: support@help.example", "MIME-Version: 1.0"]


def heads(folded: list[str], before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    name = folded[0].partition(":")[0]
    kept = [one for one in before if not one.startswith(name + ":")]
    left = [one for one in after if not one.startswith(name + ":")]
    return [*kept, *folded, *left], [*kept, *lines(*folded), *left]


@pytest.mark.parametrize(
    ("name", "last", "newline"),
    [
        *product(FOLDED, (False, True), ("\n", "\r\n")),
        *product(NEEDS_MORE, (False,), ("\n", "\r\n")),
    ],
)
def test_a_header_without_its_indent_is_read_as_with_it_H20(
    name: str, last: bool, newline: str
) -> None:
    folded = (FOLDED | NEEDS_MORE)[name]
    torn, whole = heads(folded, FIRST, [] if last else AFTER)
    found, expected = parse(mail(*torn, newline=newline)), parse(mail(*whole, newline=newline))
    assert [(key, value.split()) for key, value in found.headers] == [
        (key, value.split()) for key, value in expected.headers
    ]
    assert found.text == expected.text
    for field in ("from_", "to", "cc", "reply_to", "subject", "references", "message_id", "parts"):
        assert getattr(found, field) == getattr(expected, field), field


# Text without a blank line above it: what its first lines look like.
TEXTS = [
    "Das Tor klemmt.",
    "Hola, la puerta no se abre.",
    "Please write to dana@client.example.",
    "<html><body>Hello</body></html>",
    "Ворота не открываются",
    "a=b is what it shows",
    "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=",
    "<3 from all of us",
    "dana@client.example wrote to us",
]
LAST = [
    "Subject: Gate",
    "To: support@help.example",
    "From: Dana <dana@client.example>",
    "References: <1@x.example>",
    "Content-Type: text/plain",
    "X-Mailer: Some",
    "Message-ID: <2@x.example>",
]


@pytest.mark.parametrize(("text", "last"), [*product(TEXTS, LAST)])
def test_text_below_a_head_without_a_blank_line_stays_text_H20(text: str, last: str) -> None:
    raw = "\n".join([*FIRST, last, text, "", "Dana"]).encode()
    found = parse(raw)
    assert text.split()[0].strip("<>") in found.text + (found.html or "")
    assert [key for key, _ in found.headers].count(last.partition(":")[0].lower()) >= 1


@pytest.mark.parametrize(
    "below",
    ["Importance: high@noon", "Errors-To: root@x.example", "X-To: a@x.example", "Subject: Hi"],
)
def test_a_header_below_a_comma_is_a_header_H20(below: str) -> None:
    found = parse(mail("From: dana@client.example", "To: a@x.example,", below))
    name, _, value = below.partition(": ")
    assert found.first(name.lower()) == value
    assert [one.email for one in found.to] == ["a@x.example"]


def test_a_line_of_a_date_or_id_changes_neither_H20() -> None:
    found = parse(mail(*FIRST, "stray words", "Message-ID: <1@x.example>", "more <words>", *AFTER))
    assert found.date is not None and found.message_id == "<1@x.example>"
    assert found.text == parse(mail(*FIRST, *AFTER)).text


@pytest.mark.parametrize(
    "line", ["x", "a@b.example,", "<a@b.example>", "QUJD" * 5, "=?utf-8?q?a?=", "a=b;"]
)
@pytest.mark.parametrize("name", ["To", "References", "Content-Type", "X-Info", "Subject"])
def test_many_such_lines_take_linear_time_H24(name: str, line: str) -> None:
    head = f"{name}: a;\n".encode()
    assert growth(lambda n: parse(head + f"{line}\n".encode() * n + b"\ntext"), 1_000) < 9
