"""Mails of programs that only their own words tell from a person's (E11)."""

import pytest

from tests.support.notices import screened

NOTICES = {
    "English": (
        "Your mail was not processed",
        "This is an automated message. Please sign up first.",
    ),
    "English, address not read": (
        "We got your mail",
        "Use our portal. Do not reply to this email.",
    ),
    "English, nobody reads it": ("Ticket closed", "This mailbox is not monitored."),
    "German": ("Nicht verarbeitet", "Diese Nachricht wurde automatisch erstellt."),
    "French": ("Demande non traitée", "Ceci est un message automatique, merci."),
    "Spanish": ("No procesado", "Este es un mensaje automático."),
    "Italian": ("Richiesta chiusa", "Messaggio automatico, il caso è chiuso."),
    "Portuguese": ("Pedido fechado", "E-mail gerado automaticamente."),
    "Dutch": ("Niet verwerkt", "Dit bericht is automatisch gegenereerd."),
    "Polish": ("Zgłoszenie", "Wiadomość wygenerowana automatycznie."),
    "Russian": ("Заявка закрыта", "Письмо создано автоматически."),
    "Turkish": ("Talebiniz", "Bu ileti otomatik olarak gönderildi."),
    "Japanese": ("容量のお知らせ", "※このメールは自動送信です。"),
    "Chinese": ("通知", "系统自动发送，请勿回复。"),
    "Korean": ("안내", "이 메일은 자동으로 발송되었습니다."),
}


@pytest.mark.parametrize(("subject", "text"), NOTICES.values(), ids=NOTICES)
def test_a_mail_that_calls_itself_automatic_opens_a_ticket_in_silence_E11(
    subject: str, text: str
) -> None:
    found = screened("help@other.example", subject, f"{text}\n")
    assert (found.class_, found.flags.may_ack) == ("human", False)
    assert [each.slug for each in found.hits] == ["says-automatic"]


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nwhat now?\n\n> This is an automated message.\n\nKim\n",
        "Was heißt das?\n\nVon: dienst@other.example\nAn: Kim\n\nDiese Nachricht wurde automatisch erstellt.\n",
        "The door opens automatically. The message on it is old.\n",
        "Les réponses automatiques sont coupées. Merci.\n",
    ],
)
def test_what_a_person_quotes_or_says_of_programs_is_acknowledged_E11(text: str) -> None:
    assert screened("kim@customer.example", "Question", text).flags.may_ack


def test_a_form_on_a_web_site_names_its_customer_and_is_acknowledged_E11() -> None:
    text = "Este mensaje se ha enviado automáticamente desde el formulario.\nNombre: Eva\n"
    found = screened("web@shop.example", "Consulta", text, "Reply-To: eva@customer.example")
    assert found.flags.may_ack
