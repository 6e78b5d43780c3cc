"""Who failed, and how: the recipients of a bounce from its fields, else from its words (F1, F5, F6)."""

import re
from collections.abc import Sequence

from msgspec import Struct

from gateway.parse import report
from gateway.parse.mail import Mail
from gateway.parse.report import RecipientStatus
from gateway.screen.failed_text import failed_addresses, report_text

READ = 20_000
"""Characters of the text in which fields are looked for."""

SOFT = re.compile(r"5\.(?:2\.[23]|3\.4|4\.\d+|7\.\d+)$")
ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
REMOTE = re.compile(r"(?<!\d)[245]\d\d[ -]#?([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\w.:/-])([45])\d\d(?=[ -])")
UNKNOWN = re.compile(
    r"(?:user|recipient|address|mailbox|account|host|domain)\b[^.;]{0,40} (?:is )?"
    r"(?:unknown|not (?:exist|found|recognized|known)|does not exist|doesn't exist)"
    r"|(?:unknown|no such) (?:user|recipient|address|mailbox|account|host|domain)"
    r"|couldn't find a mail exchanger|no mx record|does ?n[o']t have an? \S+ account|invalid domain",
    re.IGNORECASE,
)
FULL = re.compile(r"mailbox (?:is )?full|quota|too (?:large|big)|size limit", re.IGNORECASE)


class Failed(Struct, frozen=True, kw_only=True):
    """One recipient of a report: `hard` by F6, `status` the enhanced code (RFC 3463) or ""."""

    address: str
    action: str
    status: str
    hard: bool
    diagnostic: str


class BounceFacts(Struct, frozen=True, kw_only=True):
    """What a report tells: its recipients, and the Message-ID (with <>) of the mail it is about."""

    recipients: tuple[Failed, ...] = ()
    original_message_id: str | None = None


def who_failed(mail: Mail, raw: bytes) -> BounceFacts:
    """The recipients of a report and their fate: DSN fields, X-Failed-Recipients, then the text."""
    found = report.read(raw)
    told = found.recipients or _fields_in_text(mail)
    failed = [_from_fields(each, mail) for each in told]
    if not failed:
        failed = [_from_text(address, mail) for address in failed_addresses(mail, raw)]
    once = {each.address.lower(): each for each in failed if each.address}
    return BounceFacts(recipients=tuple(once.values()), original_message_id=found.message_id)


def _fields_in_text(mail: Mail) -> Sequence[RecipientStatus]:
    """The fields of a report whose MIME structure was lost: they stand in its text."""
    text = mail.text[:READ]
    return report.recipients_in(text) if "final-recipient" in text.lower() else ()


def _from_fields(told: RecipientStatus, mail: Mail) -> Failed:
    """One recipient of a delivery-status part; named as we had written to it (F3)."""
    diagnostic = told.diagnostic or (_near(told.address, mail) if _vague(told.status) else "")
    address = told.original or told.address
    return _judged(address, told.action, _sharper(told.status, diagnostic), diagnostic)


def _vague(status: str) -> bool:
    """Whether a status says no more than that it went wrong (RFC 3463 section 3.1)."""
    return not status or status.endswith(".0.0")


def _sharper(status: str, diagnostic: str) -> str:
    """The other server's own code where it gave one, else the reporter's (RFC 3464 section 2.3.6)."""
    if found := REMOTE.search(diagnostic):
        return found[1]
    found = ENHANCED.search(diagnostic) if _vague(status) else None
    return found[1] if found else status


def _from_text(address: str, mail: Mail) -> Failed:
    """A recipient found in words: the code and the sentence that stand with it, or any code."""
    near = _near(address, mail)
    found = ENHANCED.search(near) or ENHANCED.search(report_text(mail))
    return _judged(address, "failed", found[1] if found else "", near)


def _near(address: str, mail: Mail) -> str:
    """The lines of the report in which an address stands, and the five after, as one; at most 500 letters."""
    lines = report_text(mail).splitlines()
    named = (n for n, line in enumerate(lines) if address.lower() in line.lower())
    at = next(named, None)
    return "" if at is None else " ".join(line.strip() for line in lines[at : at + 6])[:500]


def _judged(address: str, action: str, status: str, diagnostic: str) -> Failed:
    """F6: hard is 5.x.x that is not about a full box, size, the network or policy, or "unknown" in words."""
    code = status[:1]
    if not code and (found := REPLY.search(diagnostic)):
        code = found[1]
    unknown = code in ("", "5") and UNKNOWN.search(diagnostic)
    soft = SOFT.match(status) or FULL.search(diagnostic)
    hard = action in ("failed", "") and bool(unknown or (code == "5" and not soft))
    return Failed(
        address=address, action=action, status=status, hard=hard, diagnostic=diagnostic[:2_000]
    )
