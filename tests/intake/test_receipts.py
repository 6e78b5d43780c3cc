"""Read receipts for mail of ours: told in the ticket's history, and nothing else (F8)."""

import pytest

from tests.support.mail_desk import MailDesk
from ticketctl.actions.tickets import resolve
from ticketctl.domain.base.records import InboxRow

CARL = "carl@customer.example"
OTHER = "<nobody.knows@forest.example>"

# What mail programs write: subject, their words for people, the fields of the report.
THUNDERBIRD = (
    "Return Receipt (displayed) - Re: Printer",
    "This is a Return Receipt for the mail that you sent to carl@customer.example.",
    """Reporting-UA: customer.example; Thunderbird 128.5
Final-Recipient: rfc822;carl@customer.example
Original-Message-ID: {about}
Disposition: manual-action/MDN-sent-manually; displayed""",
)
OUTLOOK = (
    "Gelesen: Re: Drucker",
    "Ihre Nachricht wurde am Montag, 9. März 2026 gelesen.",
    """Reporting-UA: mail.customer.example; Microsoft Outlook 16.0
Final-recipient: RFC822; Carl@Customer.example
Disposition: automatic-action/MDN-sent-automatically; displayed
Original-Message-ID:
 {about}
X-MSExch-Correlation-Key: 3nVx""",
)
ZIMBRA = (
    "Accusé de lecture : Imprimante",
    "Le message a été supprimé sans avoir été lu.",
    """Original-Recipient: rfc822;carl@customer.example
Original-Message-ID: {about}
Disposition: manual-action/MDN-sent-manually; deleted/error""",
)
JAPANESE = (
    "開封済み: プリンター",
    "メールは開封されました。",
    "Final-Recipient: rfc822;carl@customer.example\nOriginal-Message-ID: {about}",
)


def receipt(
    helpdesk: MailDesk, client: tuple[str, str, str], about: str, head: str = "", sender: str = CARL
) -> InboxRow:
    """A read receipt as this mail program writes it."""
    subject, words, fields = client
    helpdesk.mails += 1
    return helpdesk.feed(
        f"""From: Carl <{sender}>
To: support@help.example
Subject: {subject}
Message-ID: <receipt{helpdesk.mails}@customer.example>
{head}MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary=cut

--cut
Content-Type: text/plain; charset=utf-8

{words}
--cut
Content-Type: message/disposition-notification

{fields.format(about=about)}

--cut--
""".encode()
    )


@pytest.mark.parametrize(
    ("client", "words"),
    [
        (THUNDERBIRD, "read receipt: displayed"),
        (OUTLOOK, "read receipt: displayed"),
        (ZIMBRA, "read receipt: deleted"),
        (JAPANESE, "read receipt"),
    ],
)
def test_a_read_receipt_is_noted_on_its_message_and_changes_nothing_F8(
    helpdesk: MailDesk, client: tuple[str, str, str], words: str
) -> None:
    helpdesk.ana_answers("Please switch it off and on again.")
    answer = helpdesk.to_carl()[-1]
    helpdesk.do(lambda work: resolve.resolve(work, 1, comment="ok"))
    sent, before = len(helpdesk.outbox()), helpdesk.ticket(1)
    row = receipt(helpdesk, client, answer.message_id)
    assert (row.class_, row.ticket, row.message) == ("report", 1, answer.message)
    noted = helpdesk.events(1, "reported")
    assert [(one.field, one.comment, one.new["message"]) for one in noted] == [
        (CARL, words, answer.message)
    ]
    assert (helpdesk.ticket(1).status, len(helpdesk.messages(1))) == (before.status, 2)
    assert len(helpdesk.outbox()) == sent


def test_a_read_receipt_without_an_original_message_id_is_found_by_in_reply_to_F8(
    helpdesk: MailDesk,
) -> None:
    helpdesk.ana_answers("Please switch it off and on again.")
    about = helpdesk.to_carl()[-1].message_id
    bare = (*JAPANESE[:2], "Final-Recipient: rfc822;carl@customer.example")
    assert receipt(helpdesk, bare, "", f"In-Reply-To: {about}\n").ticket == 1
    assert [one.comment for one in helpdesk.events(1, "reported")] == ["read receipt"]


@pytest.mark.parametrize("client", [THUNDERBIRD, OUTLOOK, ZIMBRA, JAPANESE])
def test_a_read_receipt_for_no_mail_of_ours_opens_nothing_and_is_not_answered_F8(
    helpdesk: MailDesk, client: tuple[str, str, str]
) -> None:
    sent = len(helpdesk.outbox())
    row = receipt(helpdesk, client, OTHER)
    assert (row.state, row.class_, row.ticket) == ("done", "report", None)
    assert len(helpdesk.outbox()) == sent


def test_words_of_a_stranger_in_a_receipt_are_not_repeated_F8(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers("Please switch it off and on again.")
    about = helpdesk.to_carl()[-1].message_id
    forged = (*ZIMBRA[:2], "Original-Message-ID: {about}\nDisposition: x; pay\x1b[31m eve")
    receipt(helpdesk, forged, about, sender="eve@evil.example")
    assert [one.comment for one in helpdesk.events(1, "reported")] == ["read receipt"]
    assert helpdesk.ticket(1).customer.email == CARL
