"""Replies that repeat lines of earlier mails: what the author typed or copied is theirs (I1, I2)."""

import pytest

from gateway.trim.trim import trim

OFFERS = {
    "en": "Dear Ms Holm,\n\nwe can offer:\n1. repair on site, 210 euros, Thursday\n"
    "2. exchange of the boiler, 900 euros\n\nYours\nBea",
    "de": "Guten Tag Frau Holm,\n\nzur Wahl stehen:\nErstens: Reparatur vor Ort, 210 Euro\n"
    "Zweitens: Tausch des Kessels, 900 Euro\n\nFreundliche Grüße\nBea",
    "fr": "Bonjour Madame Holm,\n\nvoici les possibilités :\nRéparation sur place, 210 euros, jeudi\n"
    "Remplacement de la chaudière, 900 euros\n\nCordialement\nBea",
    "ru": "Здравствуйте, госпожа Хольм!\n\nЕсть два варианта:\nРемонт на месте, 210 евро, в четверг\n"
    "Замена котла целиком, 900 евро\n\nС уважением\nБеа",
}


@pytest.mark.parametrize("language", OFFERS)
def test_an_option_copied_from_our_offer_is_the_answer_I1(language: str) -> None:
    offer = OFFERS[language]
    first, second = offer.split("\n")[3:5]
    for answer in (
        second,
        f"{second}\n\nNina Holm",
        f"Bea,\n\n{first}\n{second}\n\nNina Holm\nHolm & Co.",
        f"You wrote:\n{second}",
        f"{first}\nor\n{second}",
    ):
        assert trim(answer, sent=[offer]).text == answer


@pytest.mark.parametrize("language", OFFERS)
@pytest.mark.parametrize("answer", ["The second, please.", "2", "ok"])
def test_our_whole_mail_below_the_answer_is_a_quote_without_marks_I9(
    language: str, answer: str
) -> None:
    offer = OFFERS[language]
    wrapped = offer.replace("Euro", "\nEuro").replace("euros", "\neuros").replace("евро", "\nевро")
    for quote in (offer, wrapped, f"{offer}\n\n-- \nBea, Help", f"  {offer}".replace("\n", "\n  ")):
        assert trim(f"{answer}\n\nNina\n\n{quote}", sent=[offer]).text == f"{answer}\n\nNina"


def test_our_whole_mail_supports_a_short_attribution_I4() -> None:
    offer = OFFERS["en"]
    assert trim(f"The second.\n\nBea wrote:\n\n{offer}", sent=[offer]).text == "The second."


def test_our_whole_mail_alone_is_shown_I2() -> None:
    for offer in OFFERS.values():
        assert trim(offer, sent=[offer]).text == offer


def test_a_short_mail_of_ours_is_no_quote_I1() -> None:
    """An author may say in one line what we said."""
    sent = "Please come on Tuesday at nine."
    assert trim(f"Hello,\n{sent}", sent=[sent]).text == f"Hello,\n{sent}"
    assert trim("Yes, please.\n\nNina", sent=["Yes, please."]).text == "Yes, please.\n\nNina"
