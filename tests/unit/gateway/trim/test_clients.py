"""What mail programs of many languages put between the answer and the quote (I4, I5, I6)."""

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
}

HEADER_BLOCKS = {
    "sr": (
        "Од: Пекара <red@bakery.example>\nПослато: четвртак, 12. септембар 2024. 08:15\n"
        "Коме: Иво <ivo@mill.example>\nТема: Хлеб\n\nДва хлеба."
    ),
    "th": (
        "จาก: ร้านขนมปัง <red@bakery.example>\nส่ง: 12 กันยายน 2024 08:15\nถึง: ivo@mill.example\n"
        "เรื่อง: ขนมปัง\n\nขนมปังเสร็จแล้ว"
    ),
    "hi": (
        "प्रेषक: Bakery <red@bakery.example>\nभेजा गया: 12 सितंबर 2024 08:15\n"
        "प्रति: ivo@mill.example\nविषय: रोटी\n\nरोटी तैयार है।"
    ),
    "fa": (
        "از: نانوایی <red@bakery.example>\nارسال شده: ۱۲ سپتامبر ۲۰۲۴ ۰۸:۱۵\nبه: ivo@mill.example\n"
        "موضوع: نان\n\nنان آماده است."
    ),
    "sk": (
        "Od: Pekáreň <red@bakery.example>\nOdoslané: štvrtok 12. septembra 2024 8:15\n"
        "Komu: Ivo <ivo@mill.example>\nPredmet: RE: Chlieb\n\nDva chleby."
    ),
    "bg rule": (
        "________________________________\nОт: Пекарна <red@bakery.example>\n"
        "Изпратено: четвъртък, 12 септември 2024 г. 8:15\nДо: Иво <ivo@mill.example>\n"
        "Относно: Хляб\n\nДва хляба."
    ),
    "ca mailto": (
        "De: Forn [mailto:red@bakery.example]\nEnviat el: dijous, 12 de setembre de 2024 8:15\n"
        "Per a: Ivo\nTema: Pa\n\nDos pans."
    ),
    "gmx de": (
        "Gesendet: Donnerstag, 12. September 2024 um 08:15 Uhr\n"
        'Von: "Bäckerei" <red@bakery.example>\nAn: ivo@mill.example\nBetreff: Brot\n\nZwei Brote.'
    ),
    "zimbra fr": (
        'De: "Boulangerie" <red@bakery.example>\nÀ: "ivo" <ivo@mill.example>\n'
        "Envoyé: Jeudi 12 Septembre 2024 08:15:40\nObjet: Pain\n\nDeux pains."
    ),
    "zimbra mail original": (
        '----- Mail original -----\nDe: "Boulangerie" <red@bakery.example>\n'
        'À: "ivo" <ivo@mill.example>\nEnvoyé: Jeudi 12 Septembre 2024 08:15:40\nObjet: Pain\n\n'
        "Deux pains."
    ),
    "qq": (
        '------------------ 原始邮件 ------------------\n发件人: "面包店";<red@bakery.example>;\n'
        '发送时间: 2024年9月12日(星期四) 上午8:15\n收件人: "ivo"<ivo@mill.example>;\n主题: 面包\n\n两个面包。'
    ),
    "naver": (
        '-----Original Message-----\nFrom: "빵집"<red@bakery.example>\nTo: <ivo@mill.example>;\n'
        "Cc:\nSent: 2024-09-12 (목) 08:15:40 (GMT+09:00)\nSubject: 빵\n\n빵 두 개."
    ),
    "em client": (
        '------ Original Message ------\nFrom "Bakery" <red@bakery.example>\n'
        'To "Ivo" <ivo@mill.example>\nDate 9/12/2024 8:15:40 AM\nSubject Bread\n\nTwo loaves.'
    ),
    "em client de": (
        '------ Originalnachricht ------\nVon "Bäckerei" <red@bakery.example>\n'
        'An "Ivo" <ivo@mill.example>\nDatum 12.09.2024 08:15:40\nBetreff Brot\n\nZwei Brote.'
    ),
    "et date before from": (
        "Saadetud: neljapäev, 12. september 2024 08:15\nSaatja: Pagar Tera <red@bakery.example>\n"
        "Saaja: Ivo\nTeema: Leib\n\nKaks leiba."
    ),
    "lv outlook no address": (
        "No: Maiznīca Grauds\nNosūtīts: ceturtdiena, 2024. gada 12. septembris 08:15\n"
        "Kam: Ivo Bel <ivo@mill.example>\nTēma: Maize\n\nDivi kukuļi."
    ),
    "vi bold": (
        "*Từ:* Tiệm bánh <red@bakery.example>\n*Đã gửi:* Thứ Năm, 12 Tháng Chín, 2024 08:15\n"
        "*Đến:* ivo@mill.example\n*Chủ đề:* Bánh mì\n\nHai ổ bánh."
    ),
    "ms date only time far": (
        "Daripada: Kedai Roti <red@bakery.example>\nKepada: ivo@mill.example\n"
        "Tarikh: Khamis, 12 September 2024 08:15\nPerkara: Roti\n\nDua roti."
    ),
}

HEAD_LINES = {
    "orange marks": (
        '> Message du 12/09/24 08:15\n> De : "Boulangerie" <red@bakery.example>\n'
        "> A : ivo@mill.example\n> Copie à : \n> Objet : Pain\n> \n> Deux pains.\n\n"
    ),
    "it libero": (
        'Messaggio del 12/09/2024 08:15\nDa: "Forno" <red@bakery.example>\nA: ivo@mill.example\n'
        "Oggetto: Pane\n\nDue pani."
    ),
    "es": (
        'Mensaje del: 12/09/2024 08:15\nDe: "Panadería" <red@bakery.example>\n'
        "Para: ivo@mill.example\nAsunto: Pan\n\nDos panes."
    ),
    "pl": (
        'Wiadomość z dnia: 12.09.2024 08:15\nOd: "Piekarnia" <red@bakery.example>\n'
        "Do: ivo@mill.example\nTemat: Chleb\n\nDwa chleby."
    ),
    "de tonline": (
        "-----Original-Nachricht-----\nBetreff: Brot\nDatum: 2024-09-12T08:15:40+0200\n"
        'Von: "Bäckerei" <red@bakery.example>\nAn: "ivo@mill.example" <ivo@mill.example>\n\n'
        "Zwei Brote."
    ),
    "rule text rule": (
        '--- Message du 12/09/2024 08:15 ---\nDe : "Boulangerie" <red@bakery.example>\n'
        "A : ivo@mill.example\nObjet : Pain\n\nDeux pains."
    ),
}

ORIGINALS = {
    "it": (
        "-------- Messaggio originale --------Da: Forno <red@bakery.example> Data: "
        "12/09/24  08:15  (GMT+01:00) A: ivo@mill.example Oggetto: Pane \n"
        "\nTwo loaves are ready."
    ),
    "fr": (
        "-------- Message d'origine --------De : Boulangerie <red@bakery.example> "
        "Date : 12/09/2024  08:15  (GMT+01:00) À : ivo@mill.example Objet : Pain \n"
        "\nTwo loaves are ready."
    ),
    "ru": (
        "-------- Исходное сообщение --------От: Пекарня <red@bakery.example> Дата: "
        "12.09.2024  08:15  (GMT+03:00) Кому: ivo@mill.example Тема: Хлеб\n"
        "\nTwo loaves are ready."
    ),
    "hr unknown": (
        "-------- Izvorna poruka --------Od: Pekara <red@bakery.example> Datum: "
        "12.09.2024.  08:15  (GMT+01:00) Prima: ivo@mill.example Predmet: Kruh \n"
        "\nTwo loaves are ready."
    ),
    "th unknown": (
        "-------- ข้อความต้นฉบับ --------จาก: ร้าน <red@bakery.example> วันที่: "
        "12/09/2024  08:15  (GMT+07:00) ถึง: ivo@mill.example เรื่อง: ขนมปัง \n"
        "\nTwo loaves are ready."
    ),
    "ko": (
        "-------- 원본 이메일 --------발신: 빵집 <red@bakery.example> 날짜: 24/9/12  08:15  "
        "(GMT+09:00) 받은 사람: ivo@mill.example 제목: 빵 \n"
        "\nTwo loaves are ready."
    ),
    "cs": (
        "-------- Původní zpráva --------Od: Pekárna <red@bakery.example> Datum: "
        "12.09.24  8:15  (GMT+01:00) Komu: ivo@mill.example Předmět: Chléb \n"
        "\nTwo loaves are ready."
    ),
}

UNNAMED_SENDERS = {
    "it": (
        "Forno Grano <red@bakery.example>\n12/09/2024 08:15\n\nPer\tivo@mill.example\nCC\t\n"
        "Oggetto\tPane\n\nTwo loaves are ready."
    ),
    "sv": (
        "Bageri Korn <red@bakery.example>\n2024-09-12 08:15\n\nTill:\tivo@mill.example\nKopia:\t\n"
        "Ärende:\tBröd\n\nTwo loaves are ready."
    ),
    "pl": (
        "Piekarnia Ziarno <red@bakery.example>\n12.09.2024 08:15\n\nDo:\tivo@mill.example\nDW:\t\n"
        "Temat:\tChleb\n\nTwo loaves are ready."
    ),
    "on date": (
        "Bakery Grain <red@bakery.example> on 12/09/2024 08:15:40 AM\n\nTo:\tivo@mill.example\n"
        "cc:\t\nSubject:\tBread\n\nTwo loaves are ready."
    ),
    "notes wrote": (
        "-----Bakery Grain <red@bakery.example> wrote: -----\n\nTo: ivo@mill.example\n"
        "From: Bakery Grain <red@bakery.example>\nDate: 09/12/2024 08:15AM\nSubject: Bread\n\n"
        "Two loaves are ready."
    ),
    "notes schrieb": (
        "-----Bäckerei Korn <red@bakery.example> schrieb: -----\nAn: ivo@mill.example\n"
        "Von: Bäckerei Korn <red@bakery.example>\nDatum: 12.09.2024 08:15\nBetreff: Brot\n\n"
        "Two loaves are ready."
    ),
    "notes table": (
        "Von:        Bäckerei Korn <red@bakery.example>\nAn:        ivo@mill.example\n"
        "Kopie:        \nDatum:        12.09.2024 08:15\nBetreff:        Brot\n\n"
        "Two loaves are ready."
    ),
    "pt weekday": (
        "Padaria Grão <red@bakery.example>\nqui, 12 de set de 2024 08:15\n\n"
        "Para:\tivo@mill.example\nAssunto:\tPão\n\nTwo loaves are ready."
    ),
    "outlook mobile": (
        "Bakery Grain <red@bakery.example>\nThu, 12 Sep 2024 at 08:15\n\nTo: ivo@mill.example\n"
        "Subject: Bread\n\nTwo loaves are ready."
    ),
}

QUOTES = {
    f"{kind}: {client}": rest
    for kind, rests in {
        "attribution": ATTRIBUTIONS,
        "other language": OTHER_LANGUAGES,
        "header block": HEADER_BLOCKS,
        "head line": HEAD_LINES,
        "original message": ORIGINALS,
        "unnamed sender": UNNAMED_SENDERS,
    }.items()
    for client, rest in rests.items()
}


@pytest.mark.parametrize("client", QUOTES)
def test_the_answered_mail_is_cut_I4_I5(client: str) -> None:
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
        # Forms that a customer fills in, and a contact.
        "Vidi:\n\nOd: 12.9.2024. 8:15\nDo: 13.9.2024. 9:00\nKontakt: Ivo "
        "<ivo@mill.example>\nRazlog: put\n\nHvala!"
        "Ivo <ivo@mill.example>\n12.09.2024 08:15\n\nOvdje je moja narudžba.",
        "Moja narudžba:\n\nIvo <ivo@mill.example>\n12.09.2024 08:15\n\nKruh: 2\nPecivo: 4\n\nHvala!",
        # A forward on the line.
        "Siehe unten.\n\n-------- Weitergeleitete Nachricht --------Von: Korn <red@bakery.example> "
        "Datum: 12.09.24 08:15 An: ivo@mill.example Betreff: Brot\n\nDas Brot ist fertig.",
        "See below.\n\n> Message of 12/09/2024 08:15\n> the bread was old",
        "Evo cijele poruke:\n\n> Poruka 12/09/24 08:15\n> Od: Pekara <red@bakery.example>\n"
        "> Za: ivo@mill.example\n> Predmet: Kruh\n>\n> Kruh je gotov.",
    ],
)
def test_what_only_resembles_them_is_shown(text: str) -> None:
    assert trim(text).text == text
