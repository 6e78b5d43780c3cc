"""The subject tag `[Help #12]` (D6, D7): whole and ours, anywhere in the decoded subject."""

from gateway.parse.mail import Mail
from gateway.thread.match import Match
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.subject import find_tag
from ticketctl.write_guard import never_in_a_write


@never_in_a_write
def find(desk_name: str, mail: Mail) -> int | None:
    """The ticket the subject names, for `match`."""
    return find_tag(desk_name, mail.subject)


def match(found: int | None) -> Match | None:
    """The ticket of the tag that `find` read."""
    return Match(found, reason("subject-tag", ticket=found)) if found is not None else None
