"""Attributions and header blocks of languages that no table has, found by their form (I4, I5)."""

import pytest

from gateway.trim.trim import trim

ATTRIBUTIONS = {
    "Croatian": "Dana 12. 9. 2024. u 8:15 Pekara Zrno <red@bakery.example> je napisao/la:",
    "Estonian": "Kuupäev 12.09.2024 kell 08:15 Pagar Tera <red@bakery.example> kirjutas:",
    "Persian": "در پنجشنبه ۱۲ سپتامبر ۲۰۲۴، ۸:۱۵، Bakery <red@bakery.example> نوشت:",
    "Icelandic, wrapped": "Þann fim., 12. sep. 2024 kl. 08:15\nBakarí Korn <red@bakery.example>\nritaði:",
    "Latvian, address first": "Maiznīca <red@bakery.example> 2024-09-12 plkst. 08:15:",
    "English without a colon": "On Thu, 12 Sep 2024 08:15:40 +0200 Bakery <red@bakery.example> wrote",
}

BLOCKS = {
    "Croatian": (
        "Šalje: Pekara Zrno <red@bakery.example>\nPoslano: 12. rujna 2024. 8:15\n"
        "Prima: Ivo Bel <ivo@mill.example>\nPredmet: Kruh"
    ),
    "Malay": (
        "Daripada: Kedai Roti <red@bakery.example>\nTarikh: Khamis, 12 September 2024 08:15\n"
        "Kepada: ivo@mill.example\nPerkara: Roti"
    ),
    "Estonian, bold": (
        "*Saatja:* Pagar Tera <red@bakery.example>\n*Saadetud:* 12.09.2024 08:15\n*Teema:* Leib"
    ),
    "Georgian, date first": (
        "თარიღი: 12.09.2024, 08:15\nვისგან: თონე <red@bakery.example>\n"
        "ვის: ivo@mill.example\nასლი:\nთემა: პური"
    ),
}

ORIGINALS = {
    "Dutch": "----- Oorspronkelijk bericht -----Van: Bakker <red@bakery.example> Datum: 12-09-24 08:15",
    "Italian": "-------- Messaggio originale --------Da: Forno <red@bakery.example> Data: 12/09/24 08:15",
    "Polish": "---- Oryginalna wiadomość ----Od: Piekarz <red@bakery.example> Data: 12.09.2024 08:15",
}


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
@pytest.mark.parametrize("mark", ["", "> "], ids=["bare", "quoted"])
def test_an_attribution_is_a_paragraph_with_a_date_and_an_address(line: str, mark: str) -> None:
    below = f"{mark}Two loaves are ready.\n{mark}Come before noon."
    assert trim(f"I come at ten.\n\n{line}\n\n{below}").text == "I come at ten."


@pytest.mark.parametrize(
    "line",
    [
        "2024/9/12 Pekara Zrno <red@bakery.example>",
        "12.09.2024 08:15 GMT+02:00 Panadería <red@bakery.example>",
        "Thu 12 Sep 2024, Bakery (red@bakery.example)",
    ],
)
def test_an_attribution_above_quote_marks_may_lack_the_colon(line: str) -> None:
    assert trim(f"I come at ten.\n\n{line}\n\n> Two loaves are ready.").text == "I come at ten."


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("rule", ["", "________________________________\n", "=====\n\n"])
def test_a_header_block_has_a_sender_beside_a_date(block: str, rule: str) -> None:
    assert (
        trim(f"I come at ten.\n\n{rule}{block}\n\nTwo loaves are ready.").text == "I come at ten."
    )


UNNAMED = {
    "Croatian": "Pekara Zrno <red@bakery.example>\n12.09.2024. 08:15\n\nPrima:\tivo@mill.example\nPredmet:\tKruh",
    "French": "Le Four <red@bakery.example>\n12/09/2024 08:15\n\nA :\tivo@mill.example\ncc :\t\nObjet :\tPain",
    "English": '"Red, Ann" <red@bakery.example>\n12/09/2024 08:15 AM\n\n\nTo:\tivo@mill.example\nSubject:\tBread',
}


@pytest.mark.parametrize("block", UNNAMED.values(), ids=UNNAMED)
def test_a_header_block_may_begin_with_a_sender_and_a_date_alone(block: str) -> None:
    text = f"I come at ten.\n\n\n{block}\n\nTwo loaves are ready."
    assert trim(text).text.rstrip() == "I come at ten."


PHONES = ["Sent from my iPad", "Von meinem Android gesendet", "Envoyé depuis mon iPhone"]


@pytest.mark.parametrize("line", PHONES)
@pytest.mark.parametrize(
    "below",
    [
        "",
        "\n\nBakery <red@bakery.example> wrote on 12.09.2024 08:15:\n\n> Two loaves.",
        f"\n\n{BLOCKS['Malay']}\n\nTwo loaves are ready.",
    ],
    ids=["end", "quote", "headers"],
)
def test_the_line_of_a_phone_may_touch_the_text(line: str, below: str) -> None:
    assert trim(f"I come at ten\n{line}{below}").text == "I come at ten"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \n\n________\n\nPovjerljivo: samo za primatelja.\n\nMlin Bel, Riječka 4\n________\n",
        "-- \n____________\nIvo Bel\nMill and Sons",
        "--\n\n--\nIvo Bel\nMühle am Bach",
    ],
)
def test_rules_that_touch_begin_one_signature(signature: str) -> None:
    found = trim(f"I come at ten.\n\n{signature}")
    assert found.text == "I come at ten." and "Bel" in found.signature


@pytest.mark.parametrize("line", ORIGINALS.values(), ids=ORIGINALS)
def test_an_original_message_line_may_have_the_fields_on_it(line: str) -> None:
    assert trim(f"I come at ten.\n\n{line}\n\nTwo loaves are ready.").text == "I come at ten."


@pytest.mark.parametrize(
    "text",
    [
        # A date or an address in a sentence.
        "Thanks.\n\nOn 12.09.2024 at 8:15 I gave it to Ina <ina@mill.example>, who told me this:\n\nCome at ten.",
        "Hvala.\n\nIvo <ivo@mill.example> je došao 12.9.2024.\n\n> Kruh je bio star.",
        "Thanks.\n\nMy times:\n12.09.2024 8:15:\nthe mill\n13.09.2024 9:15:\nhome",
        # Forms that a customer fills in.
        "Podaci:\n\nIme: Ivo Bel\nAdresa: ivo@mill.example\nKupljeno: 12.9.2024 8:15\nKvar: curi\n\nHvala!",
        "Les données.\n\nCourriel: ivo@mill.example <mailto:ivo@mill.example>\n"
        "Acheté: 12.09.2024 8:15\nAppareil: four\n\nMerci !",
        # A forwarded mail in a language that no table has.
        f"Vidi dolje.\n\n----- Proslijeđena poruka -----\n{BLOCKS['Croatian']}\n\nKruh je gotov.",
        "Lihat ini.\n\nMesej yang dimajukan:\n\n" + BLOCKS["Malay"] + "\n\nRoti sudah siap.",
        "Lihat ini.\n\nMesej yang dimajukan:\n" + BLOCKS["Malay"] + "\n\nRoti sudah siap.",
        # A contact and a date above notes, with no receiver.
        "Bonjour,\n\nIna <ina@mill.example>\n12.09.2024 08:15\n\nSujet: four\nPanne: froid\n\nMerci !",
        # Words about a phone or a parcel.
        "The picture was\nsent from my iPhone",
        "Das Paket ist da\nGesendet mit DHL",
        "Het pakket\nVerzonden met PostNL\nVerzonden via het depot",
        "It stops here:\nSent from my iPad\nis what I read on the screen",
        "The footer says\nSent from my iPhone\n\nHow do I change it?",
        # Rules between parts of the text.
        "Dvije stvari:\n--\nPrvo, curi.\n--\nDrugo, glasno je.",
        # Nothing below the block.
        f"Ovo sam dobio.\n\n{BLOCKS['Croatian']}",
        "Thanks.\n\n--- Original message --- was what it said, from ivo@mill.example.\n\nWhy?",
    ],
)
def test_what_only_resembles_them_is_shown(text: str) -> None:
    assert trim(text).text == text
