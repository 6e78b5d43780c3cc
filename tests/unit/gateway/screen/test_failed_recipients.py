"""Who failed, and with which code, in reports of many mail servers (F1, F3, F5, F6)."""

import pytest

from gateway.parse.parse import parse
from gateway.screen.bounce_recipients import BounceFacts, FailedRecipient, bounce_facts

HEAD = """From: MAILER-DAEMON@mx.example
To: support@help.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
"""


def facts(body: str) -> BounceFacts:
    raw = (HEAD + body).encode()
    return bounce_facts(parse(raw), raw)


def by_text(text: str) -> tuple[FailedRecipient, ...]:
    return facts(f"Content-Type: text/plain; charset=utf-8\n\n{text}").recipients


def report(fields: str) -> str:
    return f"""Content-Type: multipart/report; report-type=delivery-status; boundary=inner

--inner
Content-Type: text/plain

Sorry.
--inner
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{fields}
--inner
Content-Type: text/rfc822-headers

Message-ID: <t1.1.abc@help.example>
--inner--
"""


FIRST = """Action: failed
Status: 5.1.1
Original-Recipient: rfc822; lena@forest.example
Final-Recipient: rfc822; box9@store.forest.example
"""


def test_a_status_above_its_recipient_belongs_to_it_F1() -> None:
    second = FIRST.replace("lena@", "otto@").replace("box9", "box4").replace("5.1.1", "5.2.2")
    found = facts(report(f"{FIRST}\n{second}")).recipients
    assert [(each.address, each.status) for each in found] == [
        ("lena@forest.example", "5.1.1"),
        ("otto@forest.example", "5.2.2"),
    ]


def test_a_recipient_below_a_blank_line_begins_the_next_group_F1() -> None:
    fields = (
        "Original-Recipient: rfc822; lena@forest.example\nAction: failed\nStatus: 5.1.1\n\n"
        "Final-Recipient: rfc822; otto@forest.example\nAction: delayed\nStatus: 4.4.1\n"
    )
    found = facts(report(fields)).recipients
    assert [(each.address, each.action) for each in found] == [
        ("lena@forest.example", "failed"),
        ("otto@forest.example", "delayed"),
    ]


@pytest.mark.parametrize(
    "note",
    [
        "(generated from lena@forest.example)",
        "(ultimately generated from lena@forest.example)",
        "(expanded from: <lena@forest.example>)",
        "(forwarded from lena@forest.example)",
    ],
)
def test_the_alias_behind_a_failed_address_did_not_fail_itself_F5(note: str) -> None:
    found = by_text(f"This address failed:\n\n  box9@store.example\n    {note}\n    user unknown\n")
    assert [each.address for each in found] == ["box9@store.example"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("5.1.0 - trouble with it 554-'5.7.1 no mail from here' (final)", "5.7.1"),
        ('5.1.0 told us: 552-"5.2.2 over its limit"', "5.2.2"),
        ("5.1.0 sagte: 550 „5.1.1 gibt es nicht“", "5.1.1"),
        ("5.1.0 a répondu : 550 «5.1.10 inconnu»", "5.1.10"),
    ],
)
def test_the_other_servers_code_counts_in_quotation_marks_too_F6(said: str, status: str) -> None:
    fields = f"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; {said}\n"
    [one] = facts(report(fields)).recipients
    assert one.status == status


def test_a_report_that_a_filter_attached_as_a_mail_is_read_F1() -> None:
    found = facts(
        "Content-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: text/plain\n\nSee attachment.\n"
        "--outer\nContent-Type: message/rfc822\n\nFrom: MAILER-DAEMON@in.example\nMessage-ID: <r1@in.example>\n"
        f"{report(FIRST)}--outer--\n"
    )
    assert [(each.address, each.status) for each in found.recipients] == [
        ("lena@forest.example", "5.1.1")
    ]
    assert found.original_message_id == "<t1.1.abc@help.example>"


@pytest.mark.parametrize(
    "session",
    [
        " Out: MAIL FROM:<support@help.example>\n In:  250 2.1.0 Fine\n Out: RCPT TO:<lena@forest.example>\n"
        " In:  554 5.7.1 Not wanted\n",
        " >>> RCPT TO:<lena@forest.example>\n <<< 250 2.1.5 Fine\n >>> DATA\n <<< 554 5.7.1 Nicht erwünscht\n",
    ],
)
def test_a_failure_never_has_the_code_of_a_success_F6(session: str) -> None:
    [lena] = by_text(f"Zustellung fehlgeschlagen: lena@forest.example\n\n{session}")
    assert (lena.address, lena.status) == ("lena@forest.example", "5.7.1")


@pytest.mark.parametrize(
    ("sender", "recipient"),
    [
        ("From", "To"),
        ("MAIL FROM", "RCPT TO"),
        ("Envelope sender", "Envelope recipient"),
        ("Absender", "Empfänger"),
        ("Expéditeur ", "Destinataire "),
        ("Remitente", "Destinatario"),
        ("差出人", "宛先"),
        ("Отправитель", "Получатель"),
    ],
)
def test_the_sender_named_in_a_bounce_is_not_a_failed_address_F5(
    sender: str, recipient: str
) -> None:
    found = by_text(
        f"The mail below failed.\n\n  {sender}: sales@help.example\n  {recipient}: lena@forest.example\n  Lines: 4\n"
    )
    assert [each.address for each in found] == ["lena@forest.example"]


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("<lena@forest.example>: 5.1.0 - odd address 550-'5.1.1 gone'\n", ["5.1.1"]),
        ("lena@forest.example\n  failed, 5.0.0\n  server said: 552 5.2.2 voll\n", ["5.2.2"]),
        (
            "<lena@forest.example>: 5.1.3\n<otto@forest.example>: 552 5.2.2 full\n",
            ["5.1.3", "5.2.2"],
        ),
        ("lena@forest.example\n5.1.3\n\notto@forest.example\n550 5.7.1 nein\n", ["5.1.3", "5.7.1"]),
    ],
)
def test_in_words_too_the_other_servers_code_counts_for_its_own_address_F6(
    text: str, statuses: list[str]
) -> None:
    assert [each.status for each in by_text(f"Not delivered:\n\n{text}")] == statuses
