"""What is left of quoted lines that a mail program wrapped belongs to the quote (I9)."""

import pytest

from gateway.trim.trim import trim

NEW = "Wednesday is fine."

WRAPPED = {
    "nl capital": (
        "Op do 12 sep 2024 om 08:15 schreef Bakkerij <red@bakery.example>:\n"
        "> De twee broden zijn morgen klaar en u kunt ze ophalen bij onze winkel in de\n"
        "Dorpsstraat.\n> Kom voor de middag.\n> Groeten"
    ),
    "pl lower": (
        "W dniu 12.09.2024 o 08:15, Piekarnia pisze:\n"
        "> Dwa chleby będą gotowe jutro rano i można je odebrać w naszym sklepie przy ul.\n"
        "młyńskiej 4.\n> Zapraszamy.\n> Piekarnia"
    ),
    "sv number": (
        "Den tors 12 sep. 2024 kl 08:15 skrev Bageri <red@bakery.example>:\n"
        "> De två bröden är klara i morgon och kan hämtas i vår butik på Storgatan nummer\n14 B.\n"
        "> Välkommen."
    ),
    "zh": (
        "在 2024年9月12日，08:15，面包店 <red@bakery.example> 写道：\n> 您订的两个面包明天早上就好了，请您"
        "在中午之前到我们位于磨坊路四号的商\n"
        "店来取。\n> 谢谢。"
    ),
    "ru long two lines": (
        "12.09.2024 08:15, Пекарня пишет:\n"
        "> Два хлеба будут готовы завтра утром, и их можно забрать в нашем магазине на\n"
        "Мельничной улице, дом четыре, во дворе за аптекой, вход со стороны парка и\nстоянки.\n"
        "> Ждём вас."
    ),
    "fr last": (
        "Le 12/09/2024 à 08:15, Boulangerie a écrit :\n"
        "> Les deux pains seront prêts demain matin et vous pourrez les prendre dans notre\n"
        "boutique.\n"
        "> Elle est ouverte de sept heures à midi et de quinze heures à dix-huit heures le\n"
        "samedi.\n\n-- \nAnne Grain"
    ),
    "deep de": (
        "Am 12. September 2024 um 08:15 schrieb Bäckerei <red@bakery.example>:\n"
        "> Das Brot ist fertig, bitte holen Sie es bis spätestens morgen Mittag bei uns im\n"
        "Laden.\n"
        ">> Wann ist das Brot fertig, das ich am Montag bei Ihnen im Laden in der Mühlgasse\n"
        "bestellt habe?\n> Viele Grüße"
    ),
    "es capital": (
        "El vie, 7 feb 2025 a las 14:22, Astillero (<info@werft.example>) escribió:\n"
        "> El barco ya está en el agua y puede venir a verlo cuando quiera, pregunte por\nManolo.\n"
        "> Abrimos a las ocho.\n> Saludos"
    ),
    "cs": (
        "Dne 7. 2. 2025 v 14:22 Loděnice napsal(a):\n"
        "> Loď je na vodě a můžete se na ni přijít podívat kdykoli, jen předem zavolejte\n"
        "na číslo dílny.\n> Otevíráme v osm.\n>\n> S pozdravem"
    ),
    "en blank line in quote": (
        "On 7 Feb 2025 at 14:22, Yard <info@werft.example> wrote:\n"
        "> The boat is in the water and you can come and see it whenever you like, just\ncall us.\n"
        ">\n> We open at eight, and on Saturdays at nine; the gate is at the end of the old\n"
        "harbour road.\n>\n> Regards"
    ),
    "tr": (
        "7.02.2025 14:22 tarihinde Tersane yazdı:\n"
        "> Tekne artık suda, istediğiniz zaman gelip görebilirsiniz, yalnız önce bizi bir\n"
        "arayın.\n> Sekizde açıyoruz."
    ),
}

WROTE = "On 12 Sep 2024 at 08:15, Bakery <red@bakery.example> wrote:"
RED = "> Which of the two loaves would you like to have, and on which day shall we bring"
WHITE = "> And do you want it sliced, or would you rather have it whole, as the last time?"


@pytest.mark.parametrize("language", WRAPPED)
def test_the_rest_of_a_wrapped_line_belongs_to_the_quote_I9(language: str) -> None:
    assert trim(f"{NEW}\n\n{WRAPPED[language]}").text == NEW


@pytest.mark.parametrize(
    "text",
    [
        f"{WROTE}\n{RED}\nThe dark one.\n{WHITE}\nSliced.",
        f"{WROTE}\n{RED[:-10]}\ndark\n{WHITE}\n\nsliced",
        f"Hello Ina,\n\n{WROTE}\n{RED}\nThe dark one.\n{WHITE}\nSliced.",
        f"Hello Ina,\n\n{WROTE}\n{RED}\nThe dark one.\n{WHITE}",
        f"Hi\n\n{WROTE}\n{WHITE}\nSliced please.\n{RED}\nThe dark one.\n> Regards",
        f"Answers below.\n\n{WROTE}\n{RED}\n\nThe dark one.\n\n{WHITE}",
        f"Answers below.\n\n{WROTE}\n> The loaves?\nThe dark one.\n{WHITE}",
        f"Answers below.\n\n{WROTE}\n{WHITE[:-20]}\nNo.\n> {WHITE}\n> Regards",
    ],
)
def test_answers_between_quoted_lines_are_shown_I3(text: str) -> None:
    kept = trim(text).text
    for line in text.split("\n"):
        assert line in kept or line == WROTE or line.startswith(">")
