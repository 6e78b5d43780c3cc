"""`status #12`: what a customer may ask of their ticket (F-L4). An exact grammar: no real mail is taken for it."""

import re

from gateway.parse.mail import Mail
from ticketctl.write_guard import never_in_a_write

_QUESTION = re.compile(r"\s*+(?:status|estado|stav)\s++#?([1-9][0-9]{0,17})\s*+[.?!]?\s*+", re.I)
_SIGNATURE = re.compile(r"^-- ?$", re.M)


@never_in_a_write
def about(mail: Mail) -> int | None:
    """The ticket that a mail asks for and does nothing else; None for every other mail.

    The question is the whole text, or the subject of a mail without any.
    """
    if mail.parts:
        return None
    text = _SIGNATURE.split(mail.text, maxsplit=1)[0].strip()
    found = _QUESTION.fullmatch(text or mail.subject)
    return int(found[1]) if found else None
