"""People who tell of failure notices, forward or paste them, or ask about them (F5, E11)."""

import pytest

from tests.support.notices import screened

PEOPLE = {
    "forwards it from Outlook, without a word": (
        "Carl Customer <carl@customer.example>",
        "Fw: Undeliverable: offer",
        "From: postmaster@customer.example\nTo: Carl\n\nUndeliverable: offer\n\nlena@forest.example\n550 5.1.1 no\n",
    ),
    "forwards it in German": (
        "carl@customer.example",
        "WG: Unzustellbar: Angebot",
        "Was nun?\n\nVon: postmaster@customer.example\n\nNicht zugestellt an\nlena@forest.example\n550 5.1.1\n",
    ),
    "forwards it in French": (
        "carl@customer.example",
        "TR : Non remis : devis",
        "De : postmaster@customer.example\n\nVotre message n'a pas pu être remis à\nlena@forest.example\n550 5.1.1\n",
    ),
    "lists addresses": (
        "office@customer.example",
        "bounced addresses",
        "Hello, these failed last week, please remove them:\n\nlena@forest.example 550 5.1.1\n"
        "otto@field.example 552 5.2.2\n\nThanks, the office\n",
    ),
    "gives another address": (
        "Kim Quay <kim@customer.example>",
        "Order not delivered",
        "Hello,\n\nplease send it to: lena@forest.example\nIt was not delivered.\n\nKim\n",
    ),
    "tells of a parcel": (
        "Carl Customer <carl@customer.example>",
        "Failed delivery",
        "Hello,\n\nmy parcel could not be delivered to lena@forest.example again.\n\nCarl\n",
    ),
    "quotes the notice": (
        "carl@customer.example",
        "Your address",
        "Hi, I get this:\n\n> Message not delivered\n> lena@forest.example: 550 5.1.1 user unknown\n\nWhy?\n",
    ),
    "our own address failed": (
        "carl@customer.example",
        "Mail returned",
        "I could not deliver a message to\n\nsales@help.example\n\n550 user unknown\n",
    ),
    "tells of a code in a sentence": (
        "Lena Wald <lena@wald.example>",
        "Delivery failure",
        "Hello,\n\nI get 550 5.1.1 for lena@forest.example when I write to her. What now?\n\nLena\n",
    ),
    "asks about a code": (
        "Lena <lena@forest.example>",
        "Was bedeutet 550?",
        "Guten Tag,\n\nunser Server sagt 550 5.7.1, was heißt das?\n\nLena\n",
    ),
    "quotes in French": (
        "Luc Forêt <luc@foret.example>",
        "Vos courriels",
        "Bonjour,\n\nvoici la réponse :\n\n> Message non remis à lena@forest.example\n\nLuc\n",
    ),
}


@pytest.mark.parametrize("told", PEOPLE.values(), ids=PEOPLE)
def test_a_person_who_tells_of_a_failure_is_no_bounce_F5(told: tuple[str, str, str]) -> None:
    assert screened(*told).class_ == "human"


PASTED = "Message not delivered to\n\nlena@forest.example\n550 5.1.1 user unknown\n"


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("Carl Customer <carl@customer.example>", f"Hello,\n\n{PASTED}\nRegards\nCarl Customer\n"),
        ("carl@customer.example", f"Hallo zusammen,\n\n{PASTED}\nGruß\nCarl\n"),
        ("Paulo <p@customer.example>", f"Olá!\n\n{PASTED}\nO que devo fazer?\n"),
    ],
)
def test_a_notice_that_a_person_pasted_opens_a_ticket_in_silence_E11(
    sender: str, text: str
) -> None:
    found = screened(sender, "Undeliverable message", text)
    assert (found.class_, found.flags.may_ack) == ("human", False)
    assert "failure-told" in [each.slug for each in found.hits]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Mail not delivered", "Your message to lena@forest.example could not be delivered.\n"),
        ("Nicht zugestellt", "Die Nachricht an lena@forest.example wurde nicht zugestellt.\n"),
        ("Courriel non remis", "Le courriel à lena@forest.example n'a pas pu être remis.\n"),
    ],
)
def test_a_failure_told_in_a_sentence_without_a_code_opens_a_ticket_in_silence_E11(
    subject: str, text: str
) -> None:
    found = screened("post@out.example", subject, text)
    assert (found.class_, found.flags.may_ack) == ("human", False)


@pytest.mark.parametrize(
    "text",
    [
        "my message to lena@forest.example is blocked, 554 5.7.1\ncan you help\n",
        "meine Nachricht an lena@forest.example kam zurück, 550 5.1.1 unbekannt\nbitte prüfen\n",
        "mon message à lena@forest.example revient, 550 5.1.1 inconnu\nmerci de voir cela\n",
        "моё письмо на lena@forest.example не дошло, 550 5.1.1 неизвестен\nпомогите\n",
        "我的邮件 lena@forest.example 被拒收, 550 5.1.1 unknown\n请帮忙\n",
    ],
)
def test_who_speaks_of_a_mail_as_their_own_is_a_person_F5(text: str) -> None:
    found = screened("carl@customer.example", "message blocked", text)
    assert (found.class_, found.flags.may_ack) == ("human", False)


def test_a_contact_form_about_a_failed_delivery_is_no_bounce_F5() -> None:
    text = "lena@forest.example\nMessage: the parcel could not be delivered\n"
    reply_to = "Reply-To: lena@forest.example"
    found = screened("no-reply@shop.example", "Delivery failed", text, reply_to)
    assert found.class_ == "human"


def test_a_customers_answer_in_a_thread_is_no_bounce_F5() -> None:
    text = "Your message could not be delivered, you wrote. Try this one:\nlena@forest.example\n"
    thread = "In-Reply-To: <t7.1.abc@help.example>"
    assert screened("lena@forest2.example", "Re: Delivery error", text, thread).class_ == "human"
