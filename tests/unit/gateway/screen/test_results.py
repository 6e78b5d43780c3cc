"""Whose Authentication-Results are believed (G13, RFC 8601)."""

import msgspec
import pytest

from gateway.auth.authentication_results import RelayVerdict, verdict
from gateway.parse.mail import Address, Mail
from ticketctl.domain.base.proof import AUTHENTICATED, NONE, REFUTED

ANNA = Address(name="Anna", email="anna@help.example")
MAIL = Mail(
    headers=(),
    from_=(ANNA,),
    sender=ANNA,
    reply_to=(),
    to=(),
    cc=(),
    delivered_to=(),
    subject="",
    message_id=None,
    in_reply_to=None,
    references=(),
    date=None,
    language=None,
    text="",
    html=None,
    parts=(),
    content_type="text/plain",
    content_hash="0",
    defects=(),
)
US = "mx.help.example"


def judged(*results: str, authserv_id: str = US) -> RelayVerdict:
    headers = tuple(("authentication-results", value) for value in results)
    mail = msgspec.structs.replace(MAIL, headers=headers)
    return verdict(mail, authserv_id)


@pytest.mark.parametrize(
    "results",
    [
        f"{US}; dmarc=pass header.from=help.example",
        f"{US.upper()} 1; DMARC=Pass (p=reject) header.from=help.example",
        f"{US}; dkim=pass header.d=help.example",
        f"{US}; dkim=pass header.i=@help.example; spf=fail smtp.mailfrom=x@evil.example",
        f"{US}; spf=pass smtp.mailfrom=bounces@help.example",
        f"{US}; dmarc=pass action=none header.from=help.example;compauth=pass reason=100",
    ],
)
def test_a_pass_of_the_from_domain_proves_the_sender_G13(results: str) -> None:
    assert judged(results).proof.word == AUTHENTICATED


@pytest.mark.parametrize(
    "results",
    [
        f"{US}; dkim=pass header.d=evil.example",
        f"{US}; spf=pass smtp.mailfrom=x@evil.example",
        f"{US}; dmarc=pass header.from=evil.example",
        f"{US}; dkim=pass header.d=evil.help.example",
        f"{US}; dkim=pass header.d=example",
        f"{US}; none",
    ],
)
def test_a_pass_of_another_domain_proves_nothing_G13(results: str) -> None:
    assert judged(results).proof.word == NONE


@pytest.mark.parametrize(
    "results",
    [
        f"{US}; dmarc=fail header.from=help.example",
        f"{US}; spf=softfail smtp.mailfrom=x@help.example",
        f"{US}; spf=fail (dmarc=pass header.from=help.example) smtp.mailfrom=x@evil.example",
        f'{US}; spf=fail smtp.mailfrom="a; dmarc=pass header.from=help.example"@evil.example',
        f"{US}; spf=fail smtp.mailfrom=x@evil.example (open; dmarc=pass header.from=help.example",
    ],
)
def test_a_failed_check_is_not_talked_away_G13(results: str) -> None:
    assert judged(results).proof.word == (REFUTED if "; dmarc=fail" in results else NONE)


def test_only_the_name_that_is_believed_counts_G13() -> None:
    good = f"{US}; dmarc=pass header.from=help.example"
    assert judged(good, authserv_id="").proof.word == NONE
    assert judged("mx.evil.example; dmarc=pass header.from=help.example").proof.word == NONE
    assert judged("dmarc=pass header.from=help.example").proof.word == NONE


def test_a_fail_outweighs_a_pass_in_another_result_of_our_relay_G13() -> None:
    bad, good = f"{US}; dmarc=fail", f"{US}; dmarc=pass header.from=help.example"
    assert judged("other.example; dmarc=pass", bad, good).proof.word == REFUTED


def test_two_senders_are_no_sender_G13() -> None:
    two = msgspec.structs.replace(
        MAIL,
        from_=(ANNA, ANNA),
        headers=(("authentication-results", f"{US}; dmarc=pass header.from=help.example"),),
    )
    assert verdict(two, US).proof.word == NONE


def test_the_result_gives_its_reason_G13() -> None:
    assert judged(f"{US}; dmarc=pass header.from=help.example").proof.why.text == (
        "dmarc=pass for help.example according to the trusted relay"
    )
