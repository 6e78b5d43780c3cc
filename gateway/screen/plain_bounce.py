"""Rules for bounces without a standard form (F5), by envelope and phrases."""

from gateway.parse.mail import Mail
from gateway.screen import phrases
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.hit import Hit, hit, shown
from gateway.screen.senders import may_be_daemon, null_sender

MAX_TEXT = 4_000
"""Characters of the text that are searched; the returned mail comes after."""

RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})


def failed_recipients(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F5: X-Failed-Recipients is only written by Exim and Google, for failures."""
    value = mail.first("x-failed-recipients")
    return hit("failed-recipients", "bounce", value=shown(value)) if value else None


def bounce_subject(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E11: the subject of a bounce, whoever forwarded it; only a hint, so it only prevents automatic answers."""
    found = phrases.STANDARD_SUBJECT.match(mail.subject[:200].lstrip())
    return hit("bounce-subject", subject=shown(mail.subject)) if found else None


def bounce_words(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F5: from a mail server or with the null sender, *and* with phrases of a bounce."""
    daemon = may_be_daemon(mail, envelope)
    if not daemon and not null_sender(mail, envelope):
        return None
    sender = "a mail server" if daemon else "the null sender"
    if found := phrases.SUBJECT.search(mail.subject[:500]):
        return hit("bounce-words-in-subject", "bounce", sender=sender, words=shown(found[0]))
    if found := phrases.TEXT.search(mail.text[:MAX_TEXT]):
        return hit("bounce-words-in-text", "bounce", sender=sender, words=shown(found[0]))
    if daemon and any(part.type in RETURNED for part in mail.parts):
        return hit("bounce-returned-mail", "bounce", sender=sender)
    return None
