"""Bounces that have no standard form (F5): a mail server's envelope and a mail server's words."""

from gateway.parse.mail import Mail
from gateway.screen import phrases
from gateway.screen.envelope import Envelope
from gateway.screen.hit import Hit, hit, shown
from gateway.screen.senders import like_daemon, null_sender

LOOKED_AT = 4_000
"""Characters of the text in which a bounce says what it is; the returned mail comes after."""

RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})


def failed_recipients(mail: Mail, envelope: Envelope) -> Hit | None:
    """F5: X-Failed-Recipients is written by Exim and Google for failures only."""
    value = mail.first("x-failed-recipients")
    return hit("failed-recipients", "bounce", value=shown(value)) if value else None


def passed_on(mail: Mail, envelope: Envelope) -> Hit | None:
    """E11: a bounce's own subject, whoever sent it on: a hint, so it only keeps us quiet."""
    found = phrases.STANDARD_SUBJECT.match(mail.subject[:200].lstrip())
    return hit("bounce-subject", subject=shown(mail.subject)) if found else None


def bounce_words(mail: Mail, envelope: Envelope) -> Hit | None:
    """F5: from a mail server or with the null sender, *and* with the words of a bounce."""
    daemon = like_daemon(mail, envelope)
    if not daemon and not null_sender(mail, envelope):
        return None
    sender = "a mail server" if daemon else "the null sender"
    if found := phrases.SUBJECT.search(mail.subject[:500]):
        return hit("bounce-words-in-subject", "bounce", sender=sender, words=shown(found[0]))
    if found := phrases.TEXT.search(mail.text[:LOOKED_AT]):
        return hit("bounce-words-in-text", "bounce", sender=sender, words=shown(found[0]))
    if daemon and any(part.type in RETURNED for part in mail.parts):
        return hit("bounce-returned-mail", "bounce", sender=sender)
    return None
