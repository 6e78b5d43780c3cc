"""Mailboxes, who the sender is, and ids."""

import pytest

from gateway.parse import ids
from gateway.parse.addresses import parse as mailboxes
from gateway.parse.parse import parse


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a@b.example", [("", "a@b.example")]),
        ("Ann Bee <a@b.example>", [("Ann Bee", "a@b.example")]),
        ("a@b.example (Ann Bee)", [("Ann Bee", "a@b.example")]),
        ('"Bee, Ann" <a@b.example>', [("Bee, Ann", "a@b.example")]),
        ("Bee, Ann <a@b.example>", [("Bee, Ann", "a@b.example")]),
        ('"An \\"Q\\" B" <a@b.example>', [('An "Q" B', "a@b.example")]),
        ("'a@b.example' <a@b.example>", [("a@b.example", "a@b.example")]),
        ("=?utf-8?q?Bee=2C_Ann?= <a@b.example>", [("Bee, Ann", "a@b.example")]),
        ("=?utf-8?q?Bee, Ann?= <a@b.example>", [("Bee, Ann", "a@b.example")]),
        ('"=?utf-8?q?Zo=C3=AB?=" <a@b.example>', [("Zoë", "a@b.example")]),
        ("=?utf-8?b?QW5uIDxhQGIuZXhhbXBsZT4=?=", [("Ann", "a@b.example")]),
        ("x@y.example, Ann <a@b.example>", [("", "x@y.example"), ("Ann", "a@b.example")]),
        ("x@y.example; a@b.example", [("", "x@y.example"), ("", "a@b.example")]),
        ("team: x@y.example, a@b.example;", [("", "x@y.example"), ("", "a@b.example")]),
        ("undisclosed-recipients:;", []),
        ("MAILER-DAEMON", []),
        ("<>", []),
        ("", []),
        ("<mailto:a@b.example>", [("", "a@b.example")]),
        ("<@relay.example:a@b.example>", [("", "a@b.example")]),
        ("Ann [mailto:a@b.example]", [("Ann [mailto: ]", "a@b.example")]),
        ("Ann <a@b.example", [("Ann", "a@b.example")]),
        ("Ann (unclosed <a@b.example>", [("Ann (unclosed", "a@b.example")]),
        ('"Ann <a@b.example>', [("Ann", "a@b.example")]),
        ("Ann <<a@b.example>>", [("Ann >", "a@b.example")]),
        ("a@[127.0.0.1]", [("", "a@[127.0.0.1]")]),
        ('"j doe"@b.example', [("", '"j doe"@b.example')]),
        ("jörg@bücher.example", [("", "jörg@bücher.example")]),
        ("a b@c@d", []),
        ("a@b.example.", [("", "a@b.example")]),
        ("<a@b.example.>", [("", "a@b.example")]),
        ("Ann Bee <a@b.example.>", [("Ann Bee", "a@b.example")]),
        ("Ann a@b.example.", [("Ann", "a@b.example")]),
        ("a@b.example. (Ann Bee)", [("Ann Bee", "a@b.example")]),
        ("'a@b.example.' <'a@b.example.'>", [("a@b.example.", "a@b.example")]),
        ('"j doe"@b.example., x@y.example.', [("", '"j doe"@b.example'), ("", "x@y.example")]),
        ("jörg@bücher.example.", [("", "jörg@bücher.example")]),
        ("=?utf-8?b?QW5uIDxhQGIuZXhhbXBsZS4+?=", [("Ann", "a@b.example")]),
        ("a@b.example..", []),
        ("a@.", []),
    ],
)
def test_G1_mailboxes(value: str, expected: list[tuple[str, str]]) -> None:
    assert [(found.name, found.email) for found in mailboxes(value)] == expected


@pytest.mark.parametrize(
    "value",
    [
        '"' * 50_000,
        "(" * 60_000,
        "<" * 60_000,
        "(()" * 20_000,
        "=?a?q?" * 10_000,
        '"a" ' * 15_000,
        "a@" * 30_000,
        "a:" * 30_000 + ";",
        '"' + "\\" * 60_001,
    ],
)
def test_H24_hostile_address_headers_come_to_an_end(value: str) -> None:
    assert len(mailboxes(value + " <a@b.example>")) <= 1


def test_H24_addresses_are_limited() -> None:
    assert len(mailboxes(", ".join(f"u{n}@b.example" for n in range(3000)), 1000)) == 1000


def sender(head: str) -> str | None:
    found = parse(head.encode() + b"\n\ntext").sender
    return found.email if found else None


def test_G3_the_first_valid_from_then_sender() -> None:
    assert sender("From: nobody, a@b.example, c@d.example\nSender: s@b.example") == "a@b.example"
    assert sender("From: nobody\nSender: s@b.example") == "s@b.example"
    assert sender("From: \nSubject: x") is None


def test_G2_reply_to_is_not_the_sender() -> None:
    assert sender("From: a@b.example\nReply-To: c@d.example") == "a@b.example"


def test_G4_a_list_that_put_itself_into_from() -> None:
    munged = (
        'From: "Ann via Friends" <friends@list.example>\nList-Post: <mailto:friends@list.example>\n'
    )
    assert sender(munged + "Reply-To: ann@b.example") == "ann@b.example"
    assert sender(munged + "X-Original-From: Ann <ann@b.example>") == "ann@b.example"
    assert sender(munged + "Reply-To: friends@list.example") == "friends@list.example"


def test_G4_without_list_headers_nobody_can_speak_for_another() -> None:
    forged = "From: a@b.example\nX-Original-From: boss@b.example\nReply-To: c@d.example"
    assert sender(forged) == "a@b.example"


def test_delivered_to_gathers_what_servers_noted() -> None:
    mail = parse(b"Delivered-To: Help@B.example\nX-Original-To: help+t1@b.example\n\nx")
    assert mail.delivered_to == ("help@b.example", "help+t1@b.example")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<A.b@c>", "<A.b@c>"),
        (" (comment) <a@b> <c@d>", "<a@b>"),
        ("a@b", "<a@b>"),
        ("< a@\tb >", "<a@b>"),
        ("<p0510@[127.0.0.1]>", "<p0510@[127.0.0.1]>"),
        ("<no-at-sign>", "<no-at-sign>"),
        ("<>", None),
        ("", None),
    ],
)
def test_C3_normal_form_of_ids(value: str, expected: str | None) -> None:
    assert ids.message_id(value) == expected


def test_C3_an_endless_id_is_known_by_its_hash() -> None:
    first, second = ids.message_id(f"<{'x' * 2000}@a>"), ids.message_id(f"<{'x' * 2001}@a>")
    assert first and second and first != second and len(first) < 100


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@b> <c@d>", ["<a@b>", "<c@d>"]),
        ("<a@b>,<c@d>\t<a@b>", ["<a@b>", "<c@d>"]),
        ("<a@b><c@d>", ["<a@b>", "<c@d>"]),
        ("a@b, 'c@d'", ["<a@b>", "<c@d>"]),
        ("<a@b> (e@f) c@d", ["<a@b>", "<c@d>"]),
        ("<a@\r\n b>", ["<a@b>"]),
        ("nothing here <>", []),
    ],
)
def test_D5_ids_are_cut_out_of_references(value: str, expected: list[str]) -> None:
    assert list(ids.scan(value)) == expected


def test_D5_old_in_reply_to_phrases() -> None:
    assert ids.in_reply_to('Your message of "Mon" from ann@b.example <a@b>') == "<a@b>"
