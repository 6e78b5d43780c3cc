"""What is new in a reply (I1 to I12)."""

import pytest

from gateway.trim.trim import trim

QUOTE = "> Have you tried\n> turning it off?"


def new(text: str, **more: object) -> str:
    return trim(text, **more).text  # type: ignore[arg-type]


def test_the_rest_is_folded_not_lost_I1() -> None:
    found = trim(f"Yes.\n\nOn 3 May 2026 10:00, Ana wrote:\n{QUOTE}\n")
    assert found.text == "Yes."
    assert found.elided == f"On 3 May 2026 10:00, Ana wrote:\n{QUOTE}"


@pytest.mark.parametrize(
    "text",
    [QUOTE, f"On 3 May 2026, Ana <a@b.example> wrote:\n{QUOTE}", "--\nCarl", "Sent from my iPhone"],
)
def test_nothing_left_means_everything_I2(text: str) -> None:
    assert trim(text).text == text and trim(text).elided == ""


def test_interleaved_answers_keep_their_quotes_I3() -> None:
    text = "> Red or blue?\n\nRed.\n\n> Today or later?\n\nLater."
    assert new(f"On 3 May 2026 10:00, Ana wrote:\n{text}") == text


def test_an_answer_below_the_quote_is_taken_alone_I3() -> None:
    assert new(f"On 3 May 2026 10:00, Ana wrote:\n{QUOTE}\n\nYes.\nTwice.") == "Yes.\nTwice."


ATTRIBUTIONS = [
    "On Mon, 3 May 2026 at 10:00, Ana Agent <support@help.example> wrote:",
    "On Mon, 3 May 2026 at 10:00, Ana Agent <\nsupport@help.example> wrote:",
    "On Mon, 3 May 2026 at 10:00,\nAna Agent\n<support@help.example>\nwrote:",
    "---- On Mon, 03 May 2026 10:00:00 +0200 Ana <support@help.example> wrote ----",
    "Am 03.05.2026 um 10:00 schrieb Ana Agent:",
    "Ana Agent <support@help.example> schrieb am Mo., 3. Mai 2026 um\n10:00:",
    "Le lun. 3 mai 2026 à 10:00, Ana Agent <support@help.example> a écrit :",
    "El lun, 3 may 2026 a las 10:00, Ana (<support@help.example>) escribió:",
    "Il giorno lun 3 mag 2026 alle ore 10:00 Ana <support@help.example> ha scritto:",
    "Em seg., 3 de mai. de 2026 às 10:00, Ana <support@help.example> escreveu:",
    "Op ma 3 mei 2026 om 10:00 schreef Ana Agent <support@help.example>:",
    "Op 3 mei 2026 om 10:00 heeft Ana <support@help.example> het volgende geschreven:",
    "W dniu 3.05.2026 o 10:00, Ana pisze:",
    "pon., 3 maj 2026 o 10:00 Ana <support@help.example> napisał(a):",
    "po 3. 5. 2026 v 10:00 odesílatel Ana <support@help.example> napsal:",
    "Den mån 3 maj 2026 kl 10:00 skrev Ana <support@help.example>:",
    "Den man. 3. maj 2026 kl. 10.00 skrev Ana <support@help.example>:",
    "ma 3. toukok. 2026 klo 10.00 Ana (support@help.example) kirjoitti:",
    "пн, 3 мая 2026 г. в 10:00, Ana <support@help.example>:",
    "3 мая 2026, 10:00 пользователь Ana <support@help.example> написал:",
    "пн, 3 трав. 2026 р. о 10:00 Ana <support@help.example> пише:",
    "Ana <support@help.example>, 3 May 2026 Pzt, 10:00 tarihinde şunu yazdı:",
    "Vào Th 2, 3 thg 5, 2026 lúc 10:00 Ana <support@help.example> đã viết:",
    "Ana <support@help.example> 于2026年5月3日周一 10:00写道：",
    "2026年5月3日(月) 10:00 Ana <support@help.example>:",
    "2026년 5월 3일 (월) 오전 10:00, Ana <support@help.example>님이 작성:",
    "‫בתאריך יום ב׳, 3 במאי 2026 ב-10:00 מאת ‪Ana‬‏ <‪support@help.example‬‏>:‬",
    "2026-05-03 10:00 GMT+02:00 Ana Agent <support@help.example>:",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_attributions_of_many_languages_I4(line: str) -> None:
    assert new(f"It works.\n\n{line}\n\n{QUOTE}") == "It works."


@pytest.mark.parametrize("line", ATTRIBUTIONS[:5] + ATTRIBUTIONS[6:12])
def test_also_where_the_quote_has_no_marks_I4(line: str) -> None:
    assert new(f"It works.\n\n{line}\n\nHave you tried?\n") == "It works."


@pytest.mark.parametrize(
    "line",
    [
        "As Ana wrote:",
        "On Monday we wrote:",
        "The error on 3 May 2026 was the following:",
        "Please call on 3 May at 10:00, these wrote down the time:",
    ],
)
def test_sentences_that_only_resemble_one_are_kept_I4(line: str) -> None:
    text = f"Hello,\n{line}\nerror 17"
    assert new(text) == text


BLOCKS = [
    "From: Ana <support@help.example>\nSent: Monday, 3 May 2026 10:00\nTo: Carl\nSubject: Printer",
    "Von: Ana\nGesendet: Montag, 3. Mai 2026 10:00\nAn: Carl\nBetreff: Drucker",
    "De : Ana\nEnvoyé : lundi 3 mai 2026\nÀ : Carl\nObjet : Imprimante",
    "*From:* Ana\n*Sent:* Monday\n*To:* Carl\n*Subject:* Printer",
    "Van: Ana\nVerzonden: maandag 3 mei 2026\nAan: Carl\nOnderwerp: Printer",
    "Från: Ana [mailto:support@help.example]\nSkickat: den 3 maj 2026\nTill: Carl\nÄmne: Skrivare",
    "Od: Ana\nWysłano: 3 maja 2026\nDo: Carl\nTemat: Drukarka",
    "От: Ana\nОтправлено: 3 мая 2026\nКому: Carl\nТема: Принтер",
    "发件人: Ana\n发送时间: 2026年5月3日\n收件人: Carl\n主题: 打印机",
    "差出人: Ana\n送信日時: 2026年5月3日\n宛先: Carl\n件名: プリンタ",
]


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize(
    "rule", ["", "________________________________\n", "-----Original Message-----\n"]
)
def test_header_blocks_I5(block: str, rule: str) -> None:
    assert new(f"It works.\n\n{rule}{block}\n\nHave you tried?") == "It works."


def test_one_header_like_line_is_text_I5() -> None:
    text = "From: our database\nit says nothing."
    assert new(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "-------- Weitergeleitete Nachricht --------",
    ],
)
def test_a_forwarded_mail_is_content_I6(line: str) -> None:
    text = f"See below.\n\n{line}\n{BLOCKS[0]}\n\nThe parcel is lost.\n> quoted"
    assert new(text) == text


MARKER = "-- Please reply above this line --"


@pytest.mark.parametrize(
    "below",
    [
        f"{MARKER}\n\nDear Carl,\nhave you tried?",
        f"On 3 May 2026, Ana wrote:\n> {MARKER}\n> Dear Carl\n\nYour privacy matters.",
        "> -- Please reply above\n> this line --\n> Dear Carl\nfooter",
    ],
)
def test_everything_from_our_own_line_on_is_cut_I7(below: str) -> None:
    assert new(f"It works.\n\n{below}", markers=(MARKER,)) == "It works."


def test_a_signature_near_the_end_I8() -> None:
    found = trim("It works.\n\n-- \nCarl Customer\nPrinters Ltd")
    assert (found.text, found.signature) == ("It works.", "-- \nCarl Customer\nPrinters Ltd")


def test_a_delimiter_far_from_the_end_is_none_I8() -> None:
    text = "It works.\n--\n" + "one more line\n" * 20 + "end"
    assert new(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Enviado desde mi iPhone",
        "从我的 iPhone 发送",
    ],
)
def test_a_telephones_line_I8(line: str) -> None:
    assert new(f"It works.\n\n{line}\n") == "It works."


@pytest.mark.parametrize(
    "text",
    [
        "Hello\n\nSent from my desk, is much easier than my phone.",
        "# Points\n----\nfast\n----\nsmall",
        "Because of\n-- one\n-- two",
        "The parcel was\nsent from Berlin\nto Rome.",
        "Sincerely,\nwith regards to the payment",
    ],
)
def test_what_only_resembles_a_signature_is_kept_I8(text: str) -> None:
    assert new(text) == text


def test_a_prompt_line_and_fenced_code_are_no_quotes_I9() -> None:
    for text in ("I typed\n> ls", "Code:\n```\n--\n> x\n> y\nOn 1/1/2026 Ana wrote:\n```"):
        assert new(text) == text


def test_lines_of_the_mail_we_sent_are_quotes_without_marks_I9() -> None:
    sent = "Have you tried turning it off?\nThen please turn it on again."
    text = f"It works.\n\n{sent}"
    assert new(text) == text
    assert new(text, sent=[sent]) == "It works."


def test_kept_lines_are_unchanged_I10() -> None:
    kept = "Formatting\n\n  - one\n\t- two   \n\n\n    three"
    assert new(f"{kept}\n\nOn 3 May 2026 10:00, Ana wrote:\n{QUOTE}") == kept


def test_windows_line_ends_I10() -> None:
    found = trim("Yes.\r\n\r\nOn 3 May 2026 10:00, Ana wrote:\r\n> no\r\n> yes\r\n")
    assert found.text == "Yes.\r"
    assert new("\r\nYes.\r") == "Yes.\r"
