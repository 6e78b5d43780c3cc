"""Signatures with rules around or inside them (I8)."""

import pytest

from gateway.trim.trim import trim

NEW = "Wednesday is fine."

SIGNATURES = {
    "double fr": "--\nAnne Grain\n\n--\nBoulangerie Grain, 4 rue du Four\nTél. 01 23 45 67 89",
    "double nl": "-- \nAnna van der Meer\n\n-- \nBakkerij Korrel BV\nwww.korrel.example",
    "double pl": "--\nAnna Ziarno\nPiekarz\n--\nPiekarnia Ziarno sp. z o.o.\nul. Młyńska 4, 00-001 Miasto",
    "framed equals": "==============\nAnna Grain\nBakery Grain\nTel. +44 20 7946 0000\n==============",
    "framed stars sv": "*****************\nAnna Korn\nBageri Korn AB\nanna@korn.example\n*****************",
    "framed dash de": (
        "-----------------------\nBäckerei Korn\nMühlweg 4, 12345 Ort\nwww.korn.example\n"
        "-----------------------"
    ),
    "underscore": (
        "__________________\nAnna Grain\nBakery Grain\n__________________\n"
        "Mill Street 4, 00100 Town\nConfidential: for the reader only."
    ),
    "zh": "--\n陈面包\n\n--\n面包店有限公司\n电话：010-1234567",
    "long rule below": (
        "-- \nAnna Grain\n--------------------------------\n"
        "This e-mail and any files are confidential.\nIf you are not the reader, delete it."
    ),
    "ru double": "--\nДана Ким\n\n--\nООО Верфь\nтел. +7 495 123-45-67",
    "tr framed": (
        "------------------------------\nDana Kaya\nTersane Ltd. Şti.\nTel: +90 212 555 00 00\n"
        "------------------------------"
    ),
    "ja framed": (
        "--------------------------------\n造船所 田中\n東京都港区1-2-3\nTEL 03-1234-5678\n"
        "--------------------------------"
    ),
    "ja box": "━━━━━━━━━━━━━━━━━━\n田中 花子\ntanaka@zosen.example\n━━━━━━━━━━━━━━━━━━",
}

CONTACT = "Anna Grain\nTel. 020 7946 0000"


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_may_have_two_rules_I8(name: str) -> None:
    found = trim(f"{NEW}\n\n{SIGNATURES[name]}\n")
    assert found.text == NEW and found.elided == SIGNATURES[name]
    assert found.signature


@pytest.mark.parametrize(
    "text",
    [
        "Two points\n\n--\nPump leaks\n\n--\nMotor is loud",
        "Zwei Dinge\n\n--\nPumpe\n\n--\nMotor 4711",
        f"The reader:\n\n--\nAnna Grain\n\n--\n{CONTACT}",
        "Due cose\n\n--\nPrimo, perde.\n\n--\nSecondo, chiamate lo 020 7946 0000.",
        "Two parts\n\n=====\nFirst it leaks.\nPlease call 020 7946 0000.\n=====\nThanks",
        f"My data, as you asked:\n\n-----\n{CONTACT}\n-----\nThanks",
        f"Twee adressen\n\n-----\n{CONTACT}\n-----\n{CONTACT}",
        f"Please change my address to\n\n=====\n{CONTACT}\n=====\nThanks",
        f"Meine neue Adresse ist\n\n*****\n{CONTACT}\n*****\nDanke",
        "Les dates\n\n-----\nle 12-09-2024\nle 13-09-2024\n-----\nMerci",
    ],
)
def test_parts_of_a_text_between_rules_are_shown_I8(text: str) -> None:
    assert trim(text).text == text


@pytest.mark.parametrize(
    "above", ["Please change my address to", "Meine neue Adresse ist", "住所です："]
)
def test_a_framed_address_below_an_open_sentence_is_shown_I8(above: str) -> None:
    assert CONTACT in trim(f"{above}\n\n=====\n{CONTACT}\n=====").text
