"""Header blocks of many languages and mail programs (I5, I6)."""

import pytest

from gateway.trim.trim import trim

NEW = "Wednesday is fine."

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
    "az": (
        "Kimdən: Tərsanə <info@werft.example>\nGöndərilib: 7 fevral 2025 14:22\n"
        "Kimə: Rauf <rauf@boat.example>\nMövzu: Gəmi\n\nNə vaxt?"
    ),
    "sq": (
        "Nga: Kantieri <info@werft.example>\nDërguar: e premte, 7 shkurt 2025 14:22\nPër: Arta\n"
        "Tema: Anija\n\nKur?"
    ),
    "ka": (
        "ვისგან: Yard <info@werft.example>\nგაგზავნილია: 7 თებერვალი, 2025 14:22\n"
        "ვის: ana@boat.example\nთემა: გემი\n\nროდის?"
    ),
    "apple hr": (
        "Od: Brodogradilište <info@werft.example>\nPredmet: Brod\n"
        "Datum: 7. veljače 2025. u 14:22:09 CET\nPrima: Ana <ana@boat.example>\n\nKada?"
    ),
    "bg with cc and importance": (
        "От: Корабо <info@werft.example>\nИзпратено: петък, 7 февруари 2025 г. 14:22 ч.\n"
        "До: Ана <ana@boat.example>\nКопие: Боян <b@boat.example>\nВажност: Висока\n"
        "Относно: Кораб\n\nКога?"
    ),
    "ar arabic digits": (
        "من: الحوض <info@werft.example>\nتاريخ الإرسال: ٧ فبراير ٢٠٢٥ ١٤:٢٢\n"
        "إلى: dana@boat.example\nالموضوع: سفينة\n\nمتى؟"
    ),
    "lt mailto": (
        "Nuo: Laivai [mailto:info@werft.example]\nIšsiųsta: 2025 m. vasario 7 d. 14:22\nKam: Ona\n"
        "Tema: Laivas\n\nKada?"
    ),
    "unknown sender wo name": (
        "Od: info@werft.example <info@werft.example>\nPoslano: 7. veljače 2025. 14:22\n"
        "Prima: ana@boat.example\nPredmet: Brod\n\nKada?"
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
    "it rule": (
        '----\nMessaggio del: 07/02/2025 14:22\nDa: "Cantiere" <info@werft.example>\n'
        "A: <dana@boat.example>\nOggetto: Nave\n\nQuando?"
    ),
    "hr unknown": (
        'Poruka od 7.2.2025. 14:22\nOd: "Brod" <info@werft.example>\nZa: dana@boat.example\n'
        "Predmet: Brod\n\nKada?"
    ),
    "sk unknown framed": (
        '===== Správa z 7.2.2025 14:22 =====\nOd: "Loď" <info@werft.example>\n'
        "Komu: dana@boat.example\nPredmet: Loď\n\nKedy?"
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
    "bg": (
        "-------- Оригинално съобщение --------От: Кораб <info@werft.example> Дата: "
        "7.02.25  14:22  (GMT+02:00) До: dana@boat.example Относно: Кораб\n"
        "\nWhen?"
    ),
    "ja": (
        "-------- 元のメッセージ --------差出人: 造船所 <info@werft.example> 日付: 2025/02/07  14:22 "
        " (GMT+09:00) 宛先: dana@boat.example 件名: 船\n"
        "\nWhen?"
    ),
    "vi": (
        "-------- Thư gốc --------Từ: Xưởng <info@werft.example> Ngày: 07/02/2025  "
        "14:22  (GMT+07:00) Đến: dana@boat.example Chủ đề: Tàu\n"
        "\nWhen?"
    ),
    "hu next line": (
        "-------- Eredeti üzenet --------\n"
        "Feladó: Hajó <info@werft.example> Dátum: 2025. 02. 07.  14:22  (GMT+01:00) "
        "Címzett: dana@boat.example Tárgy: Hajó\n"
        "\nWhen?"
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
    "es": (
        "Astillero Norte <info@werft.example>\n07/02/2025 14:22\n\nPara:\tdana@boat.example\n"
        "cc:\t\nAsunto:\tBarco\n\nWe come on Friday."
    ),
    "cs": (
        "Loděnice <info@werft.example>\n07.02.2025 14:22\n\nKomu:\tdana@boat.example\nKopie:\t\n"
        "Předmět:\tLoď\n\nWe come on Friday."
    ),
    "hu": (
        "Hajógyár <info@werft.example>\n2025.02.07. 14:22\n\nCímzett:\tdana@boat.example\n"
        "Másolat:\t\nTárgy:\tHajó\n\nWe come on Friday."
    ),
    "en no blank": (
        "Yard North <info@werft.example>\n02/07/2025 02:22 PM\nTo:\tdana@boat.example\ncc:\t\n"
        "Subject:\tBoat\n\nWe come on Friday."
    ),
}

QUOTES = {
    f"{kind}: {client}": rest
    for kind, rests in {
        "block": HEADER_BLOCKS,
        "head line": HEAD_LINES,
        "original message": ORIGINALS,
        "unnamed sender": UNNAMED_SENDERS,
    }.items()
    for client, rest in rests.items()
}


@pytest.mark.parametrize("client", QUOTES)
def test_the_answered_mail_is_cut_I5(client: str) -> None:
    found = trim(f"{NEW}\n\n\n{QUOTES[client]}\n")
    assert (found.text.rstrip(), found.elided) == (NEW, QUOTES[client].rstrip("\n"))


@pytest.mark.parametrize(
    "text",
    [
        # Forms that a customer fills in, and a contact.
        "Vidi:\n\nOd: 12.9.2024. 8:15\nDo: 13.9.2024. 9:00\nKontakt: Ivo "
        "<ivo@mill.example>\nRazlog: put\n\nHvala!"
        "Ivo <ivo@mill.example>\n12.09.2024 08:15\n\nOvdje je moja narudžba.",
        "Evo.\n\nIvo <ivo@mill.example>\nDatum: 12.09.2024 08:15\n\nKruh: 2\nE-mail: ivo@mill.example\n\nHvala!",
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
