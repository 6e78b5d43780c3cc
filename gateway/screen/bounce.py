"""Who failed, and how: the recipients of a bounce from its fields, else from its words (F1, F5, F6)."""

import email
import re

from msgspec import Struct

from gateway.parse.mail import Mail
from gateway.screen.failed_text import failed_addresses, report_text
from gateway.screen.status import blocks_of, fields_of, original_message_id

READ = 1_000_000
"""Bytes of the raw mail that are searched; a report comes before the mail it returns."""

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
    tree = email.message_from_bytes(raw[:READ])
    fields = fields_of(tree) or blocks_of(mail.text[:READ])
    failed = [_from_fields(block) for block in fields]
    if not failed:
        failed = [_from_text(address, mail) for address in failed_addresses(mail, tree)]
    once = {each.address.lower(): each for each in failed if each.address}
    return BounceFacts(
        recipients=tuple(once.values()), original_message_id=original_message_id(tree)
    )


def _from_fields(fields: dict[str, str]) -> Failed:
    """One recipient block of a delivery-status part (RFC 3464 section 2.3)."""
    stated = fields.get("original-recipient") or fields.get("final-recipient", "")
    address = stated.rpartition(";")[2].strip(" <>\"'")
    diagnostic = fields.get("diagnostic-code", "")
    found = ENHANCED.search(fields.get("status", ""))
    status = _sharper(found[1] if found else "", diagnostic)
    action = fields.get("action", "").lower().partition(" ")[0].strip(" ;,")
    return _judged(address, action, status, diagnostic)


def _sharper(status: str, diagnostic: str) -> str:
    """The other server's own code where it gave one, else the reporter's (RFC 3464 section 2.3.6)."""
    if found := REMOTE.search(diagnostic):
        return found[1]
    vague = not status or status.endswith(".0.0")
    found = ENHANCED.search(diagnostic) if vague else None
    return found[1] if found else status


def _from_text(address: str, mail: Mail) -> Failed:
    """A recipient found in words: the code and the sentence that stand with it, or anywhere."""
    lines = report_text(mail).splitlines()
    at = next((n for n, line in enumerate(lines) if address.lower() in line.lower()), 0)
    near = " ".join(line.strip() for line in lines[at : at + 6])
    found = ENHANCED.search(near) or ENHANCED.search("\n".join(lines))
    return _judged(address, "failed", found[1] if found else "", near[:500])


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
