"""The rules of section E and F, one test a rule, on records made by hand."""

import msgspec
import pytest

from gateway.parse.mail import Address, Mail, Part
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.screen import Screening, screen
from ticketctl.domain.base.reasons import REASONS

CARL = Address(name="Carl", email="carl@customer.example")
HUMAN = Mail(
    headers=(("from", "Carl <carl@customer.example>"), ("subject", "Printer is broken")),
    from_=(CARL,),
    sender=CARL,
    reply_to=(),
    to=(Address(name="", email="support@help.example"),),
    cc=(),
    delivered_to=(),
    subject="Printer is broken",
    message_id="<m1@customer.example>",
    in_reply_to=None,
    references=(),
    date=None,
    language=None,
    text="It does not print.",
    html=None,
    parts=(),
    content_type="text/plain",
    content_hash="0",
    defects=(),
)
DAEMON = (Address(name="Mail Delivery System", email="MAILER-DAEMON@mx.example"),)


def mail(*headers: tuple[str, str], **fields: object) -> Mail:
    """The human's mail with more headers and other fields."""
    return msgspec.structs.replace(HUMAN, **{"headers": HUMAN.headers + headers} | fields)


def part(type_: str) -> Part:
    return Part(path="1.2", name="", type=type_, size=1, sha256="", inline=False)


def judged(*headers: tuple[str, str], **fields: object) -> Screening:
    return screen(mail(*headers, **fields), ScreenEnvelope(envelope_from="carl@customer.example"))


def said(found: Screening, rule: str) -> bool:
    return any(REASONS[hit.slug or ""][1] == rule for hit in found.hits)


def test_mail_that_no_rule_matches_may_be_acknowledged_E14() -> None:
    found = judged()
    assert (found.class_, found.flags.may_ack, found.hits) == ("human", True, ())
    assert not found.spam and not found.loop


@pytest.mark.parametrize("value", ["no", "No ", " (really) no", "no; because=human"])
def test_auto_submitted_no_is_a_human_E1(value: str) -> None:
    assert judged(("auto-submitted", value)).flags.may_ack


@pytest.mark.parametrize(
    "value", ["auto-generated", "AUTO-REPLIED", " (x) auto-replied (vacation)", "auto-replied; a=b"]
)
def test_any_other_keyword_is_a_machine_E1(value: str) -> None:
    found = judged(("auto-submitted", value))
    assert found.class_ == "auto" and not found.flags.may_ack and said(found, "E1")


def test_a_forwarded_mail_stays_human_but_is_not_answered_E1() -> None:
    found = judged(("auto-submitted", "auto-forwarded"))
    assert found.class_ == "human" and not found.flags.may_ack


def test_precedence_counts_in_any_of_several_lines_E2() -> None:
    found = judged(("precedence", "first-class"), ("x-precedence", "Bulk"))
    assert found.class_ == "auto" and said(found, "E2")


@pytest.mark.parametrize(
    "header", [("list-id", "<users.list.example>"), ("x-beenthere", "a@b"), ("precedence", "list")]
)
def test_a_list_may_carry_a_customer_but_gets_no_answer_E3(header: tuple[str, str]) -> None:
    found = judged(header)
    assert found.class_ == "human" and found.flags.is_list and not found.flags.may_ack


def test_x_auto_response_suppress_alone_is_not_automatic_mail_E4() -> None:
    found = judged(("x-auto-response-suppress", "All"))
    assert found.class_ == "human" and not found.flags.may_ack and said(found, "E4")
    assert judged(("x-auto-response-suppress", "None")).flags.may_ack


def test_forwards_of_a_mailbox_rule_are_human_and_its_answers_are_not_E4_F7() -> None:
    ruled = ("x-ms-exchange-inbox-rules-loop", "carl@customer.example")
    source = ("x-ms-exchange-generated-message-source", "Mailbox Rules Agent")
    passed_on = judged(ruled, source)
    assert passed_on.class_ == "human" and not passed_on.flags.may_ack and said(passed_on, "E4")
    assert judged(ruled, source, ("x-auto-response-suppress", "All")).flags.is_vacation


def test_our_own_mail_is_a_loop_and_people_of_another_desk_are_people_E6() -> None:
    ours = ScreenEnvelope(instance="desk-1")
    own = screen(mail(("x-ticketctl-loop", "desk-1")), ours)
    other = screen(mail(("x-ticketctl-loop", "desk-2")), ours)
    assert own.loop and own.class_ == "auto" and not own.flags.may_ack
    assert not other.loop and other.class_ == "human" and not other.flags.may_ack


def test_headers_quoted_in_the_text_are_no_loop_E6() -> None:
    found = screen(mail(text="> X-Ticketctl-Loop: desk-1"), ScreenEnvelope(instance="desk-1"))
    assert not found.loop and found.flags.may_ack


@pytest.mark.parametrize(
    "address",
    [
        "noreply@x.example",
        "no-reply@x.example",
        "do_not_reply@x.example",
        "shop-noreply+1@x.example",
    ],
)
def test_no_reply_addresses_are_not_answered_E10(address: str) -> None:
    sender = Address(name="", email=address)
    found = judged(from_=(sender,), sender=sender)
    assert found.class_ == "human" and not found.flags.may_ack and said(found, "E10")


@pytest.mark.parametrize("address", ["norman.reply@x.example", "eleanor@reply.example"])
def test_names_that_only_look_alike_are_answered_E10(address: str) -> None:
    sender = Address(name="", email=address)
    assert judged(from_=(sender,), sender=sender).flags.may_ack


def test_the_null_sender_is_never_answered_E10() -> None:
    assert not screen(HUMAN, ScreenEnvelope(envelope_from="")).flags.may_ack
    assert not screen(mail(("return-path", "<>")), ScreenEnvelope()).flags.may_ack
    assert screen(HUMAN, ScreenEnvelope(envelope_from=None)).flags.may_ack


def test_a_system_administrator_may_be_a_person_E10() -> None:
    sender = Address(name="System Administrator", email="it@customer.example")
    headers = (("from", "System Administrator <it@customer.example>"),)
    assert judged(from_=(sender,), sender=sender, headers=headers).flags.may_ack
    bounce = judged(from_=(sender,), sender=sender, headers=headers, subject="Undeliverable: Hello")
    assert bounce.class_ == "bounce"


def test_mail_from_the_null_sender_is_not_answered_E10() -> None:
    assert not judged(from_=(), sender=None).flags.may_ack


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Printer",
        "Abwesenheitsnotiz: Drucker",
        "Out of Office",
        "Autosvar: x",
        "Réponse automatique : x",
        "Fuori sede: x",
        "自動応答: x",
    ],
)
def test_subject_words_only_keep_us_quiet_E11(subject: str) -> None:
    found = judged(subject=subject)
    assert found.class_ == "human" and not found.flags.may_ack and said(found, "E11")


def test_words_inside_a_question_do_not_count_E11() -> None:
    assert judged(subject="How do I set an out of office reply?").flags.may_ack


@pytest.mark.parametrize(
    "header",
    [
        ("x-autoreply", "yes"),
        ("x-autorespond", "1"),
        ("delivered-to", "Autoresponder"),
        ("x-amazon-mail-relay-type", "NOTIFICATION"),
        ("x-loop", "yes"),
    ],
)
def test_other_marks_of_machines_E12(header: tuple[str, str]) -> None:
    assert judged(header).class_ == "auto"


def test_thirty_hops_or_three_times_through_us_is_a_loop_E13() -> None:
    hop = ("received", "from a by b with ESMTP; Mon, 1 Jan 2026 00:00:00 +0000")
    ours = ("received", "from b by mx.help.example with ESMTP; Mon, 1 Jan 2026 00:00:00 +0000")
    us = ScreenEnvelope(own_hosts=("mx.help.example",))
    assert screen(mail(*[hop] * 30), us).loop
    assert not screen(mail(*[hop] * 29), us).loop
    assert screen(mail(*[ours] * 3), us).loop
    assert not screen(mail(*[ours] * 2), us).loop


def test_spam_marks_count_only_from_a_trusted_relay_E16() -> None:
    marked = mail(("x-spam-flag", "YES"))
    assert screen(marked, ScreenEnvelope(trusted=True)).spam
    assert not screen(marked, ScreenEnvelope(trusted=False)).spam
    assert not screen(mail(("x-spam-status", "No, score=1")), ScreenEnvelope(trusted=True)).spam


def test_a_delivery_status_part_is_a_bounce_wherever_it_stands_F1() -> None:
    found = judged(content_type="multipart/mixed", parts=(part("message/delivery-status"),))
    assert found.class_ == "bounce" and found.flags.is_bounce and found.flags.is_auto


def test_bounce_words_from_a_mail_server_are_a_bounce_F5() -> None:
    found = judged(from_=DAEMON, sender=DAEMON[0], subject="failure notice")
    assert found.class_ == "bounce" and said(found, "F5")


def test_a_human_who_writes_about_bounces_is_no_bounce_F5() -> None:
    found = judged(subject="Mails to you bounce", text="550 5.1.1 user unknown, see below")
    assert found.class_ == "human" and found.flags.may_ack


def test_a_vacation_answer_beats_the_envelope_of_a_bounce_F7() -> None:
    absent = mail(
        ("auto-submitted", "auto-replied"),
        subject="Automatic reply: Undeliverable parcel",
        text="I am away. Mail that could not be delivered goes to my colleague.",
    )
    found = screen(absent, ScreenEnvelope(envelope_from=""))
    assert found.class_ == "auto" and found.flags.is_vacation and not found.flags.is_bounce


def test_a_mail_servers_own_auto_reply_is_still_a_bounce_F7() -> None:
    bounce = mail(
        ("auto-submitted", "auto-replied"),
        from_=DAEMON,
        sender=DAEMON[0],
        subject="Undelivered Mail Returned to Sender",
    )
    assert screen(bounce, ScreenEnvelope(envelope_from="")).class_ == "bounce"


def test_receipts_and_complaints_are_reports_F8() -> None:
    receipt = judged(parts=(part("message/disposition-notification"),))
    complaint = judged(("content-type", "multipart/report; report-type=feedback-report"))
    assert receipt.class_ == complaint.class_ == "report"
    assert complaint.flags.is_feedback_report and not receipt.flags.is_feedback_report


def test_hits_repeat_foreign_values_short_and_in_one_line() -> None:
    found = judged(("list-id", "a\tb" * 200))
    assert len(found.hits[0].text) < 130 and "\t" not in found.hits[0].text
