"""A mail is an agent's if a login, a relay or the signature of the agent's domain proves it (G13)."""

from collections.abc import Callable
from typing import Any

import dkim
import msgspec
import pytest

from gateway.auth import authentication_results
from gateway.auth.sender_proof import SECONDS, SIGNATURES, by_login_or_relay
from gateway.auth.sender_proof import by_dkim as signature_of
from gateway.parse.parse import parse
from tests.support.paths import DATA
from ticketctl.domain.base.proof import AUTHENTICATED, NONE, REFUTED, Proof
from ticketctl.domain.definition.definition import Agent

ANNA = Agent(name="anna", email="anna@help.example", login="al")
RAW = b"""From: Anna <anna@help.example>
To: support@help.example
Subject: Re: Printer
Date: Mon, 09 Mar 2026 08:10:00 +0000
Message-ID: <a1@help.example>

!close done
""".replace(b"\n", b"\r\n")
HEADERS = [b"from", b"to", b"subject", b"date", b"message-id"]
Lookup = Callable[..., bytes | None]


KEY = (DATA / "dkim.pem").read_bytes()
RECORD = (
    b"v=DKIM1; k=rsa; p="
    b"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC07UTxp3/PzmQV7Twlr3xYtXUJv2T5TvqFGHUV"
    b"0W5p2XcgSkrCvCar7CI9fyHz4teIxvSI/uWfMflmTJpk2ZDfcCsypoz/YWyCrJ4yAaAzpPVZ94Fs"
    b"d9y5yiF/TdtihLvTUM0L2orPQJfGKZ7C3r1fcTkMFNMlRo/FNknqqpGwRQIDAQAB"
)


def signed(raw: bytes = RAW, domain: bytes = b"help.example", **how: object) -> bytes:
    options = {"include_headers": HEADERS} | how
    line: bytes = dkim.sign(raw, b"s1", domain, KEY, **options)
    return line + raw


def dns(name: bytes, timeout: int = SECONDS) -> bytes | None:
    """The DNS as it should be."""
    return RECORD


def asked(raw: bytes, lookup: Lookup = dns, agent: Agent = ANNA, **how: Any) -> Proof:
    """What intake asks of an agent's mail: what is known at once, then the signature."""
    options = {"login": "", "authserv_id": ""} | how
    mail = parse(raw)
    known = by_login_or_relay(mail, agent.email, agent=agent, **options)  # type: ignore[arg-type]
    if known.proof.word != NONE:
        return known.proof
    return signature_of(mail, raw, agent.email, lookup).proof


def test_a_dkim_signature_of_the_agents_domain_proves_the_agent_G13() -> None:
    proof = asked(signed())
    assert proof.sure and "DKIM signature of help.example is valid" in proof.why.text


def test_a_signature_of_the_parent_domain_proves_the_agent_G13() -> None:
    agent = msgspec.structs.replace(ANNA, email="anna@mail.help.example")
    raw = RAW.replace(b"anna@help", b"anna@mail.help")
    mail = signed(raw)
    assert asked(mail, agent=agent).sure


@pytest.mark.parametrize(
    "raw",
    [
        RAW,
        signed().replace(b"!close done", b"!close evil"),
        signed().replace(b"Re: Printer", b"Re: [Help #12]"),
        signed(domain=b"evil.example"),
        signed(domain=b"sub.help.example"),
        signed(include_headers=[b"from", b"subject", b"date"]),
        signed(length=True) + b"!close evil\r\n",
        b"Subject: Re: [Help #12] another on top\r\n" + signed(),
        b"From: Eve <eve@evil.example>\r\n" + signed(),
        signed(RAW.replace(b"<anna@help.example>", b"<anna@help.example>, eve@evil.example")),
        signed().replace(b"a=rsa-sha256", b"a=ed25519-sha256"),
        b"DKIM-Signature: d=help.example; h=from:subject:date:message-id\r\n" + RAW,
        b"DKIM-Signature: " + b"=;" * 50 + b"\r\n" + RAW,
    ],
    ids=[
        *("none", "text", "subject", "other-domain", "child-domain", "uncovered", "length"),
        *("two-subjects", "two-from", "two-people", "algorithm", "broken", "junk"),
    ],
)
def test_anything_less_proves_nothing_G13(raw: bytes) -> None:
    assert asked(raw).word == NONE


def test_a_look_up_that_fails_is_unknown_G13() -> None:
    def away(name: bytes, timeout: int) -> bytes | None:
        raise dkim.DnsTimeoutError("no server answers")

    def nothing(name: bytes, timeout: int) -> bytes | None:
        return None

    def junk(name: bytes, timeout: int) -> bytes | None:
        return b"v=DKIM1; p=AAAA"

    for lookup in (away, nothing, junk):
        assert asked(signed(), lookup).word == NONE


def test_a_look_up_has_a_time_out_and_few_are_made_G13() -> None:
    asked_for: list[tuple[bytes, int]] = []

    def lookup(name: bytes, timeout: int) -> bytes | None:
        asked_for.append((name, timeout))
        return None

    asked(signed().partition(b"From:")[0] * 20 + RAW, lookup)
    assert asked_for == [(b"s1._domainkey.help.example.", SECONDS)] * SIGNATURES


def test_foreign_signatures_are_not_looked_up_G13() -> None:
    def lookup(name: bytes, timeout: int) -> bytes | None:
        raise AssertionError("nobody should ask")

    assert asked(signed(domain=b"evil.example"), lookup).word == NONE


def test_only_the_agents_own_login_proves_the_agent_G13() -> None:
    for login in ("anna", "al", "Anna@help.example"):
        assert asked(RAW, login=login).word == AUTHENTICATED
    assert asked(RAW, login="ben").word == NONE


def test_a_trusted_relay_is_believed_and_spares_the_look_up_G13() -> None:
    def lookup(name: bytes, timeout: int) -> bytes | None:
        raise AssertionError("nobody should ask")

    us: dict[str, Any] = {"authserv_id": "mx.help.example"}
    good = b"Authentication-Results: mx.help.example; dmarc=pass header.from=help.example\r\n" + RAW
    bad = good.replace(b"dmarc=pass", b"dmarc=fail")
    assert asked(good, lookup, **us).word == AUTHENTICATED
    assert asked(good).word == NONE
    assert asked(signed(bad), lookup, **us).word == REFUTED


def test_a_trusted_relay_without_the_header_is_unknown_G13() -> None:
    assert asked(RAW, authserv_id="mx.help.example").word == NONE
    assert asked(signed(), authserv_id="mx.help.example").word == AUTHENTICATED


def test_an_author_that_a_list_or_form_names_is_not_the_signer_G13() -> None:
    raw = (
        b"From: list@help.example\r\nX-Original-From: anna@help.example\r\nList-Id: <list.help.example>\r\n"
        b"List-Post: <mailto:list@help.example>\r\n" + RAW.partition(b"\r\n")[2]
    )
    assert parse(raw).sender is not None and parse(raw).sender.key == "anna@help.example"  # type: ignore[union-attr]
    assert asked(signed(raw)).word == NONE


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('mx; dkim=pass reason="dmarc=pass; spf=pass" header.d=a.example', ["dkim"]),
        ("mx; (dkim=pass ((;) spf=pass) ;) dmarc=pass", ["dmarc"]),
        ('mx; dkim=pass (it"s; spf=pass) header.d=a.example; dmarc=pass', ["dkim", "dmarc"]),
        ("mx; dkim=pass (what follows is hidden; dmarc=pass", ["dkim"]),
        ('mx; dkim=pass "what follows is hidden; dmarc=pass', ["dkim"]),
        (r'mx; dkim=pass reason="a \" b; spf=pass" header.d=a.example', ["dkim"]),
    ],
)
def test_quoted_strings_and_comments_hide_no_result_and_show_none(
    header: str, found: list[str]
) -> None:
    assert [one.method for one in authentication_results._read(header)] == found


AR = "Authentication-Results: mx.help.example; dmarc=pass header.from=help.example\r\n"
OURS = "Received: from out.sender.example (out.sender.example [192.0.2.1])\r\n by mx2.help.example; x\r\n"
THEIRS = "Received: from pc (unknown) by out.sender.example with ESMTP; x\r\n"


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (AR, AUTHENTICATED),
        (AR + OURS + THEIRS, AUTHENTICATED),
        (OURS + AR + THEIRS, AUTHENTICATED),  # Gmail's order
        (OURS + "Received: by 2002:a05:6000:1 with SMTP; x\r\n" + AR + THEIRS, AUTHENTICATED),
        (OURS + THEIRS + AR, NONE),  # came with the mail
        (THEIRS + THEIRS + AR, NONE),
        (AR.replace("mx.help", "mx.evil") + OURS, NONE),
    ],
)
def test_results_are_believed_above_the_first_foreign_hop_G13(head: str, word: str) -> None:
    assert asked(head.encode() + RAW, authserv_id="mx.help.example").word == word


def test_what_a_signature_does_not_cover_is_not_in_the_mail_it_proves_G13() -> None:
    added = b"Cc: x@evil.example\r\nReply-To: x@evil.example\r\nIn-Reply-To: <t@x>\r\nReferences: <t@x>\r\n"
    raw = added + signed()
    found = signature_of(parse(raw), raw, ANNA.email, dns)
    assert found.proof.sure
    mail = found.mail
    assert [one.key for one in mail.to] == ["support@help.example"]
    assert (mail.cc, mail.reply_to, mail.in_reply_to, mail.references) == ((), (), None, ())
    twice = b"To: support@help.example\r\n" + signed()
    assert not signature_of(parse(twice), twice, ANNA.email, dns).proof.sure
