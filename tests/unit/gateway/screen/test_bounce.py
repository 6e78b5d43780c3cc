"""Who failed (F1, F3, F4, F5, F6), from raw mails through the parser."""

import pytest

from gateway.parse.parse import parse
from gateway.screen.bounce_recipients import BounceFacts, bounce_facts
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.screen import screen

HEAD = """From: MAILER-DAEMON@mx.example
To: support@help.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
"""


def report(fields: str) -> bytes:
    return f"""{HEAD}Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{fields}
--b
Content-Type: message/rfc822

Message-ID: <t1.1.abc@help.example>
From: support@help.example
To: carl@customer.example

Hello
--b--
""".encode()


def plain(text: str, *headers: str) -> bytes:
    return (HEAD + "".join(f"{line}\n" for line in headers) + "\n" + text).encode()


def facts(raw: bytes) -> BounceFacts:
    return bounce_facts(parse(raw), raw)


FAILED = """Final-Recipient: rfc822; carl@customer.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown
"""


def test_fields_of_a_report_and_the_mail_it_is_about_F1() -> None:
    found = facts(report(FAILED))
    [carl] = found.recipients
    assert (carl.address, carl.action, carl.status) == ("carl@customer.example", "failed", "5.1.1")
    assert carl.hard and "user unknown" in carl.diagnostic
    assert found.original_message_id == "<t1.1.abc@help.example>"


def test_the_address_we_wrote_to_is_named_not_where_it_was_forwarded_F3() -> None:
    fields = FAILED.replace("carl@customer", "c7@forward") + (
        "Original-Recipient: rfc822; carl@customer.example\n"
    )
    assert [each.address for each in facts(report(fields)).recipients] == ["carl@customer.example"]


def test_every_recipient_of_a_report_once_F10() -> None:
    other = FAILED.replace("carl@", "ana@").replace("5.1.1", "4.2.2")
    found = facts(report(f"{FAILED}\n{other}\n{FAILED}")).recipients
    assert sorted((each.address, each.hard) for each in found) == [
        ("ana@customer.example", False),
        ("carl@customer.example", True),
    ]


@pytest.mark.parametrize(
    ("status", "words", "hard"),
    [
        ("5.1.1", "no", True),
        ("5.2.2", "no", False),
        ("5.2.3", "no", False),
        ("5.3.4", "no", False),
        ("5.4.6", "loop", False),
        ("5.7.1", "refused by policy", False),
        ("5.7.1", "550 no such user here", True),
        ("4.1.1", "no such user, try later", False),
    ],
)
def test_hard_is_what_will_never_get_better_F6(status: str, words: str, hard: bool) -> None:
    fields = f"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: {status}\n"
    [one] = facts(report(f"{fields}Diagnostic-Code: x-unix; {words}\n")).recipients
    assert one.hard is hard


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_success_is_a_report_and_no_bounce_F4(action: str) -> None:
    raw = report(f"Final-Recipient: rfc822; a@b.example\nAction: {action}\nStatus: 2.0.0\n")
    found = screen(parse(raw), ScreenEnvelope(envelope_from=""), raw)
    assert (found.class_, found.flags.is_dsn_success, found.flags.is_bounce) == (
        "report",
        True,
        False,
    )


def test_a_delay_is_no_failure_F4() -> None:
    raw = report("Final-Recipient: rfc822; a@b.example\nAction: delayed\nStatus: 4.4.7\n")
    found = screen(parse(raw), ScreenEnvelope(envelope_from=""), raw)
    assert found.flags.is_delay_notice and found.bounce is not None
    assert not any(each.hard for each in found.bounce.recipients)


def test_x_failed_recipients_is_believed_F5() -> None:
    found = facts(plain("Sorry.", "X-Failed-Recipients: a@b.example, c@d.example"))
    assert [each.address for each in found.recipients] == ["a@b.example", "c@d.example"]


def test_addresses_of_the_returned_mail_are_not_failures_F5() -> None:
    found = facts(
        plain(
            "We had trouble.\n\n<carl@customer.example>:\n550 5.1.1 user unknown\n\n"
            "--- Original message follows.\nFrom: support@help.example\nCc: ana@help.example\n"
        )
    )
    [carl] = found.recipients
    assert (carl.address, carl.status, carl.hard) == ("carl@customer.example", "5.1.1", True)


def test_an_amazon_notice_F5() -> None:
    raw = plain(
        '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"a@b.example"}]}}'
    )
    found = screen(parse(raw), ScreenEnvelope(), raw)
    assert found.class_ == "bounce" and found.bounce is not None
    assert [each.address for each in found.bounce.recipients] == ["a@b.example"]


@pytest.mark.parametrize("kind", ["Complaınt", "Delıvery", "DelıveryDelay"])
def test_an_amazon_notice_of_a_kind_that_only_case_folding_knows_raises_nothing_F5(
    kind: str,
) -> None:
    raw = plain(f'{{"notificationType":"{kind}"}}')
    assert screen(parse(raw), ScreenEnvelope(), raw).class_ == "report"


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"From: <<<<\n\n\xff", b"Content-Type: multipart/x\n\n"]
)
def test_garbage_has_no_recipients_and_raises_nothing_H2(raw: bytes) -> None:
    assert facts(raw).recipients == ()
