"""Finds the failed recipients of a bounce and the reasons, by its fields, else by its text (F1, F5, F6)."""

import re
from collections.abc import Sequence

from msgspec import Struct

from gateway.parse import report
from gateway.parse.mail import Mail
from gateway.parse.report import ReportedRecipient
from gateway.screen import phrases
from gateway.screen.failed_recipients import ADDRESS, failed_addresses, report_text

MAX_TEXT = 20_000
"""Characters of the text in which fields are searched."""

MAX_RECIPIENTS = 200
"""Recipients of one report; more cannot be about a mail of ours."""

SOFT = re.compile(r"5\.(?:2\.[23]|3\.4|4\.\d+|7\.\d+)$")
ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
FAILURE = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
"""The code of a failure; in a transcript of the session those of success (2.1.5) come before it."""

REPLY = re.compile(r"(?<![\w.:/-])([45])\d\d(?=[ -])")
UNKNOWN = re.compile(
    r"(?:user|recipient|address|mailbox|account|host|domain)\b[^.;]{0,40} (?:is )?"
    r"(?:unknown|not (?:exist|found|recognized|known)|does not exist|doesn't exist)"
    r"|(?:unknown|no such) (?:user|recipient|address|mailbox|account|host|domain)"
    r"|couldn't find a mail exchanger|no mx record|does ?n[o']t have an? \S+ account|invalid domain",
    re.IGNORECASE,
)
FULL = re.compile(r"mailbox (?:is )?full|quota|too (?:large|big)|size limit", re.IGNORECASE)


class FailedRecipient(Struct, frozen=True, kw_only=True):
    """One recipient of a report. `hard`: by F6. `status`: the enhanced code (RFC 3463) or ""."""

    address: str
    action: str
    status: str
    hard: bool
    diagnostic: str


class _Words:
    """The mail server's own text, in which recipients are looked up."""

    def __init__(self, mail: Mail) -> None:
        self.text = report_text(mail)
        self._lines = self.text.splitlines()
        self._lower = [line.lower() for line in self._lines]

    def near(self, address: str) -> str:
        """Return the line with an address and the five after it, up to the next address; at most 500 characters."""
        wanted = address.lower()
        at = next((n for n, line in enumerate(self._lower) if wanted in line), None)
        if at is None:
            return ""
        first, *rest = [line.strip() for line in self._lines[at : at + 6]]
        others = [n for n, line in enumerate(rest) if _names_other(line, wanted)]
        return " ".join([first, *rest[: others[0] if others else None]])[:500]


def _names_other(line: str, address: str) -> bool:
    """Does a line begin with another address?"""
    found = ADDRESS.match(line.lstrip("<('\"- "))
    return found is not None and found[0].lower() != address


class BounceFacts(Struct, frozen=True, kw_only=True):
    """The recipients of a report, and the Message-ID (with <>) of the mail it is about."""

    recipients: tuple[FailedRecipient, ...] = ()
    original_message_id: str | None = None


def bounce_facts(mail: Mail, raw: bytes) -> BounceFacts:
    """Return recipients and reasons: from DSN fields, X-Failed-Recipients, or the text."""
    found = report.read(raw)
    reported = found.recipients or _fields_in_text(mail)
    words = _Words(mail)
    failed = [_from_fields(each, words) for each in reported[:MAX_RECIPIENTS]]
    if not failed:
        action = "delayed" if phrases.tells_of_delay(mail.subject, words.text) else "failed"
        failed = [
            _from_text(address, words, action)
            for address in failed_addresses(mail, raw)[:MAX_RECIPIENTS]
        ]
    once = {each.address.lower(): each for each in failed if each.address}
    return BounceFacts(recipients=tuple(once.values()), original_message_id=found.message_id)


def _fields_in_text(mail: Mail) -> Sequence[ReportedRecipient]:
    """Return the fields in the text of a report that has lost its MIME structure."""
    text = mail.text[:MAX_TEXT]
    return report.recipients_in(text) if "final-recipient" in text.lower() else ()


def _from_fields(reported: ReportedRecipient, words: _Words) -> FailedRecipient:
    """Return one recipient of a delivery-status part, with the address that we wrote to (F3)."""
    diagnostic = reported.diagnostic or (
        words.near(reported.address) if _is_vague(reported.status) else ""
    )
    address = reported.original or reported.address
    return _classify(
        address, reported.action, _best_status(reported.status, diagnostic), diagnostic
    )


def _is_vague(status: str) -> bool:
    """Does the status give no reason (RFC 3463 section 3.1)?"""
    return not status or status.endswith(".0.0")


def _best_status(status: str, diagnostic: str) -> str:
    """Return the remote server's own code if it gave one, else the reporter's (RFC 3464 section 2.3.6)."""
    if found := report.REMOTE_CODE.search(diagnostic):
        return found[1]
    found = ENHANCED.search(diagnostic) if _is_vague(status) else None
    return found[1] if found else status


def _from_text(address: str, words: _Words, action: str) -> FailedRecipient:
    """Return a recipient found in the text, with the code and the sentence near it, or any code."""
    near = words.near(address)
    remote = [code for code in report.REMOTE_CODE.findall(near) if code[0] in "45"]
    codes = remote or FAILURE.findall(near) or FAILURE.findall(words.text)
    return _classify(address, action, codes[0] if codes else "", near)


def _classify(address: str, action: str, status: str, diagnostic: str) -> FailedRecipient:
    """F6: hard is 5.x.x unless it is about a full mailbox, size, network or policy; or "unknown" in the text."""
    code = status[:1]
    if not code and (found := REPLY.search(diagnostic)):
        code = found[1]
    unknown = code in ("", "5") and UNKNOWN.search(diagnostic)
    soft = SOFT.match(status) or FULL.search(diagnostic)
    hard = action in ("failed", "") and bool(unknown or (code == "5" and not soft))
    return FailedRecipient(
        address=address, action=action, status=status, hard=hard, diagnostic=diagnostic[:2_000]
    )
