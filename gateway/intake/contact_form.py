"""Mail of a contact form: the customer is not the web server that sends it (G7)."""

import re
from collections.abc import Callable

from msgspec import Struct

from gateway.parse import addresses
from gateway.parse.mail import Address, Mail
from ticketctl.domain.definition.definition import Mailbox
from ticketctl.write_guard import never_in_a_write

_PERSON = ("email", "name", "subject")

LINES = 200
"""Lines of the text in which the fields are looked for."""


class Filled(Struct, frozen=True):
    """Who filled in the form, his subject, what its lines say of the ticket (type, cf.NAME); "" and {} for nothing."""

    author: Address
    subject: str
    ticket: dict[str, str] = {}


@never_in_a_write
def filled(mail: Mail, box: Mailbox | None, is_inside: Callable[[str], bool]) -> Filled | None:
    """The customer of a form's mail: Reply-To, X-Customer-Email, or the line that the mailbox names.

    None for mail that is no form's or names nobody; addresses of the desk's own are nobody.
    """
    if box is None or mail.sender is None or mail.sender.key not in box.form_senders:
        return None
    fields = {key: _line(mail.text, label) for key, label in box.form_fields.items()}
    stated = (
        *mail.reply_to,
        *addresses.parse(mail.first("x-customer-email"), 1),
        *addresses.parse(fields.get("email", ""), 1),
    )
    for one in stated:
        if one.key != mail.sender.key and not is_inside(one.key):
            name = fields.get("name", "") or one.name
            ticket = {key: said for key, said in fields.items() if said and key not in _PERSON}
            return Filled(Address(name, one.email), fields.get("subject", ""), ticket)
    return None


def _line(text: str, label: str) -> str:
    """What stands behind `label:` at the beginning of a line."""
    wanted = _line_of(label)
    for line in text.split("\n", LINES)[:LINES]:
        if found := wanted.match(line):
            return found[1].strip()
    return ""


def _line_of(label: str) -> re.Pattern[str]:
    return re.compile(
        rf"\s*+[*_]?{re.escape(label)}[*_]?\s*+[:=]\s*+[*_]?\s*+(\S.{{0,499}})", re.IGNORECASE
    )
