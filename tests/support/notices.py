"""Mails as gateways and people send them, with an ordinary envelope, and how they are screened."""

from gateway.parse.parse import parse
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.screen import Screening, screen

SUPPORT = "support@help.example"


def screened(sender: str, subject: str, text: str, *headers: str) -> Screening:
    more = "".join(f"{header}\n" for header in headers)
    raw = (
        f"From: {sender}\nTo: {SUPPORT}\nSubject: {subject}\nMessage-ID: <n1@out.example>\nMIME-Version: 1.0\n"
        f"{more}Content-Type: text/plain; charset=utf-8\n\n{text}"
    ).encode()
    # An ordinary envelope: such gateways do not use the null sender.
    return screen(parse(raw), ScreenEnvelope(envelope_from="someone@out.example"), raw)
