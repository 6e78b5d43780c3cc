"""An agent forwards a customer's mail: its author, its subject, its text, and the agent's own words (G6)."""

import pytest

from gateway.intake.forward import ForwardedMail, find_forwarded, is_forward
from gateway.parse.mail import Mail
from gateway.parse.parse import parse

GMAIL = """Please look at this one.

---------- Forwarded message ---------
From: Carl Customer <carl@customer.example>
Date: Mon, 3 Feb 2025
Subject: Printer is broken
To: anna@help.example

It does not print.
"""
OUTLOOK = """Bitte ansehen.

________________________________
Von: Carl Customer [mailto:carl@customer.example]
Gesendet: Montag, 3. Februar 2025 10:00
An: Anna
Betreff: Drucker kaputt

Er druckt nicht.
"""
APPLE = """Begin forwarded message:

> From: Carl Customer <carl@customer.example>
> Subject: Printer is broken
> Date: 3 February 2025 at 10:00:00 CET
> To: anna@help.example
>
> It does not print.
> At all.
"""
SPANISH = """
---------- Mensaje reenviado ----------
De: Carl Customer
 <carl@customer.example>
Fecha: 3 feb 2025
Asunto: La impresora
Para: anna@help.example

No imprime.
"""


def passed_on(subject: str, text: str, inner: Mail | None = None) -> ForwardedMail | None:
    raw = f"From: Anna <anna@help.example>\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}"
    ours = {"anna@help.example", "support@help.example"}
    return find_forwarded(parse(raw.encode()), lambda: inner, lambda address: address in ours)


@pytest.mark.parametrize(
    ("subject", "text", "wanted"),
    [
        ("Fwd: Printer", GMAIL, ("Printer is broken", "It does not print.", "Please look at this one.")),
        ("WG: Drucker", OUTLOOK, ("Drucker kaputt", "Er druckt nicht.", "Bitte ansehen.")),
        ("Fwd: Printer", APPLE, ("Printer is broken", "It does not print.\nAt all.", "")),
        ("RV: La impresora", SPANISH, ("La impresora", "No imprime.", "")),
    ],
    ids=["gmail", "outlook", "apple", "spanish"],
)  # fmt: skip
def test_the_embedded_header_names_the_customer_G6(
    subject: str, text: str, wanted: tuple[str, str, str]
) -> None:
    found = passed_on(subject, text)
    assert found is not None
    assert (found.author.name, found.author.email) == ("Carl Customer", "carl@customer.example")
    assert (found.subject, found.text, found.note) == wanted


PREFIXES = (
    *("Fwd", "FW", "fw", "Fwd[2]", "WG", "TR", "Tr", "RV", "I", "VS", "VL", "ENC", "Doorst"),
    *("PD", "Přep", "İLT", "转发", "轉寄", "転送", "Пересл"),
)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_forward_in_any_language_G6(prefix: str) -> None:
    raw = f"Subject: {prefix}: Printer\nContent-Type: text/plain; charset=utf-8\n\n"
    assert is_forward(parse(raw.encode()))


@pytest.mark.parametrize("subject", ["Re: Printer", "Printer", "AW: Fwd: Printer", "fwd Printer"])
def test_other_subjects_are_no_forwards_G6(subject: str) -> None:
    assert passed_on(subject, GMAIL) is None


def test_text_without_a_header_block_is_no_forward_G6() -> None:
    assert (
        passed_on("Fwd: Printer", "See carl@customer.example.\nFrom: what I know it is broken.")
        is None
    )


def test_our_own_notification_passed_on_is_no_customers_mail_G6_D16() -> None:
    text = GMAIL.replace("Carl Customer <carl@customer.example>", "Help <support@help.example>")
    assert passed_on("Fwd: [Help #12] Printer", f"{text}\n{GMAIL}") is None


def test_an_attached_mail_is_the_customers_G6() -> None:
    inner = parse(b"From: Carl <carl@customer.example>\nSubject: Broken\n\nIt does not print.\n")
    found = passed_on("Fwd: mail", "Please look.", inner)
    assert found is not None and found.author.key == "carl@customer.example"
    assert (found.subject, found.text.strip(), found.note) == (
        "Broken", "It does not print.", "Please look.",
    )  # fmt: skip


def test_a_line_on_top_names_the_requester_whatever_the_mail_holds_G6() -> None:
    found = passed_on("Fwd: Printer", f"requester: Dora <dora@customer.example>\n\n{GMAIL}")
    assert found is not None and found.author.email == "dora@customer.example"
    assert (found.subject, found.note) == ("Printer is broken", "Please look at this one.")
    called = passed_on("He called", "Requester: carl@customer.example\nIt does not print.")
    assert called is not None
    assert (called.author.key, called.subject, called.text) == (
        "carl@customer.example", "He called", "It does not print.",
    )  # fmt: skip


def test_no_agent_or_mailbox_becomes_the_requester_G6() -> None:
    assert passed_on("Fwd: x", "requester: support@help.example\n\ntext") is None
