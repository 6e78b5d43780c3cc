"""What a trusted relay's Authentication-Results say, and what of the mail they speak for (G13)."""

import dkim
import pytest

from gateway.auth import authentication_results
from gateway.auth.sender_proof import by_dkim, by_login_or_relay
from gateway.parse.parse import parse
from tests.unit.gateway.auth.test_sender import HEADERS, KEY, RAW
from ticketctl.domain.base.proof import AUTHENTICATED, NONE, REFUTED

ID = "mx.help.example"
ANNA = "anna@help.example"
SIGNATURE = "DKIM-Signature: d=help.example; h={}; b=x\r\n"
ALL = "from:to:subject:date:message-id"
DKIM = f"Authentication-Results: {ID}; dkim=pass header.d=help.example\r\n"
FAIL = f"Authentication-Results: {ID}; dmarc=fail header.from=help.example\r\n"
HOP = f"Received: from a by {ID}; x\r\n"


def found(head: str, raw: bytes = RAW) -> tuple[str, bool]:
    """The proof, and whether it rests on a signature alone."""
    said = by_login_or_relay(parse(head.encode() + raw), ANNA, agent=None, login="", authserv_id=ID)
    return said.proof.word, said.by_dkim


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (DKIM + SIGNATURE.format(ALL), (AUTHENTICATED, True)),
        (DKIM.replace("dkim", "spf=pass smtp.mailfrom=x@help.example; dkim"), (AUTHENTICATED, False)),
        (DKIM.replace("dkim=pass header.d", "dmarc=pass header.from"), (AUTHENTICATED, False)),
        (DKIM.replace("dkim=pass header.d", "dmarc=pass header.from") + SIGNATURE.format(ALL),
         (AUTHENTICATED, True)),
        (DKIM.replace("dkim=pass", "dmarc=pass header.from=help.example; dkim=pass"), (NONE, False)),
        (DKIM, (NONE, False)),  # the signature that passed is nowhere
        (DKIM + SIGNATURE.format(ALL).replace("help", "other"), (NONE, False)),
        (DKIM + SIGNATURE.format(ALL) + SIGNATURE.format("from:subject"), (NONE, False)),
        (DKIM + SIGNATURE.format(ALL).replace("b=x", "l=5; b=x"), (NONE, False)),
        (DKIM + "To: x@other.example\r\n" + SIGNATURE.format(ALL), (NONE, False)),
    ],
)  # fmt: skip
def test_a_relays_dkim_pass_speaks_for_what_the_signature_covers(
    head: str, expected: tuple[str, bool]
) -> None:
    assert found(head) == expected


def test_a_header_not_covered_by_every_dkim_signature_is_ignored_and_noted() -> None:
    head = (
        DKIM
        + SIGNATURE.format(ALL + ":reply-to")
        + SIGNATURE.format(ALL)
        + "Reply-To: m@evil.example\r\n"
    )
    mail = by_login_or_relay(
        parse(head.encode() + RAW), ANNA, agent=None, login="", authserv_id=ID
    ).mail
    assert (mail.reply_to, [one.key for one in mail.to]) == ((), ["support@help.example"])
    assert mail.defects == ("not signed, so not used: reply-to m@evil.example",)


@pytest.mark.parametrize(
    "raw",
    [
        RAW,
        RAW.replace(b"anna@help.example>\r\nTo", b"anna@help.example>, x@evil.example\r\nTo"),
        RAW.replace(b"From: Anna <anna@help.example>", b"Sender: anna@help.example"),
        RAW.replace(b"From: Anna <anna@help.example>\r\n", b""),
    ],
    ids=["from", "two-from", "sender", "nobody"],
)
@pytest.mark.parametrize(
    "head",
    [
        FAIL,
        FAIL + DKIM,
        DKIM + FAIL,
        f"Authentication-Results: {ID}; spf=none\r\n" + FAIL,
        HOP + FAIL,
        DKIM + HOP + FAIL,
        "Authentication-Results: other; dmarc=pass\r\n" + DKIM + HOP + FAIL,
    ],
)
def test_a_dmarc_fail_refutes_in_any_block_whatever_the_from_looks_like(
    head: str, raw: bytes
) -> None:
    assert found(head, raw)[0] == REFUTED


def test_blocks_that_stand_together_count_together_and_others_prove_nothing() -> None:
    none = f"Authentication-Results: {ID}; spf=none\r\n"
    spf = f"Authentication-Results: {ID}; spf=pass smtp.mailfrom=a@help.example\r\n"
    assert found(none + "X-Other: 1\r\n" + spf)[0] == AUTHENTICATED
    assert found(none + HOP + spf)[0] == NONE
    assert found(none + "Authentication-Results: other; spf=none\r\n" + spf)[0] == NONE
    foreign = "Received: from x by mx.evil.example; x\r\n"
    assert found(none + HOP + foreign + FAIL)[0] == NONE


@pytest.mark.parametrize(
    "result", ["dkim=pass " + "(" * 600 + ")" * 600, "dmarc=fail " + "(" * 900]
)
def test_nested_comments_are_no_fault_of_ours(result: str) -> None:
    header = f"{ID}; {result}"
    assert [one.method for one in authentication_results.results_of(header)] == [
        result.partition("=")[0]
    ]


def test_whatever_a_library_raises_on_a_foreign_key_proves_nothing() -> None:
    raw = bytes(dkim.sign(RAW, b"s1", b"help.example", KEY, include_headers=HEADERS)) + RAW

    def deep(name: bytes, timeout: int = 5) -> bytes:
        return deep(name, timeout)

    proof = by_dkim(parse(raw), raw, ANNA, deep).proof
    assert proof.word == NONE and "recursion" in proof.why.text


@pytest.mark.parametrize(
    ("written", "ascii"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("пример.example", "xn--e1afmkfd.example"),
        ("例え.example", "xn--r8jz45g.example"),
    ],
)
def test_a_result_in_either_spelling_of_a_domain_proves_the_sender_in_either_G13(
    written: str, ascii: str
) -> None:
    for sender in (written, ascii):
        for named in (written, ascii):
            head = f"Authentication-Results: {ID}; dmarc=pass header.from={named}\r\n"
            raw = f"{head}From: anna@{sender}\r\n\r\nHello".encode()
            said = authentication_results.verdict(parse(raw), ID)
            assert said.proof.word == AUTHENTICATED, (sender, named)
