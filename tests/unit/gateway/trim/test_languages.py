"""What mail programs write above the answered mail, as they write it in each language (I4, I5, I6, I8)."""

import pytest

from gateway.trim.trim import trim

NEW = "It still burns, and the room next door is on fire as well."
OLD = "Have you tried to switch it off?"

WROTE = {
    "en gmail": "On Mon, May 4, 2026 at 10:15 AM Ana Roe <ana@x.example> wrote:",
    "en gmail 24 h": "On Mon, 4 May 2026 at 10:15, Ana Roe <ana@x.example> wrote:",
    "en apple": "On May 4, 2026, at 10:15, Ana Roe <ana@x.example> wrote:",
    "en thunderbird": "On 5/4/26 10:15, Ana Roe wrote:",
    "en yahoo": "On Monday, May 4, 2026 at 10:15:22 AM GMT+2, Ana Roe <ana@x.example> wrote:",
    "en zoho": "---- On Mon, 04 May 2026 10:15:22 +0200 Ana Roe <ana@x.example> wrote ----",
    "en wrapped": "On Mon, May 4, 2026 at 10:15 AM Ana Roe via Support Desk <\nana.of.the.long.name@x.example> wrote:",
    "en iso": "2026-05-04 10:15 GMT+02:00 Ana Roe <ana@x.example>:",
    "de gmail": "Am Mo., 4. Mai 2026 um 10:15 Uhr schrieb Ana Roe <ana@x.example>:",
    "de apple": "Am 04.05.2026 um 10:15 schrieb Ana Roe <ana@x.example>:",
    "de thunderbird": "Am 04.05.26 um 10:15 schrieb Ana Roe:",
    "de gmx": "Gesendet: Montag, 4. Mai 2026 um 10:15 Uhr\nVon: Ana <ana@x.example>\nAn: bob@y.example\nBetreff: Feuer",
    "fr gmail": "Le lun. 4 mai 2026 à 10:15, Ana Roe <ana@x.example> a écrit :",
    "fr apple": "Le 4 mai 2026 à 10:15, Ana Roe <ana@x.example> a écrit :",
    "fr thunderbird": "Le 04/05/2026 à 10:15, Ana Roe a écrit :",
    "es gmail": "El lun, 4 may 2026 a las 10:15, Ana Roe (<ana@x.example>) escribió:",
    "es apple": "El 4 may 2026, a las 10:15, Ana Roe <ana@x.example> escribió:",
    "es thunderbird": "El 4/5/26 a las 10:15, Ana Roe escribió:",
    "it gmail": "Il giorno lun 4 mag 2026 alle ore 10:15 Ana Roe <ana@x.example> ha scritto:",
    "it thunderbird": "Il 04/05/2026 10:15, Ana Roe ha scritto:",
    "pt gmail": "Em seg., 4 de mai. de 2026 às 10:15, Ana Roe <ana@x.example> escreveu:",
    "pt gmail pt": "Ana Roe <ana@x.example> escreveu (segunda, 4/05/2026 à(s) 10:15):",
    "nl gmail": "Op ma 4 mei 2026 om 10:15 schreef Ana Roe <ana@x.example>:",
    "nl apple": "Op 4 mei 2026, om 10:15 heeft Ana Roe <ana@x.example> het volgende geschreven:",
    "nl thunderbird": "Op 04-05-2026 om 10:15 schreef Ana Roe:",
    "pl gmail": "pon., 4 maj 2026 o 10:15 Ana Roe <ana@x.example> napisał(a):",
    "pl apple": "Wiadomość napisana przez Ana Roe <ana@x.example> w dniu 04.05.2026, o godz. 10:15:",
    "pl thunderbird": "W dniu 4.05.2026 o 10:15, Ana Roe pisze:",
    "cs gmail": "po 4. 5. 2026 v 10:15 odesílatel Ana Roe <ana@x.example> napsal:",
    "cs apple": "4. 5. 2026 v 10:15, Ana Roe <ana@x.example>:",
    "cs thunderbird": "Dne 04. 05. 26 v 10:15 Ana Roe napsal(a):",
    "sv gmail": "Den mån 4 maj 2026 kl 10:15 skrev Ana Roe <ana@x.example>:",
    "sv apple": "4 maj 2026 kl. 10:15 skrev Ana Roe <ana@x.example>:",
    "da gmail": "Den man. 4. maj 2026 kl. 10.15 skrev Ana Roe <ana@x.example>:",
    "no gmail": "man. 4. mai 2026 kl. 10:15 skrev Ana Roe <ana@x.example>:",
    "fi gmail": "ma 4. toukok. 2026 klo 10.15 Ana Roe (ana@x.example) kirjoitti:",
    "fi apple": "Ana Roe <ana@x.example> kirjoitti 4.5.2026 kello 10.15:",
    "ru gmail": "пн, 4 мая 2026 г. в 10:15, Ana Roe <ana@x.example>:",
    "ru apple": "4 мая 2026 г., в 10:15, Ana Roe <ana@x.example> написал(а):",
    "ru thunderbird": "04.05.2026 10:15, Ana Roe пишет:",
    "ru mail.ru": "Понедельник, 4 мая 2026, 10:15 +03:00 от Ana Roe <ana@x.example>:",
    "uk gmail": "пн, 4 трав. 2026 р. о 10:15 Ana Roe <ana@x.example> пише:",
    "tr gmail": "Ana Roe <ana@x.example>, 4 May 2026 Pzt, 10:15 tarihinde şunu yazdı:",
    "tr apple": "Ana Roe <ana@x.example> şunları yazdı (4 May 2026 10:15):",
    "vi gmail": "Vào Th 2, 4 thg 5, 2026 vào lúc 10:15 Ana Roe <ana@x.example> đã viết:",
    "zh gmail": "Ana Roe <ana@x.example> 于2026年5月4日周一 10:15写道:",
    "zh apple": "在 2026年5月4日,10:15,Ana Roe <ana@x.example> 写道:",
    "zh gmail tw": "Ana Roe <ana@x.example> 於 2026年5月4日 週一 上午10:15寫道:",
    "ja gmail": "2026年5月4日(月) 10:15 Ana Roe <ana@x.example>:",
    "ja apple": "2026/05/04 10:15、Ana Roe <ana@x.example>のメール:",
    "ko gmail": "2026년 5월 4일 (월) 오전 10:15, Ana Roe <ana@x.example>님이 작성:",
    "he gmail": "‫בתאריך יום ב׳, 4 במאי 2026 ב-10:15 מאת ‪Ana Roe‬‏ <‪ana@x.example‬‏>:‬",
    "hu gmail": "Ana Roe <ana@x.example> ezt írta (időpont: 2026. máj. 4., H, 10:15):",
    "ro gmail": "În lun., 4 mai 2026 la 10:15, Ana Roe <ana@x.example> a scris:",
    "el gmail": "Στις Δευ 4 Μαΐ 2026 στις 10:15 π.μ., ο/η Ana Roe <ana@x.example> έγραψε:",
    "ca gmail": "Missatge de Ana Roe <ana@x.example> del dia dl., 4 de maig 2026 a les 10:15:",
}

OUTLOOK = {
    "en": "From: Ana Roe <ana@x.example>\nSent: Monday, May 4, 2026 10:15\nTo: Bob\nSubject: RE: Fire",
    "en, bold": "*From:* Ana Roe <ana@x.example>\n*Sent:* Monday, May 4, 2026 10:15\n*To:* Bob\n*Subject:* RE: Fire",
    "de": "Von: Ana Roe\nGesendet: Montag, 4. Mai 2026 10:15\nAn: Bob\nBetreff: AW: Feuer",
    "fr": "De : Ana Roe\nEnvoyé : lundi 4 mai 2026 10:15\nÀ : Bob\nObjet : RE: Feu",
    "es": "De: Ana Roe\nEnviado el: lunes, 4 de mayo de 2026 10:15\nPara: Bob\nAsunto: RE: Fuego",
    "it": "Da: Ana Roe\nInviato: lunedì 4 maggio 2026 10:15\nA: Bob\nOggetto: R: Fuoco",
    "pt": "De: Ana Roe\nEnviada em: segunda-feira, 4 de maio de 2026 10:15\nPara: Bob\nAssunto: RES: Fogo",
    "nl": "Van: Ana Roe\nVerzonden: maandag 4 mei 2026 10:15\nAan: Bob\nOnderwerp: RE: Brand",
    "pl": "Od: Ana Roe\nWysłano: poniedziałek, 4 maja 2026 10:15\nDo: Bob\nTemat: RE: Pożar",
    "cs": "Od: Ana Roe\nOdesláno: pondělí 4. května 2026 10:15\nKomu: Bob\nPředmět: RE: Oheň",
    "sv": "Från: Ana Roe\nSkickat: den 4 maj 2026 10:15\nTill: Bob\nÄmne: SV: Eld",
    "da": "Fra: Ana Roe\nSendt: 4. maj 2026 10:15\nTil: Bob\nEmne: SV: Ild",
    "no": "Fra: Ana Roe\nSendt: mandag 4. mai 2026 10:15\nTil: Bob\nEmne: SV: Brann",
    "fi": "Lähettäjä: Ana Roe\nLähetetty: maanantai 4. toukokuuta 2026 10:15\nVastaanottaja: Bob\nAihe: VS: Tuli",
    "ru": "От: Ana Roe\nОтправлено: 4 мая 2026 г. 10:15\nКому: Bob\nТема: RE: Огонь",
    "uk": "Від: Ana Roe\nНадіслано: 4 травня 2026 р. 10:15\nКому: Bob\nТема: RE: Вогонь",
    "tr": "Kimden: Ana Roe\nGönderildi: 4 Mayıs 2026 Pazartesi 10:15\nKime: Bob\nKonu: YNT: Ateş",
    "zh": "发件人: Ana Roe\n发送时间: 2026年5月4日 10:15\n收件人: Bob\n主题: 回复: 火",
    "zh, wide colons": "发件人：Ana Roe\n发送时间：2026年5月4日 10:15\n收件人：Bob\n主题：回复: 火",
    "ja": "差出人: Ana Roe\n送信日時: 2026年5月4日 10:15\n宛先: Bob\n件名: RE: 火",
    "ko": "보낸 사람: Ana Roe\n보낸 날짜: 2026년 5월 4일 10:15\n받는 사람: Bob\n제목: RE: 불",
    "he": "מאת: Ana Roe\nנשלח: יום שני 4 מאי 2026 10:15\nאל: Bob\nנושא: RE: אש",
    "hu": "Feladó: Ana Roe\nKüldve: 2026. május 4., hétfő 10:15\nCímzett: Bob\nTárgy: RE: Tűz",
}  # fmt: skip

TELEPHONES = [
    "Sent from my iPhone",
    "Sent from Outlook for Android <https://aka.ms/x>",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Sent from Yahoo Mail on Android",
    "Von meinem iPhone gesendet",
    "Gesendet von Mail für Windows",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Enviado do meu iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Wysłane z iPhone'a",
    "Odesláno z iPhonu",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Отправлено с iPhone",
    "Надіслано з iPhone",
    "iPhone'umdan gönderildi",
    "发自我的iPhone",
    "從我的 iPhone 傳送",
    "iPhoneから送信",
    "나의 iPhone에서 보냄",
    "נשלח מה-iPhone שלי",
]


@pytest.mark.parametrize("client", WROTE)
def test_the_line_above_a_marked_quote_I4(client: str) -> None:
    assert trim(f"{NEW}\n\n{WROTE[client]}\n\n> {OLD}\n> Support\n").text == NEW


@pytest.mark.parametrize("client", [key for key in WROTE if key not in ("pl apple", "ca gmail")])
def test_the_line_above_a_quote_without_marks_I4(client: str) -> None:
    assert trim(f"{NEW}\n\n{WROTE[client]}\n\n{OLD}\nSupport\n").text == NEW


@pytest.mark.parametrize("language", OUTLOOK)
@pytest.mark.parametrize(
    "rule", ["", "________________________________\n", "-----Original Message-----\n"]
)
def test_the_head_of_the_answered_mail_I5(language: str, rule: str) -> None:
    assert trim(f"{NEW}\n\n{rule}{OUTLOOK[language]}\n\n{OLD}\n").text == NEW


@pytest.mark.parametrize("line", TELEPHONES)
def test_the_line_of_a_telephone_I8(line: str) -> None:
    found = trim(f"{NEW}\n\n{line}\n")
    assert (found.text, found.signature) == (NEW, line)
    assert trim(f"{NEW}\n\n{line}\n\n{WROTE['en gmail']}\n> {OLD}\n").text == NEW


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote: it burns.\nNobody answered.",
        "From: the roof, mostly\nwe see smoke.",
        "Sent from my desk is easier for me than from the phone, so I will do that.",
        "We met on 3 May 2026 and you said:\nno problem at all.",
        "Steps:\n1. open it\n2. look\n---\nthen it burns",
        "$ ls\n> /dev/null\nis what I typed",
        "The following are wrong:\n\n- From\n- To\n\nPlease mend them.",
        "Regards to the payment: I sent it on 3/4/2026.",
        "Ana Roe <ana@x.example>, who was here on 3 May 2026, told me:\nit burns.",
        "Please answer to Ana <ana@x.example> before 3 May 2026:\n\nshe waits.",
    ],
)
def test_an_author_who_writes_like_a_machine_keeps_every_word_I8_I9(text: str) -> None:
    assert trim(text).text == text
