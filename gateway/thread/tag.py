"""The subject tag `[Help #12]` (D6, D7): whole and ours, anywhere in the decoded subject."""

from gateway.parse.mail import Mail
from gateway.thread.match import Match
from ticketctl.desk import reference


def match(desk_name: str, mail: Mail) -> Match | None:
    """The ticket the subject names."""
    found = reference.find_tag(desk_name, mail.subject)
    return Match(found, f"subject tag of #{found} (D7)") if found is not None else None
