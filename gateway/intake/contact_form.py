"""Finds the customer in mail that a contact form sends (G7)."""

import re
from collections.abc import Callable

from msgspec import Struct

from gateway.parse import addresses
from gateway.parse.mail import Address, Mail
from ticketctl.domain.definition.definition import Mailbox
from ticketctl.write_guard import never_in_a_write

_PERSON = ("email", "name", "subject")

MAX_LINES = 200
"""Lines of the text in which fields are looked for."""


class FormEntry(Struct, frozen=True):
    """A form that a customer filled in: author, subject ("" for none), values of ticket fields (type, cf.NAME).

    `opens_only`: it comes from an address of our own, which anybody may write; it joins no ticket.
    """

    author: Address
    subject: str
    ticket: dict[str, str] = {}
    opens_only: bool = False


@never_in_a_write
def form_entry(
    mail: Mail, box: Mailbox | None, is_inside: Callable[[str], bool]
) -> FormEntry | None:
    """Find the customer by Reply-To, X-Customer-Email, or the line that the mailbox's settings name.

    None if the mail is not from a form, or names nobody but addresses of our own.
    """
    if box is None or mail.sender is None or mail.sender.key not in box.form_senders:
        return None
    fields = {key: _value(mail.text, label) for key, label in box.form_fields.items()}
    stated = (
        *mail.reply_to,
        *addresses.parse(mail.first("x-customer-email"), 1),
        *addresses.parse(fields.get("email", ""), 1),
    )
    for one in stated:
        if one.key != mail.sender.key and not is_inside(one.key):
            name = fields.get("name", "") or one.name
            ticket = {key: value for key, value in fields.items() if value and key not in _PERSON}
            return FormEntry(Address(name, one.email), fields.get("subject", ""), ticket)
    return None


@never_in_a_write
def own_address_entry(
    mail: Mail, is_ours: Callable[[str], bool], is_inside: Callable[[str], bool]
) -> FormEntry | None:
    """Find the customer of a form that sends from an address of our own: the first of Reply-To who is not of the desk.

    None for other mail.
    """
    if mail.sender is None or not is_ours(mail.sender.key):
        return None
    outside = next((one for one in mail.reply_to if not is_inside(one.key)), None)
    return FormEntry(outside, "", opens_only=True) if outside else None


def _value(text: str, label: str) -> str:
    """Return what follows `label:` at the start of a line, or ""."""
    wanted = _pattern(label)
    for line in text.split("\n", MAX_LINES)[:MAX_LINES]:
        if found := wanted.match(line):
            return found[1].strip()
    return ""


def _pattern(label: str) -> re.Pattern[str]:
    return re.compile(
        rf"\s*+[*_]?{re.escape(label)}[*_]?\s*+[:=]\s*+[*_]?\s*+(\S.{{0,499}})", re.IGNORECASE
    )
