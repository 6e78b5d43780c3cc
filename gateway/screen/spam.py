"""Rule for spam headers of a trusted relay (E16)."""

from gateway.parse.mail import Mail
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.hit import Hit, Mark, hit, shown

HEADERS = ("x-spam-flag", "x-spam-status", "x-spam")


def marked_as_spam(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E16: X-Spam-Flag, X-Spam-Status or X-Spam says yes, and a trusted relay delivered the mail."""
    if not envelope.trusted:
        return None
    for name, value in mail.headers:
        if name in HEADERS and value.strip().lower().startswith("yes"):
            return hit("marked-as-spam", None, Mark.SPAM, header=name.title(), value=shown(value))
    return None
