"""Rules for standard reports: delivery status (F1), read receipts and complaints (F8), Amazon's notices."""

import re

from gateway.parse import receipt
from gateway.parse.mail import Mail
from gateway.screen import phrases
from gateway.screen.automatic import auto_submitted_token
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.hit import Hit, Mark, hit, shown

DELIVERY = frozenset({"message/delivery-status", "message/global-delivery-status"})
REACTION = frozenset({"text/vnd.google.email-reaction+json"})
REPORT_TYPE = re.compile(r"report-type\s*=\s*\"?([\w.-]+)", re.I)
NOTICE = re.compile(
    r'(?:notificationType|eventType)\\?"\s*:\s*\\?"(Bounce|Complaint|Delivery|DeliveryDelay)\\?"',
    re.I,
)


def _report_type(mail: Mail) -> str:
    """Return the report-type parameter of Content-Type in lower case, or "" (RFC 6522)."""
    found = REPORT_TYPE.search(mail.first("content-type")[:2000])
    return found[1].lower() if found else ""


def _has(mail: Mail, types: frozenset[str]) -> bool:
    return mail.content_type in types or any(part.type in types for part in mail.parts)


def complaint(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F8: an abuse report in ARF (RFC 5965), or Hotmail's own form of it."""
    if _report_type(mail) == "feedback-report" or _has(
        mail, frozenset({"message/feedback-report"})
    ):
        return hit("complaint", "report", Mark.FEEDBACK)
    if re.match(r"complaint about message from \S", mail.subject, re.I) and _has(
        mail, frozenset({"message/rfc822"})
    ):
        return hit("complaint-about-message", "report", Mark.FEEDBACK)
    if mail.subject.strip().lower() == "unsubscribe" and auto_submitted_token(mail):
        return hit("unsubscribe-request", "report", Mark.FEEDBACK)
    return None


def read_receipt(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F8: a disposition notification (RFC 8098)."""
    return hit("read-receipt", "report") if is_receipt(mail) else None


def is_receipt(mail: Mail) -> bool:
    """Is it a disposition notification, by its type or a part of it?"""
    return _report_type(mail) == "disposition-notification" or _has(mail, receipt.TYPES)


def reaction(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F8: an emoji reaction to a mail of ours; with more text than Gmail writes it is an ordinary mail."""
    text = reaction_text(mail)
    return hit("reaction", "report", text=shown(text)) if text is not None else None


def reaction_text(mail: Mail) -> str | None:
    """Return the line that tells of an emoji reaction, or "" if it has none; None for other mail."""
    if len(mail.text) > 500 or not _has(mail, REACTION):
        return None
    lines = [line.strip() for line in mail.text.splitlines() if line.strip()]
    return " ".join(lines)[:200] if len(lines) <= 3 else None


def delivery_report(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F1: a delivery status notification (RFC 3464), also below the top level."""
    if _has(mail, DELIVERY):
        return hit("delivery-status-part", "bounce")
    if mail.content_type == "multipart/report" and _report_type(mail) in ("delivery-status", ""):
        return hit("delivery-status-report", "bounce")
    return None


def failed_recipients(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F5: X-Failed-Recipients is only written by Exim and Google, for failures and delays."""
    value = mail.first("x-failed-recipients")
    return hit("failed-recipients", "bounce", value=shown(value)) if value else None


def bounce_subject(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E11: the subject of a bounce, whoever forwarded it; only a hint, so it only prevents automatic answers."""
    found = phrases.STANDARD_SUBJECT.match(mail.subject[:200].lstrip())
    return hit("bounce-subject", subject=shown(mail.subject)) if found else None


def amazon_notice(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F5: Amazon SES reports bounces, complaints and deliveries as JSON."""
    text = mail.text[:20_000].lstrip()
    found = NOTICE.search(text) if text.startswith("{") else None
    if not found:
        return None
    class_, marks = {
        "bounce": ("bounce", Mark.NONE),
        "deliverydelay": ("bounce", Mark.DELAY),
        "complaint": ("report", Mark.FEEDBACK),
    }.get(
        found[1].lower(), ("report", Mark.SUCCESS)
    )  # re.I also takes a dotless i, which lower() keeps
    return hit("amazon-notice", class_, marks, kind=found[1])
