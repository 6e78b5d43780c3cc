"""Recognises `status #12`, by which a customer asks about their ticket (F-L4). Exact, so that no other mail matches."""

import re

from gateway.parse.mail import Mail
from ticketctl.write_guard import never_in_a_write

_QUESTION = re.compile(r"\s*+(?:status|estado|stav)\s++#?([1-9][0-9]{0,17})\s*+[.?!]?\s*+", re.I)
_SIGNATURE = re.compile(r"^-- ?$", re.M)


@never_in_a_write
def ticket_asked_about(mail: Mail) -> int | None:
    """Return the ticket if the mail only asks for its status; None for any other mail.

    The question must be the whole text, or the subject if there is no text.
    """
    if mail.parts:
        return None
    text = _SIGNATURE.split(mail.text, maxsplit=1)[0] if "--" in mail.text else mail.text
    found = _QUESTION.fullmatch(text.strip() or mail.subject)
    return int(found[1]) if found else None
