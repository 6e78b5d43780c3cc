"""Readers of single values in desk.toml and config.toml: each checks a text and returns what we store, or raises
BadInput with a sentence that says what is valid.
"""

import re

from ticketctl.domain.base import addresses, duration
from ticketctl.domain.base.addresses import address_key
from ticketctl.errors import BadInput
from ticketctl.safe import veiled_url

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LARGEST = (
    2**53 - 1
)  # of numbers in fields, also negative: beyond it JSON and spreadsheets are not exact
RESERVED_NAMES = frozenset({"any", "none", "me", "gateway", "rule", "sla"})
_THIS_HOST = ("localhost", "127.0.0.1", "::1")

# Patterns are compiled when first used: a definition from the database needs none of them.
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
_NAME = r"\w[\w.-]{0,63}"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = rf"{_ATOM}(?:\.{_ATOM})*"
_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_SKILL = r"\w[\w-]*(:\w[\w-]*)?"
_STEP = r"[a-z][\w.-]*:\S.*"
_SPAN = r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})"
_CLOSED = r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})(?: (\S+))?"
_BRIDGE_URL = (
    r"(?:https://[\w.-]+|http://(?:127\.0\.0\.1|localhost|\[::1\]))(?::[0-9]{1,5})?(?:/[!-~]*)?"
)
_MOMENT = r"([0-9]{1,4})%|due(?:([+-])(\S+))?"


def text(written: str) -> str:
    """One line of text without control or direction characters (it goes into headers and tables)."""
    if re.search(_CONTROL, written):
        raise BadInput("must be one line of text without control characters.")
    return written


def lines(written: str) -> str:
    """Text of any number of lines, without control or direction characters."""
    for line in written.split("\n"):
        text(line)
    return written


def title(written: str) -> str:
    """One line of text, not empty, trimmed."""
    if not text(written).strip():
        raise BadInput("must not be empty.")
    return written.strip()


def tag_name(written: str) -> str:
    """The help desk's name, as in the subject tag `[Name #12]`."""
    if re.search(r"[\[\]#]", title(written)):
        raise BadInput(f'"{written}" cannot be used in a subject tag; leave out [, ] and #.')
    return " ".join(written.split())


def name(written: str) -> str:
    """A name for use in commands and queries: letters, digits, `.`, `-`, `_`."""
    if not re.fullmatch(_NAME, written) or written.lower() in RESERVED_NAMES:
        raise BadInput(
            f'"{written}" cannot be a name; use letters, digits, ".", "-" and "_"'
            f" (and not {', '.join(sorted(RESERVED_NAMES))})."
        )
    return written


def domain(written: str) -> str:
    """A domain in lower case, international ones in their xn-- form."""
    found = addresses.domain(written)
    if len(found) > 253 or not re.fullmatch(_DOMAIN, found):
        raise BadInput(f'"{written}" is not a domain; write it like "help.example".')
    return found


def address(written: str) -> str:
    """A mail address (RFC 5321 section 4.1.2, unquoted) in lower case, international domains in their xn-- form."""
    found = address_key(written)
    local, at, host = found.rpartition("@")
    good = at and len(local) <= 64 and re.fullmatch(_LOCAL, local) and re.fullmatch(_DOMAIN, host)
    if not good or written != written.strip() or len(found) > 254:
        raise BadInput(f'"{written}" is not a mail address; write it like "support@help.example".')
    return found


def own_address(written: str) -> str:
    """An address of ours: without `+`, which separates our reply tokens."""
    found = address(written)
    if "+" in found.partition("@")[0]:
        raise BadInput(f'"{written}" has a "+", which is reserved for reply tokens; leave it out.')
    return found


def language(written: str) -> str:
    """A language tag (RFC 5646): `en`, `pt-BR`."""
    if not re.fullmatch(_LANGUAGE, written):
        raise BadInput(f'"{written}" is not a language; write it like "en" or "pt-BR".')
    return written


def zone(written: str) -> str:
    """The name of a time zone in the IANA database."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(written)
    except (ValueError, OSError, LookupError):  # not a name, a folder, or missing
        raise BadInput(
            f'"{written}" is not a time zone; write it like "Europe/Madrid" or "UTC".'
        ) from None
    return written


def skill(written: str) -> str:
    """`billing`, or with a level or value `billing:2`, `lang:cs`."""
    if not re.fullmatch(_SKILL, written):
        raise BadInput(f'"{written}" is not a skill; write it like "billing" or "billing:2".')
    return written


FORM_FIELDS = ("email", "name", "subject", "type")


def form_field(written: str) -> str:
    """The target of a form's line: a word of FORM_FIELDS, or `cf.` and the name of a custom field."""
    if written in FORM_FIELDS or re.fullmatch(rf"cf\.{_NAME}", written):
        return written
    hint = ', and dots in quotes, as "cf.reason"' if written == "cf" else ""
    raise BadInput(f'"{written}" is not one of {", ".join(FORM_FIELDS)}, "cf.NAME"{hint}.')


def is_span(written: str) -> bool:
    """Could `minutes` read it?"""
    try:
        minutes(written)
    except BadInput:
        return False
    return True


def span(written: str) -> str:
    """A half-open interval of a day, `09:00-18:00`; `24:00` is its end."""
    minutes(written)
    return written


def minutes(written: str) -> tuple[int, int]:
    """The start and end of a span in minutes after midnight. BadInput unless the start is before the end."""
    found = re.fullmatch(_SPAN, written)
    if found:
        from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
        start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
        if from_minute < 60 and to_minute < 60 and start < end <= 1440:
            return start, end
    raise BadInput(f'"{written}" is not a span of hours; write it like "09:00-18:00".')


def weekday(written: str) -> str:
    """mon, tue, wed, thu, fri, sat or sun."""
    if written not in DAYS:
        raise BadInput(f'"{written}" is not a day; write one of {", ".join(DAYS)}.')
    return written


def closed(written: str) -> str:
    """A closure: `01-01` each year, `2026-04-03` once; with hours after it, a part of the day."""
    day_part(written)
    return written


def opening(written: str) -> str:
    """A special opening, `2026-12-06 10:00-14:00`, or each year without the year."""
    day_part(written)
    if " " not in written:
        raise BadInput(f'"{written}" has no hours; write it like "2026-12-06 10:00-14:00".')
    return written


def day_part(written: str) -> tuple[str, tuple[int, int]]:
    """A day, `2026-04-03` or `01-01`, and which minutes of it: all unless hours follow. BadInput if it is no day."""
    from datetime import date

    found = re.fullmatch(_CLOSED, written)
    try:
        if not found:
            raise ValueError
        date(int(found[1] or 2000), int(found[2]), int(found[3]))  # 2000 had a 29 February
    except ValueError:
        raise BadInput(
            f'"{written}" is not a day; write it like "12-25", "2026-04-03" or "2026-12-31 14:00-24:00".'
        ) from None
    day, _, span = written.partition(" ")
    return day, minutes(span) if span else (0, 1440)


def absence(written: str) -> str:
    """Days off: `2026-12-24..2026-12-31`, the last one included, or one day."""
    from datetime import date

    first, _, last = written.partition("..")
    try:
        good = date.fromisoformat(first) <= date.fromisoformat(last or first)
    except ValueError:
        good = False
    if not good:
        raise BadInput(
            f'"{written}" is not an absence; write it like "2026-12-24" or "2026-12-24..2026-12-31".'
        )
    return written


def moment(written: str) -> str:
    """A point on an SLA clock: `75%` of the target, `due`, `due-30m`, `due+4h` (open hours)."""
    found = re.fullmatch(_MOMENT, written)
    if not found:
        raise BadInput(f'"{written}" is not a moment; write it like "75%", "due-30m" or "due+4h".')
    if found[3]:
        duration.parse(found[3])
    return written


def step(written: str) -> str:
    """A step of a rule or an escalation level: `type:billing`, `notify:owner`."""
    if not re.fullmatch(_STEP, text(written)):
        raise BadInput(f'"{written}" is not an action; write it like "type:billing".')
    return written


def calendar_source(written: str) -> str:
    """A file, or a web address as in `web_address`."""
    return web_address(written) if "://" in written else text(written)


def web_address(written: str) -> str:
    """An https address; http only on this host, as everybody between could change what it gives."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text(written))
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or " " in written:
        raise BadInput(
            f'"{written}" is not a web address; write it like "https://host.example/holidays.ics".'
        )
    if parts.scheme == "https" or (parts.scheme == "http" and host in _THIS_HOST):
        return written
    raise BadInput(f'"{written}" must begin with https://; `{parts.scheme}:` is not read.')


def country(written: str) -> str:
    """A country by ISO 3166-1: two capital letters."""
    if not re.fullmatch(r"[A-Z]{2}", written):
        raise BadInput(f'"{written}" is not a country code; write it like "ES".')
    return written


def region(written: str) -> str:
    """A part of a country by ISO 3166-2, without the country: `MD`."""
    if not re.fullmatch(r"[A-Z0-9]{1,6}", written):
        raise BadInput(f'"{written}" is not a region code; write it like "MD".')
    return written


def bridge_url(written: str) -> str:
    """A URL that nobody can listen to: TLS, or this machine. It may be shown, so it has no password."""
    if not re.fullmatch(_BRIDGE_URL, written):
        raise BadInput(
            f'"{veiled_url(written)}" is no URL of a bridge; write it like "https://bridge.example/answers", or '
            '"http://127.0.0.1:8000/" on the gateway\'s own machine.'
        )
    return written


def program(written: str) -> str:
    """A program, or one of its arguments."""
    if not written or "\0" in written:
        raise BadInput("a command has no empty words.")
    return written
