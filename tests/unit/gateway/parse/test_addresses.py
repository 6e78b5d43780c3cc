"""Mailboxes, who the sender is, and ids."""

import pytest

from gateway.parse import message_ids
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
        ("Ann < a . bee @ b. example >", [("Ann", "a.bee@b.example")]),
        ("Ann Bee <ann bee@b.example>", []),
        ("<ann bee@b.example>, x@y.example", [("", "x@y.example")]),
        ("Ann <ann@b example>", []),
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
def test_mailboxes_G1(value: str, expected: list[tuple[str, str]]) -> None:
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
def test_hostile_address_headers_come_to_an_end_H24(value: str) -> None:
    assert len(mailboxes(value + " <a@b.example>")) <= 1


def test_addresses_are_limited_H24() -> None:
    assert len(mailboxes(", ".join(f"u{n}@b.example" for n in range(3000)), 1000)) == 1000


def sender(head: str) -> str | None:
    found = parse(head.encode() + b"\n\ntext").sender
    return found.email if found else None


def test_the_first_valid_from_then_sender_G3() -> None:
    assert sender("From: nobody, a@b.example, c@d.example\nSender: s@b.example") == "a@b.example"
    assert sender("From: nobody\nSender: s@b.example") == "s@b.example"
    assert sender("From: \nSubject: x") is None


def test_reply_to_is_not_the_sender_G2() -> None:
    assert sender("From: a@b.example\nReply-To: c@d.example") == "a@b.example"


def test_a_list_that_put_itself_into_from_G4() -> None:
    munged = (
        'From: "Ann via Friends" <friends@list.example>\nList-Post: <mailto:friends@list.example>\n'
    )
    assert sender(munged + "Reply-To: ann@b.example") == "ann@b.example"
    assert sender(munged + "X-Original-From: Ann <ann@b.example>") == "ann@b.example"
    assert sender(munged + "Reply-To: friends@list.example") == "friends@list.example"


def test_x_original_from_counts_only_with_list_headers_G4() -> None:
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
def test_normal_form_of_ids_C3(value: str, expected: str | None) -> None:
    assert message_ids.message_id(value) == expected


def test_an_endless_id_is_known_by_its_hash_C3() -> None:
    first, second = (
        message_ids.message_id(f"<{'x' * 2000}@a>"),
        message_ids.message_id(f"<{'x' * 2001}@a>"),
    )
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
def test_ids_are_cut_out_of_references_D5(value: str, expected: list[str]) -> None:
    assert list(message_ids.scan(value)) == expected


def test_old_in_reply_to_phrases_D5() -> None:
    assert message_ids.in_reply_to('Your message of "Mon" from ann@b.example <a@b>') == "<a@b>"
