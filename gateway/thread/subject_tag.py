"""Finds the ticket by the tag `[Help #12]` anywhere in the subject (D6, D7)."""

from gateway.parse.mail import Mail
from gateway.thread.match import Match
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.subject import find_tag
from ticketctl.write_guard import never_in_a_write


@never_in_a_write
def find(desk_name: str, mail: Mail) -> int | None:
    """Return the ticket number in the subject, for `match`."""
    return find_tag(desk_name, mail.subject)


def match(found: int | None) -> Match | None:
    """Return the ticket of the tag that `find` found."""
    return Match(found, reason("subject-tag", ticket=found)) if found is not None else None
