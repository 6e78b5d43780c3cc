"""The acknowledgement says by when the customer gets an answer (F-L3)."""

import pytest

from tests.support.desk import DESK
from tests.support.mail_desk import CARL, MailDesk
from ticketctl.store.db.database import Database

HOURS = """
[[calendar]]
name = "madrid"
timezone = "Europe/Madrid"
hours = { mon = ["09:00-18:00"], tue = ["09:00-18:00"] }

[[sla]]
name = "default"
calendar = "madrid"
targets = { default = { first = "4h", resolve = "3d" } }
"""
PROMISING = DESK.replace('segment = "support"\n', 'segment = "support"\nack_promise = true\n', 1)
WORDS = {
    "en": "You will have our answer by {}.",
    "es": "Tendrá nuestra respuesta antes del {}.",
    "cs": "Odpovíme Vám nejpozději {}.",
}


def acknowledged(desk: MailDesk, sender: str = CARL, language: str = "en") -> str:
    """All of the acknowledgement of a mail, decoded."""
    from email import message_from_string, policy

    written = {"Content_Language": language}
    desk.mail(sender, "support@help.example", "Printer", "It does not print.", **written)
    mail = message_from_string(desk.text(desk.outbox("ack")[-1]), policy=policy.default)
    return " ".join(part.get_content() for part in mail.walk() if not part.is_multipart())


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    ("now", "by"),
    [("2026-03-09T08:00:00Z", "2026-03-09 13:00 CET"),  # 9:00 there, so within the day
     ("2026-03-09T16:00:00Z", "2026-03-10 12:00 CET"),  # one hour of it today
     ("2026-03-09T23:00:00Z", "2026-03-10 13:00 CET")],  # it is night
)  # fmt: skip
def test_F_L3_the_acknowledgement_says_by_when_in_words_and_time_of_the_mailbox(
    db: Database, monkeypatch: pytest.MonkeyPatch, language: str, now: str, by: str
) -> None:
    monkeypatch.setenv("TICKETCTL_NOW", now)
    desk = MailDesk(db, PROMISING + HOURS)
    said = acknowledged(desk, language=language)
    assert said.count(WORDS[language].format(by)) == 2  # text and HTML
    assert "UTC" not in said


def test_F_L3_nothing_is_promised_unless_the_mailbox_wishes_it(db: Database) -> None:
    said = acknowledged(MailDesk(db, DESK + HOURS))
    assert "as soon as we can" in said and "by 20" not in said


def test_F_L3_nothing_is_promised_without_a_target_for_the_first_answer(db: Database) -> None:
    desk = MailDesk(db, PROMISING + HOURS.replace('first = "4h", ', ""))
    assert "as soon as we can" in acknowledged(desk)


def test_F_L3_a_promise_is_made_by_the_policy_that_fits_the_ticket(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    gold = HOURS.replace('"default"', '"gold"\nmatch = "email:dora@customer.example"', 1)
    desk = MailDesk(
        db,
        PROMISING
        + gold.replace('"4h"', '"1h"')
        + HOURS.partition("[[sla]]")[2].join(["[[sla]]", ""]),
    )
    assert "2026-03-09 10:00 CET" in acknowledged(desk, sender="Dora <dora@customer.example>")
    assert "2026-03-09 13:00 CET" in acknowledged(desk)
