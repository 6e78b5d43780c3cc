"""Lines that phones and mail programs add, "Sent from my iPhone" (I8)."""

import pytest

from gateway.trim.trim import trim

NEW = "Wednesday is fine."

LINES = {
    "hr": "Poslano s iPhonea",
    "sk": "Odoslané z iPhonu",
    "sl": "Poslano iz mojega iPhona",
    "ca": "Enviat des del meu iPhone",
    "id": "Dikirim dari iPhone saya",
    "ms": "Dihantar dari iPhone saya",
    "bg": "Изпратено от моя iPhone",
    "sr": "Послато са iPhone-а",
    "hi": "मेरे iPhone से भेजा गया",
    "fa": "ارسال‌شده از iPhone من",
    "et": "Saadetud minu iPhone'ist",
    "lt": "Išsiųsta iš mano iPhone",
    "lv": "Nosūtīts no mana iPhone",
    "de samsung": "Von meinem Samsung Galaxy Smartphone gesendet.",
    "de gmx": "Gesendet mit der GMX iPhone App",
    "de tablet": "Von Samsung-Tablet gesendet",
    "nl samsung": "Verzonden vanaf mijn Galaxy",
    "es xiaomi": "Enviado desde mi Xiaomi",
    "vi": "Đã gửi từ iPhone của tôi",
    "ko galaxy": "나의 Galaxy에서 보냄",
    "ja galaxy": "Galaxyから送信",
    "zh huawei": "发自我的华为手机",
    "zh mi": "来自我的小米手机",
    "zh qq": "发自我的iPhone",
    "ru mail.ru": "Отправлено из Почты Mail.ru для Android",
    "ru yandex": "Отправлено из мобильной Яндекс.Почты",
    "yahoo es": "Enviado desde Yahoo Mail para Android",
    "yahoo it": "Inviato da Yahoo Mail su Android",
    "yahoo link": "Sent from Yahoo Mail for iPhone <https://overview.mail.yahoo.com/?.src=iOS>",
    "yahoo de": "Von Yahoo Mail auf Android gesendet",
    "proton fr": "Envoyé avec la messagerie sécurisée Proton Mail.",
    "proton en": "Sent with Proton Mail secure email.",
    "proton de": "Gesendet mit Proton Mail, sichere E-Mail.",
    "tr outlook": "Android için Outlook'u edinin<https://aka.ms/x>",
    "pl outlook": "Pobierz aplikację Outlook dla systemu Android<https://aka.ms/x>",
    "fi outlook": "Hanki Outlook for Android<https://aka.ms/x>",
    "hr outlook": "Preuzmite Outlook za Android<https://aka.ms/x>",
    "ar outlook": "الحصول على Outlook لـ Android<https://aka.ms/x>",
    "spark": "Sent via Spark <https://sparkmailapp.com>",
    "fairemail": "Sent with FairEmail",
    "k9 de": "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "k9 en": "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
    "sv": "Skickat från min Samsung Galaxy-smartphone.",
    "no": "Sendt fra min iPad",
    "hu": "Az iPhone készülékemről küldve",
    "ro": "Trimis de pe iPhone-ul meu",
    "uk": "Надіслано з мого iPhone",
    "el": "Εστάλη από το iPhone μου",
    "he": "נשלח מה-iPhone שלי",
    "it alice": "Inviato dal mio Galaxy",
    "fr orange": "Envoyé depuis l'application Mail Orange",
    "fr sfr": "Télécharger Outlook pour Android<https://aka.ms/x>",
    "windows de": "Gesendet von Outlook für Android<https://aka.ms/x>",
    "pt win": "Enviado do Correio para Windows 10",
    "blackberry": "Sent from my BlackBerry 10 smartphone on the Orange network.",
    "th galaxy": "ส่งจาก Galaxy ของฉัน",
    "mk": "Испратено од мојот iPhone",
    "sq": "Dërguar nga iPhone im",
    "ka": "გაგზავნილია ჩემი iPhone-იდან",
    "hy": "Ուղարկված է իմ iPhone-ից",
    "is": "Sent úr iPhone",
    "af": "Gestuur vanaf my iPhone",
    "gl": "Enviado dende o meu iPhone",
    "tl": "Ipinadala mula sa aking iPhone",
    "de xiaomi": "Gesendet von meinem Xiaomi-Smartphone",
    "de outlook": "Outlook für Android beziehen<https://aka.ms/x>",
    "pl samsung": "Wysłane z telefonu Samsung Galaxy",
    "hu samsung": "Samsung Galaxy okostelefonról küldve",
    "ko samsung": "삼성 Galaxy 스마트폰에서 보냄",
    "sl outlook": "Prenesite Outlook za Android<https://aka.ms/x>",
    "th outlook": "รับ Outlook สำหรับ Android<https://aka.ms/x>",
    "hi galaxy": "मेरे Galaxy से भेजा गया",
}

TOUCHING = {
    "fr touch": "Envoyé de mon iPhone",
    "ru touch quote": (
        "Отправлено с iPhone\n\n"
        "> 12 сент. 2024 г., в 08:15, Пекарня <red@bakery.example> написал(а):\n> \n"
        "> Два хлеба готовы."
    ),
    "pt touch quote": (
        "Enviado do meu iPhone\n\n"
        "Em 12 de set. de 2024, à(s) 08:15, Padaria <red@bakery.example> escreveu:\n\n"
        "\ufeffDois pães estão prontos."
    ),
    "ja touch": "iPhoneから送信\n\n2024/09/12 8:15、パン屋 <red@bakery.example>のメール:\n\n> パンができました。",
    "zh touch header": (
        "发自我的iPhone\n\n------------------ 原始邮件 ------------------\n发件人: 面包店 <red@bakery.example>\n"
        "发送时间: 2024年9月12日 08:15\n收件人: ivo\n主题: 面包\n\n两个面包。"
    ),
    "cs outlook": (
        "Získat Outlook pro Android<https://aka.ms/x>\n________________________________\n"
        "From: Pekárna <red@bakery.example>\nSent: Thursday, September 12, 2024 8:15:40 AM\n"
        "To: Ivo\nSubject: Chléb\n\nDva chleby."
    ),
    "da touch quote directly": (
        "Sendt fra min iPhone\n> Den 12. sep. 2024 kl. 08.15 skrev Bageri <red@bakery.example>:\n"
        "> \n> To brød er klar."
    ),
    "it": "Inviato da iPhone",
    "fi": "Lähetetty iPhonesta",
    "ko": "나의 iPhone에서 보냄",
    "ro": "Trimis de pe iPhone-ul meu",
    "tr quote": (
        "iPhone’umdan gönderildi\n\nOn 7 Feb 2025, at 14:22, Yard <info@werft.example> wrote:\n\n"
        "> When?"
    ),
    "uk quote": "Надіслано з iPhone\n\nOn 7 Feb 2025, at 14:22, Yard <info@werft.example> wrote:\n\n> When?",
    "vi quote": (
        "Đã gửi từ iPhone của tôi\n\nOn 7 Feb 2025, at 14:22, Yard <info@werft.example> wrote:\n\n"
        "> When?"
    ),
}

QUOTE = "On 12 Sep 2024 at 08:15, Bakery <red@bakery.example> wrote:\n\n> Which day?"
BLOCK = (
    "-----Original Message-----\nFrom: Bakery <red@bakery.example>\nSent: 12 September 2024 08:15\n"
    "To: Ivo\nSubject: Bread\n\nWhich day?"
)


@pytest.mark.parametrize("language", LINES)
@pytest.mark.parametrize(
    "below", ["", f"\n\n{QUOTE}", f"\n\n{BLOCK}"], ids=["end", "quote", "block"]
)
def test_the_line_of_a_phone_is_a_paragraph_of_its_own_I8(language: str, below: str) -> None:
    assert trim(f"{NEW}\n\n{LINES[language]}{below}").text == NEW


@pytest.mark.parametrize("language", TOUCHING)
def test_the_line_of_a_phone_may_touch_the_text_I8(language: str) -> None:
    assert trim(f"{NEW}\n{TOUCHING[language]}").text == NEW


def test_the_same_line_in_the_quote_changes_nothing_I8() -> None:
    quote = QUOTE.replace("> Which day?", "> Which day?\n> Poslano s iPada\n> Sent from my iPhone")
    assert trim(f"{NEW}\n\nPoslano s iPhonea\n\n{quote}").text == NEW


@pytest.mark.parametrize(
    "text",
    [
        # The answer is the device.
        "Bonjour,\n\nc'est un iPhone",
        "Hi Ina,\n\niPhone 12",
        "Dobar dan!\n\nStari iPhone",
        "Ja, er geht noch.\n\nEs ist ein Galaxy",
        "Sí.\n\nTengo un Samsung",
        "Tak.\n\nMam Galaxy S10",
        "Witam,\n\nto jest iPhone",
        "Ano.\n\nTelefon: Galaxy",
        "好的。\n\n我用的是iPhone",
        "はい。\n\nパソコンのOutlookです",
        "Ναι.\n\nΈχω ένα iPhone",
        "Ja.\n\nAndroid",
        "нет.\n\nУ меня Galaxy",
        # The author writes about the device.
        "Radi na Androidu, ali Outlook ne.\n\nNovi Outlook za Android",
        "Here is what I need:\n\nManual for Outlook",
        "It fails.\n\nError on start:\n\nGalaxy offline",
        "It fails.\n\nOpening Outlook\nClosing the window",
        "Nema ga u popisu\nPoslano s iPhonea",
        "Sendte den på mandag.\n\nBrukte Outlook, som vanlig",
        "Ne radi.\n\nNapomena s iPhonea\n\nNovi red ispod nje.",
        "Hvala.\n\nUpute za Outlook<https://help.example/outlook>",
        # The author says what they use.
        "Prikazuje se ovo:\n\nGreška na Androidu",
        "Es betrifft\n\nSamsung Galaxy Tab",
        "Ďakujem.\n\nTelefon je Samsung",
        "Hvala.\n\nImam i Xiaomi",
        "Aitäh.\n\nMeil on Huawei",
        "Gracias.\n\nUso Outlook en casa",
        "Danke.\n\nIch nutze Thunderbird",
        "Grazie.\n\nUso Outlook",
        "Merci.\n\nJ'utilise Thunderbird",
        "Obrigado.\n\nUso Gmail",
        "Dziękuję.\n\nUżywam Outlooka",
        "Děkuji.\n\nPoužívám Outlook",
        "Tack.\n\nJag använder Outlook",
        "Tak.\n\nJeg bruger Outlook",
        "Kiitos.\n\nKäytän Outlookia",
        "Teşekkürler.\n\nOutlook kullanıyorum",
        "Спасибо.\n\nПользуюсь Outlook",
        "Дякую.\n\nКористуюсь Outlook",
        "Köszönöm.\n\nOutlookot használok",
        "Mulțumesc.\n\nFolosesc Outlook",
        "Bedankt.\n\nIk gebruik Outlook",
        "Thanks.\n\nUsing Outlook at work",
        "Thanks.\n\nPlease call me\n\nSamsung phone number unknown",
        "Terima kasih.\n\nPakai Outlook",
        "Hej,\n\nThe problem is with Windows\n\nReinstalled Windows twice",
        "Yes.\n\nBoth Outlook and Gmail",
        "Hvala, radi.\n\nPozdrav,\nIvo\n\nKoristim Outlook",
        "Thanks!\n\nTested with K-9 Mail",
        "Da.\n\nNovi iPhone stiže u petak",
        "Danke!\n\nTelefon\n\nAltes Galaxy Handy von Oma",
    ],
)
def test_what_an_author_says_of_a_device_is_shown_I8(text: str) -> None:
    assert trim(text).text == text
