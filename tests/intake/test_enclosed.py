"""An agent's mail with a mail, or with a comment's words, attached is no reply to the customer (I12)."""

from email.message import EmailMessage

import pytest

from tests.support.mail_desk import ANA, PROOF, MailDesk

ANSWER = "Please switch it off and on again."
COMMENT = "Carl is a difficult person, be careful"


def reply(helpdesk: MailDesk) -> EmailMessage:
    """Ana's answer, after a comment; a test attaches files to it."""
    helpdesk.ana_answers(COMMENT, to=helpdesk.address("comment"))
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANA, helpdesk.address(), "Re: Printer"
    mail["Authentication-Results"], mail["Message-ID"] = PROOF, "<enclosed@mail.example>"
    mail.set_content(ANSWER)
    return mail


def kept(helpdesk: MailDesk, mail: EmailMessage, why: str) -> None:
    row = helpdesk.feed(mail.as_bytes(), mail["To"])
    assert helpdesk.to_carl() == [] and len(helpdesk.comments()) == 2, row.reasons
    (told,) = helpdesk.outbox("error", to="ana@help.example")
    assert why in told.data["sentence"]


def test_an_attached_mail_is_kept_inside(helpdesk: MailDesk) -> None:
    mail, inner = reply(helpdesk), EmailMessage()
    inner["From"], inner["Subject"] = "support@help.example", "New comment"
    inner.set_content("Anything.")
    mail.add_attachment(inner)
    kept(helpdesk, mail, "a mail is attached to it")


def test_a_saved_mail_is_kept_inside(helpdesk: MailDesk) -> None:
    mail = reply(helpdesk)
    mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="Note.EML")
    kept(helpdesk, mail, "a mail is attached to it")


@pytest.mark.parametrize(
    ("subtype", "name", "text"),
    [
        ("plain", "note.txt", f"Note:\n\n{COMMENT}\n"),
        ("plain", "note.txt", COMMENT.upper().replace("PERSON", "PER\u00adSON")),
        ("html", "note.html", COMMENT.replace(" ", "</b> <b>").replace("a", "&#97;")),
        ("csv", "rows.csv", f"1\n{COMMENT}\n"),
    ],
)
def test_a_text_with_a_comments_words_is_kept_inside(
    helpdesk: MailDesk, subtype: str, name: str, text: str
) -> None:
    mail = reply(helpdesk)
    mail.add_attachment(text, subtype=subtype, filename=name)
    kept(helpdesk, mail, "an attached text contains words of an internal comment")


def test_a_text_of_an_unknown_type_is_looked_into(helpdesk: MailDesk) -> None:
    mail = reply(helpdesk)
    content = COMMENT.encode("utf-16")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename="a.txt")
    kept(helpdesk, mail, "an attached text contains words of an internal comment")


def test_other_texts_go_along(helpdesk: MailDesk) -> None:
    mail = reply(helpdesk)
    mail.add_attachment("Press the red button.", filename="how.txt")
    helpdesk.feed(mail.as_bytes(), mail["To"])
    (sent,) = helpdesk.to_carl()
    assert [one["name"] for one in sent.data["attachments"]] == ["how.txt"]
