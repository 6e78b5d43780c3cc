"""What delivery reports say (F1, F2)."""

from gateway.parse.parse import parse
from gateway.parse.report import read

REPORT = b"""From: MAILER-DAEMON@mx.example
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Nobody lives there.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Original-Recipient: rfc822;Ann@b.example
Final-Recipient: rfc822;ann@c.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 5.1.1 no such
 user
%s
Final-Recipient: rfc822; <bob@c.example>
Action: Delayed (will try again)
Status: 4.2.2
--b
Content-Type: text/rfc822-headers

Subject: our answer
Message-ID:
 <t1.2.abc@desk.example>
--b--
"""


def test_every_recipient_with_its_fate_F1() -> None:
    ann, bob = read(REPORT % b"").recipients
    assert (ann.address, ann.original) == ("ann@c.example", "ann@b.example")
    assert (ann.action, ann.status) == ("failed", "5.1.1")
    assert ann.diagnostic == "550 5.1.1 no such user"
    assert (bob.address, bob.action, bob.status) == ("bob@c.example", "delayed", "4.2.2")


def test_blank_lines_may_be_missing_or_doubled_F1() -> None:
    usual = read(REPORT % b"").recipients
    assert read((REPORT % b"").replace(b"user\n\n", b"user\n")).recipients == usual
    assert read(REPORT % b"\n\n").recipients == usual
    doubled = (REPORT % b"").replace(b"Action: failed", b"\nAction: failed")
    assert read(doubled).recipients == usual


def test_the_returned_mail_names_its_id_F2() -> None:
    assert read(REPORT % b"").message_id == "<t1.2.abc@desk.example>"


def test_an_id_quoted_in_the_text_counts_too_F2() -> None:
    assert read(b"Subject: x\n\nsorry\n> Message-Id: <a@b>\n").message_id == "<a@b>"
    assert read(b"Message-ID: <own@b>\n\nno report").message_id is None


def test_the_words_for_people_are_the_text() -> None:
    mail = parse(REPORT % b"")
    assert mail.text == "Nobody lives there."
    assert [part.type for part in mail.parts] == ["message/delivery-status", "text/rfc822-headers"]


def test_an_ordinary_mail_reports_nothing() -> None:
    assert read(b"Subject: hello\n\nAction: failed\nStatus: 5.1.1\n").recipients == ()
