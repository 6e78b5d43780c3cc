"""Attributions of many languages and mail programs (I4)."""

import pytest

from gateway.trim.trim import trim

NEW = "Wednesday is fine."
OLD = "Two loaves are ready.\nCome before noon."

ATTRIBUTIONS = {
    "zoho en": (
        "---- On Thu, 12 Sep 2024 08:15:40 +0200 Bakery <red@bakery.example> wrote ---\n\n"
        "Two loaves are ready."
    ),
    "zoho es": (
        "---- El jue, 12 sep 2024 08:15:40 +0200 Panadería <red@bakery.example> escribió ----\n\n"
        "Dos panes están listos."
    ),
    "ko gmail no colon": "2024년 9월 12일 (목) 08:15, 빵집 <red@bakery.example>님이 작성\n\n빵이 준비되었습니다.",
    "ja spark": "2024/09/12 8:15、パン屋 <red@bakery.example>\n\n> パンができました。\n> 正午までにどうぞ。",
    "groupwise": (
        '>>> "Bakery" <red@bakery.example> 12.09.2024 08:15 >>>\nTwo loaves are ready.\n'
        "Come before noon."
    ),
    "mutt de": "* Bäckerei Korn <red@bakery.example> [2024-09-12 08:15]:\n> Zwei Brote sind fertig.",
    "horde fr": "Boulangerie <red@bakery.example> a écrit :\n\n> Deux pains sont prêts.\n> Venez avant midi.",
    "proton": (
        "Sent with Proton Mail secure email.\n\n"
        "On Thursday, September 12th, 2024 at 8:15 AM, Bakery <red@bakery.example> wrote:\n\n"
        "> Two loaves are ready.\n> Come before noon."
    ),
    "spark": "On 12 Sep 2024 at 08:15 +0200, Bakery <red@bakery.example>, wrote:\n> Two loaves are ready.",
    "ox de inside marks": (
        "> Bäckerei Korn <red@bakery.example> hat am 12.09.2024 08:15 CEST geschrieben:\n> \n>  \n"
        "> Zwei Brote sind fertig.\n> Bitte bis Mittag."
    ),
    "ox it inside marks": (
        "> Il 12/09/2024 08:15 CEST Forno <red@bakery.example> ha scritto:\n> \n>  \n"
        "> Due pani sono pronti."
    ),
    "apple inside marks sv": (
        "> 12 sep. 2024 kl. 08:15 skrev Bageri Korn <red@bakery.example>:\n> \n> Två bröd är klara."
    ),
    "apple inside marks hr": (
        "> Dana 12.09.2024., u 08:15, Pekara <red@bakery.example> je napisao:\n> \n"
        "> Dva kruha su gotova.\n> Dođite prije podne."
    ),
    "zoho pt": (
        "---- Em sex, 07 fev 2025 14:22:09 -0300 Estaleiro <info@werft.example> escreveu ----\n\n"
        "Quando podemos ir?"
    ),
    "ja yahoo": "--- info@werft.example wrote (2025/02/07 (金) 14:22):\n> いつ伺えますか。",
    "gmail no colon sk date": (
        "pi 7. 2. 2025 o 14:22 Lodenica <info@werft.example> napísal(a)\n\n> Kedy môžeme prísť?\n"
        "> Ďakujeme."
    ),
    "thai date then name": "7 ก.พ. 2568 14:22 อู่เรือ <info@werft.example>\n\n> มาวันไหนดี",
    "fairemail da": (
        "Den 7. februar 2025 14.22.09 CET skrev Værftet <info@werft.example>:\n"
        ">Hvornår kan vi komme?\n>Hilsen"
    ),
    "roundcube it": "Il 2025-02-07 14:22 Cantiere ha scritto:\n> Quando possiamo venire?",
    "groupwise name only": ">>> Ship Yard 2/7/2025 2:22 PM >>>\nWhen can we come?",
    "bare name addr date above marks": "Hajógyár <info@werft.example>, 2025. febr. 7., P, 14:22\n\n> Mikor mehetünk?",
}

OTHER_LANGUAGES = {
    "hr gmail": (
        "čet, 12. ruj 2024. u 08:15 Pekara Zrno <red@bakery.example> napisao je:\n\n"
        "Dva kruha su gotova."
    ),
    "hr thunderbird no address": (
        "Dana 12. 9. 2024. u 8:15, Pekara Zrno je napisao/la:\n> Dva kruha su gotova.\n"
        "> Dođite prije podne."
    ),
    "sk thunderbird no address": "Dňa 12. 9. 2024 o 8:15 Pekáreň Zrno napísal(a):\n> Dva chleby sú hotové.",
    "sl roundcube": (
        "2024-09-12 08:15, je Pekarna Zrno napisal:\n> Dva hleba sta pripravljena.\n"
        "> Pridite pred poldnevom."
    ),
    "lt thunderbird no addr": "2024-09-12 08:15, Kepykla Grūdas rašė:\n> Dvi duonos paruoštos.",
    "eu": (
        "2024(e)ko ira. 12(a), og. (08:15), Okindegia <red@bakery.example> igorleak idatzi zuen:\n"
        "\nBi ogi prest daude."
    ),
    "ms": (
        "Pada Khamis, 12 Sep 2024 pada 8:15 PG Kedai Roti <red@bakery.example> menulis:\n\n"
        "Dua roti sudah siap."
    ),
    "tl": (
        "Noong Huw, Set 12, 2024 nang 8:15 AM, isinulat ni Panadero <red@bakery.example> ang sumusunod:\n"
        "\nHanda na ang tinapay."
    ),
    "sr": (
        "чет, 12. сеп 2024. у 08:15 Пекара Зрно <red@bakery.example> је написао/ла:\n\n"
        "Два хлеба су готова."
    ),
    "hi": (
        "गुरु, 12 सित॰ 2024 को 8:15 am बजे को Bakery <red@bakery.example> ने लिखा:\n\nदो रोटियाँ तैयार हैं।"
    ),
    "fa": "در تاریخ پنجشنبه ۱۲ سپتامبر ۲۰۲۴، ۸:۱۵ نانوایی <red@bakery.example> نوشت:\n\nدو نان آماده است.",
    "he apple": "ב-12 בספט׳ 2024, בשעה 8:15, ‏מאפייה <red@bakery.example> כתב/ה:\n\nשתי כיכרות מוכנות.",
    "ka": "ხუთ, 12 სექ. 2024, 08:15 თონე <red@bakery.example> დაწერა:\n\nორი პური მზადაა.",
    "is no marks": (
        "fim., 12. sep. 2024 kl. 08:15 skrifaði Bakarí Korn <red@bakery.example>:\n\n"
        "Tvö brauð eru tilbúin."
    ),
    "lv inbox": "Citēts Maiznīca <red@bakery.example> 12.09.2024 08:15:\n\n> Divi kukuļi ir gatavi.",
    "ru yandex": '12.09.2024, 08:15, "Пекарня" <red@bakery.example>:\n\nДва хлеба готовы.',
    "ru mail.ru": (
        "Четверг, 12 сентября 2024, 8:15 +03:00 от Пекарня <red@bakery.example>:\n\n"
        "Два хлеба готовы."
    ),
    "zh 163": '在 2024-09-12 08:15:40，"面包店" <red@bakery.example> 写道：\n\n两个面包好了。',
    "zh 163 en": 'At 2024-09-12 08:15:40, "Bakery" <red@bakery.example> wrote:\n\nTwo loaves are ready.',
    "nl no addr indented": (
        "Bakkerij Korrel schreef op do 12 september 2024 om 08:15:\n\n    Twee broden zijn klaar.\n"
        "    Kom voor de middag."
    ),
    "fr no addr indented": (
        "Le 12/09/2024 à 08:15, Boulangerie Grain a écrit :\n\n\tDeux pains sont prêts.\n\n"
        "\tVenez avant midi."
    ),
    "es name first no addr marks": (
        "Panadería Grano escribió el 12/09/2024 a las 08:15:\n> Dos panes están listos."
    ),
    "fi apple name first": (
        "Leipomo Jyvä <red@bakery.example> kirjoitti 12.9.2024 kello 8.15:\n\n"
        "Kaksi leipää on valmiina."
    ),
    "da ios": (
        "Den 12. sep. 2024 kl. 08.15 skrev Bageri Korn <red@bakery.example>:\n\n\ufeff\n"
        "To brød er klar."
    ),
    "hu thunderbird noaddr": "2024. 09. 12. 8:15 keltezéssel, Pékség Mag írta:\n> Két kenyér kész.",
    "id thunderbird noaddr": (
        "Pada 12/09/2024 08:15, Toko Roti menulis:\n> Dua roti sudah siap.\n> Datang sebelum siang."
    ),
    "el mailto wrapped": (
        "Στις Πέμ 12 Σεπ 2024 στις 8:15 π.μ., ο χρήστης Φούρνος <\nred@bakery.example> έγραψε:\n\n"
        "Δύο ψωμιά είναι έτοιμα."
    ),
    "mk no addr": "На 7.2.2025 во 14:22, Бродоградилиште напиша:\n> Кога да дојдеме?",
    "sq no addr": "Më 7.2.2025 14:22, Kantieri Detar shkroi:\n> Kur vijmë?",
    "eo no addr date": "Je la 2025-02-07 14:22, Ŝipejo skribis:\n> Kiam ni venu?",
    "vi tb": "Vào lúc 14:22 ngày 07/02/2025, Xưởng tàu đã viết:\n> Khi nào?",
    "zh tb": "在 2025/2/7 14:22, 船厂 写道:\n> 什么时候？",
    "cs indented": "Loděnice napsala dne 7. 2. 2025 v 14:22:\n\n    Kdy můžeme přijít?",
    "az bare": "7 fevral 2025 14:22 tarixində Tərsanə <info@werft.example> yazdı:\n\nSegelschiff",
    "kk bare": "жм, 7 ақп. 2025 ж. 14:22, Кеме <info@werft.example> мынаны жазды:\n\nSegelschiff",
    "mk bare": "На пет., 7 фев. 2025 г. во 14:22 Бродоградилиште <info@werft.example> напиша:\n\nSegelschiff",
    "sq bare": "Më pre, 7 shk 2025 në 14:22 Kantieri <info@werft.example> ka shkruar:\n\nSegelschiff",
    "hy bare": "Ուրբ, 7 փտր, 2025 թ. 14:22 Նավ <info@werft.example> գրել է՝:\n\nSegelschiff",
    "bn bare": "শুক্র, 7 ফেব, 2025 তারিখে 2:22 PM তারিখে Yard <info@werft.example> লিখেছেন:\n\nSegelschiff",
    "ta bare": "வெள்., 7 பிப்., 2025, பிற்பகல் 2:22 அன்று, Yard <info@werft.example> எழுதியது:\n\nSegelschiff",
    "sw bare": "Mnamo Ijumaa, 7 Februari 2025, saa 14:22, Meli <info@werft.example> aliandika:\n\nSegelschiff",
    "af bare": "Op Vr. 7 Feb. 2025 om 14:22 het Werf <info@werft.example> geskryf:\n\nSegelschiff",
    "gl bare": "O ven, 7 feb 2025 ás 14:22, Estaleiro (<info@werft.example>) escribiu:\n\nSegelschiff",
    "cy bare": "Ar Gwe, 7 Chwef 2025 am 14:22 Iard <info@werft.example> ysgrifennodd:\n\nSegelschiff",
    "ga bare": "Ar Aoine 7 Feabh 2025 ag 14:22, scríobh Long <info@werft.example>:\n\nSegelschiff",
    "ur bare": "جمعہ، 7 فروری، 2025 کو 2:22 PM پر Yard <info@werft.example> نے لکھا:\n\nSegelschiff",
    "am bare": "በ ዓርብ፣ ፌብ 7፣ 2025 በ 2:22 ከሰዓት Yard <info@werft.example> ጻፈ፦\n\nSegelschiff",
    "mn bare": "2025 оны 2-р сарын 7, Ба 14:22 цагт Усан онгоц <info@werft.example> бичсэн нь:\n\nSegelschiff",
    "km bare": "នៅ សុក្រ 7 កុម្ភៈ 2025 ម៉ោង 2:22 ល្ងាច Yard <info@werft.example> បានសរសេរ:\n\nSegelschiff",
}

QUOTES = {
    f"{kind}: {client}": rest
    for kind, rests in {
        "client": ATTRIBUTIONS,
        "language": OTHER_LANGUAGES,
    }.items()
    for client, rest in rests.items()
}


@pytest.mark.parametrize("client", QUOTES)
def test_the_answered_mail_is_cut_I4(client: str) -> None:
    found = trim(f"{NEW}\n\n\n{QUOTES[client]}\n")
    assert (found.text.rstrip(), found.elided) == (NEW, QUOTES[client].rstrip("\n"))


@pytest.mark.parametrize("line", ["Zitat von", "Citando", "Cytowanie"])
def test_a_name_without_a_date_introduces_a_quote_of_ours_I4(line: str) -> None:
    quote = "> Two loaves are ready.\n> Come before noon."
    text = f"{NEW}\n\n{line} Bakery <red@bakery.example>:\n\n{quote}"
    assert trim(text, sent=[OLD]).text == NEW
    assert trim(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        # A log or dates of the author.
        "Log vom 12.9.2024 8:15:\n\n    ERROR 17\n    ERROR 18",
        "Termine am 12.9.2024 8:15:\n\n    Mühle\n    zu Hause",
        "Das Protokoll vom 12.09.2024 08:15:\n> ERROR 17\n> ERROR 18",
        "Vidi grešku od 12.9.2024 8:15:\n\n>>> ventil 3\n>>> greška",
        "Se felet nedan.\n\n> 12.9.2024 8:15\n> ventil 3: ERROR\n> ventil 4: ERROR",
        # Somebody else's words, with an answer of the author below.
        "Herr Korn schrieb am 12.09.2024 um 08:15:\n\nIch komme nicht.\n\nWas soll ich tun?",
        "Mme Grain a écrit le 12/09/2024 à 08:15 :\n\n    Je ne viens pas.\n\nQue faire ?",
    ],
)
def test_what_only_resembles_them_is_shown(text: str) -> None:
    assert trim(text).text == text
