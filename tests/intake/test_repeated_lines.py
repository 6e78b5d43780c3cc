"""A reply that repeats a line of the ticket is shown (I1)."""

import pytest

from tests.support.mail_desk import CARL, MailDesk

SUBJECT = "Re: [Help #1] Printer"


@pytest.mark.parametrize(
    "line",
    [
        "The drawer of the scanner jams all the time.",
        "Die Schublade des Scanners klemmt ständig.",
        "La bandeja del escáner se atasca siempre.",
    ],
)
def test_a_reminder_and_a_second_consent_are_shown_I1(helpdesk: MailDesk, line: str) -> None:
    for text in (
        f"{line}\n\nCarl",
        f"{line}\n\nRegards\nCarl Customer",
        f"Again:\n\n{line}\n\nCarl",
    ):
        helpdesk.mail(CARL, "support@help.example", SUBJECT, text)
        assert helpdesk.messages()[-1].text.strip() == text


def test_a_line_of_our_offer_is_shown_and_a_quote_of_it_is_not_I1(helpdesk: MailDesk) -> None:
    offer = "Hello Carl,\n\nred paper, 4 euros a pack\ngreen paper, 5 euros a pack\n\nAna"
    helpdesk.ana_answers(offer)
    helpdesk.mail(CARL, "support@help.example", SUBJECT, "green paper, 5 euros a pack\n\nCarl")
    assert helpdesk.messages()[-1].text.strip() == "green paper, 5 euros a pack\n\nCarl"
    helpdesk.mail(CARL, "support@help.example", SUBJECT, f"Green.\n\nCarl\n\n{offer}")
    assert helpdesk.messages()[-1].text.strip() == "Green.\n\nCarl"
