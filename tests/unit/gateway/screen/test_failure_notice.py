"""Failure notices without standard fields (F5), and delay notices (F4)."""

import pytest

from tests.support.notices import screened

NOTICES = {
    "filter, English": (
        "content-filter@out.example",
        "Undeliverable: Your invoice",
        "Our filter was unable to deliver your message to\n\nlena@forest.example\n\nIt was not kept.\n",
    ),
    "appliance with a name, English": (
        "Mail Gateway 3 <gw3@out.example>",
        "Delivery error",
        "lena@forest.example: 550 5.1.1 gone\n\n-- the message --\nFrom: support@help.example\n",
    ),
    "hoster, German": (
        "zustelldienst@out.example",
        "Ihre Nachricht ist unzustellbar",
        "Die folgende Nachricht wurde nicht zugestellt an:\n\n<lena@forest.example>\n\n552 Postfach voll\n",
    ),
    "university, French": (
        "passerelle@out.example",
        "Courriel non remis",
        "Votre message n'a pas pu être remis à\n\n  lena@forest.example\n\nIl est perdu.\n",
    ),
    "provider, Spanish": (
        "filtro@out.example",
        "Mensaje no entregado",
        "No se ha podido entregar su mensaje a:\n- lena@forest.example\n",
    ),
    "provider, Russian": (
        "robot@out.example",
        "Письмо не доставлено",
        "Письмо не удалось доставить получателю\nlena@forest.example\n",
    ),
    "carrier, Japanese": (
        "info@out.example",
        "送信できませんでした エラーメール",
        "次のアドレスにメールを配信できませんでした。\nlena@forest.example\n",
    ),
    "provider, Chinese": (
        "service@out.example",
        "系统退信",
        "您的邮件无法投递到以下地址：\n\nlena@forest.example\n",
    ),
    "filter, German, code first": (
        "Mail Filter <filter@out.example>",
        "Nachricht konnte nicht zugestellt werden",
        "Ihre Nachricht an lena@forest.example kam zurück:\n550 5.1.1 <lena@forest.example>: user unknown\n",
    ),
    "relay, Dutch, in a sentence": (
        "relay@out.example",
        "Bericht niet bezorgd",
        "Uw bericht aan lena@forest.example kon niet worden bezorgd (552 5.2.2 postvak vol).\n",
    ),
    "hoster, Italian, code in the next line": (
        "assistenza-posta@out.example",
        "Mancato recapito",
        "Il messaggio per lena@forest.example non è stato consegnato.\nRisposta: 550 5.1.1 utente sconosciuto\n",
    ),
    "gateway, English, recipient in a field": (
        "Mail Gateway <gateway-note@out.example>",
        "Returned: Boiler",
        "Refused by the other side: it could not be delivered.\n\nRecipient: lena@forest.example\nReason: 550 5.7.1\n",
    ),
    "bulk filter, English, subject without words": (
        "Filter <bounce-box@out.example>",
        "** The mail you sent was stopped **",
        "Your message to: lena@forest.example\nhas NOT BEEN DELIVERED. It was about:\n\nSubject: Boiler\n",
    ),
    "virus scanner, English, arrow": (
        "scanner@out.example",
        "A virus in your mail",
        "It was for\n\n-> lena@forest.example\n\nDelivery of the email was stopped.\n",
    ),
    "server with a name, German, reason far below": (
        "HAUS1/FORST <haus1@out.example>",
        "ZUSTELLFEHLER: 550 unbekannt",
        "Ihre Nachricht\n\n konnte nicht zugestellt werden an:\n\nlena@forest.example\n\nGrund:\n\n550 unbekannt\n",
    ),
    "hoster, Portuguese, greets the sender": (
        "envio@out.example",
        "A mensagem não foi entregue",
        "Prezado remetente,\n\na mensagem não foi entregue a:\n\nlena@forest.example\n\n550 5.1.1 inexistente\n",
    ),
    "hoster, Polish, no code": (
        "poczta@out.example",
        "Wiadomość nie została dostarczona",
        "Wiadomość nie została dostarczona do:\n\n<lena@forest.example>\n\nSkrzynka jest pełna.\n",
    ),
    "provider, Chinese, recipient in a field": (
        "Mail <system@out.example>",
        "来自 out.example 的退信",
        "您的邮件未能送达。\n收件人：lena@forest.example\n原因：550 5.1.1 不存在\n",
    ),
    "firewall, Dutch, recipient in a field": (
        "wacht@out.example",
        "Bericht niet afgeleverd",
        "Uw bericht is niet afgeleverd.\nOntvanger: <lena@forest.example>\nReden: 554 5.7.1 bijlage\n",
    ),
    "auto-submitted, words unknown": (
        "robot@out.example",
        "Ei mennyt perille",
        "Viesti ei mennyt perille:\n\nlena@forest.example\n554 5.7.1 Kielletty\n",
        "Auto-Submitted: auto-generated",
    ),
}


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_a_failure_notice_from_an_ordinary_address_is_a_bounce_F5(notice: tuple[str, ...]) -> None:
    found = screened(*notice)
    assert (found.class_, found.flags.may_ack) == ("bounce", False)
    assert found.bounce is not None
    assert [each.address for each in found.bounce.recipients] == ["lena@forest.example"]


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (
            "MAILER-DAEMON@mx.example",
            "Ongelma",
            "Vastaanottaja: lena@forest.example\n\n--- alla ---\nFrom: support@help.example\nSubject: Pump\n",
        ),
        (
            "postmaster@mx.example (The machine of the postmaster)",
            'Nobody called "lena"',
            "lena@forest.example: no such person\n\n>From: support@help.example\n>Subject: Pump\n",
        ),
        ("<>", "Return of mail", "<lena@forest.example>\n   (550 5.1.1 Brak takiej osoby)\n"),
    ],
)
def test_a_mail_servers_notice_in_unknown_words_is_a_bounce_F5(
    sender: str, subject: str, text: str
) -> None:
    found = screened(sender, subject, text)
    assert found.class_ == "bounce" and found.bounce is not None
    assert [each.address for each in found.bounce.recipients] == ["lena@forest.example"]


def test_a_postmaster_who_answers_a_mail_of_ours_is_no_bounce_F5() -> None:
    text = "Good day,\n\nthat is done now.\n\nLena\n\nFrom: support@help.example\nSubject: Certificate\n"
    found = screened("Lena Wood <postmaster@forest.example>", "AW: Certificate", text)
    assert found.class_ == "auto"


def test_a_contact_in_an_automatic_answer_is_no_failed_address_F5() -> None:
    text = "I read mail again on Monday. Until then:\n\notto@forest.example\n550 3142, 514 Wood Street\n"
    found = screened("lena@forest.example", "Re: Pump", text, "Return-Path: <>")
    assert found.class_ == "auto"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Mail is delayed",
            "Not yet delivered:\n\n  lena@forest.example\n\nWe go on until Friday.\n",
        ),
        ("Delivery status", "lena@forest.example\n  451 busy\nThe server will keep trying.\n"),
        (
            "Zustellung verzögert",
            "Noch nicht zugestellt:\n  lena@forest.example\nEs wird weiter versucht.\n",
        ),
        (
            "Delivery status",
            "Votre message est retardé :\n  lena@forest.example\nNouvel essai demain.\n",
        ),
        ("Delivery status", "Письмо задерживается:\n  lena@forest.example\n"),
        ("Delivery status", "配信が遅延しています。\n  lena@forest.example\n"),
        ("Varning: meddelandet är försenat", "Inte levererat ännu:\n  lena@forest.example\n"),
        ("Teslimat gecikiyor", "Henüz teslim edilmedi:\n  lena@forest.example\n"),
        ("Доставка затримується", "Ще не доставлено:\n  lena@forest.example\n"),
    ],
)
def test_a_delay_told_in_words_is_no_failure_F4(subject: str, text: str) -> None:
    for header in ("Precedence: bulk", "X-Failed-Recipients: lena@forest.example"):
        found = screened("MAILER-DAEMON@mx.example", subject, text, header)
        assert found.flags.is_bounce and found.flags.is_delay_notice and found.bounce is not None
        [lena] = found.bounce.recipients
        assert (lena.address, lena.action, lena.hard) == ("lena@forest.example", "delayed", False)


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("Entrega demorada", "Aún no se ha entregado:"),
        ("Remise retardée : Chaudière", "Le serveur essaie encore :"),
        ("Recapito in ritardo", "Non ancora recapitato:"),
    ],
)
def test_a_delay_told_by_the_null_sender_is_no_failure_F4(subject: str, said: str) -> None:
    text = f"{said}\n\nlena@forest.example\n"
    found = screened("correo@out.example", subject, text, "Return-Path: <>")
    assert found.flags.is_bounce and found.flags.is_delay_notice
    assert screened("otto@out.example", f"Re: {subject}", text, "Return-Path: <>").class_ == "auto"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Undeliverable: Your parcel is delayed", "lena@forest.example: 550 5.1.1 gone\n"),
        ("Undeliverable mail", "It was delayed for days:\n  lena@forest.example\n"),
        (
            "Delivery status",
            "lena@forest.example\nDelayed each time; we are giving up after 5 days.\n",
        ),
        (
            "Delivery status",
            "lena@forest.example\nVerzögert, nun endgültig abgewiesen: nicht zugestellt.\n",
        ),
    ],
)
def test_a_failure_after_delays_is_a_failure_F4(subject: str, text: str) -> None:
    found = screened("MAILER-DAEMON@mx.example", subject, text)
    assert found.flags.is_bounce and not found.flags.is_delay_notice and found.bounce is not None
    assert [each.action for each in found.bounce.recipients] == ["failed"]
