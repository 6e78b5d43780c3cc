"""Failed recipients in a bounce without fields: flufl.bounce's patterns, then our own reading of the text."""

import logging
import re
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32, Policy, compat32
from itertools import count
from typing import Any, cast

from gateway.parse.mail import Mail

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
BAD_NEWS = re.compile(
    r"fail|deliver|error|unknown|reject|refus|following|recipient|could not|couldn't|bounce|full|no such"
    r"|不|できません|не ",
    re.IGNORECASE,
)
CUT = re.compile(
    r"^(?:[^\S\n]|[>*-])*+(?:original message|message headers? follow|unsent message|returned message"
    r"|(?:this is a|below this line is a) copy|copy of the (?:original )?message|original mail|body of message"
    r"|message header|undelivered message|received: ?|return-path: ?|message-id: ?)",
    re.IGNORECASE | re.MULTILINE,
)
NOTICED = re.compile(r'emailAddress\\?"\s*:\s*\\?"([^"\\\s]{3,320})')
"""A recipient in an Amazon SES notice, plain or as JSON within JSON."""

GENERATED = re.compile(r"\(generated from [^()\n]{1,320}\)", re.IGNORECASE)
"""Exim's note of the alias behind a failed address."""

RETURNED_TO = re.compile(r"^[ >]{0,8}To:[ \t]*([^\n]{3,400})", re.IGNORECASE | re.MULTILINE)

READ = 20_000
"""Characters of the text that are searched."""

RAW = 500_000
"""Bytes of the raw mail that are searched: a report comes before the mail it returns."""

LINES, PARTS = 20_000, 300
"""Of the same: the library goes over each a hundred times. A mail of more parts it does not get."""


def report_text(mail: Mail) -> str:
    """What the mail server itself wrote: the text up to the returned mail."""
    text = mail.text[:READ]
    found = CUT.search(text, 1)
    own = text[: found.start()] if found and found.start() > 40 else text
    return GENERATED.sub("", own)


def failed_addresses(mail: Mail, raw: bytes) -> list[str]:
    """The addresses a bounce complains of, in order: X-Failed-Recipients, flufl.bounce, the text."""
    stated = ADDRESS.findall(",".join(mail.all("x-failed-recipients"))[:READ])
    noticed = NOTICED.findall(mail.text[:READ]) if mail.text.lstrip().startswith("{") else []
    told = stated or noticed or _by_library(raw, report_text(mail)) or _by_lines(mail)
    return _unique(told or _returned_to(raw))


def _by_library(raw: bytes, report: str) -> list[str]:
    """flufl.bounce's answer, if the report itself names it: it also finds addresses of the returned mail."""
    from flufl.bounce import all_failures

    # It logs what it raises; the guard below is the answer to that.
    logging.getLogger("flufl.bounce").disabled = True
    try:
        read = b"\n".join(raw[:RAW].split(b"\n", LINES)[:LINES])
        temporary, permanent = all_failures(BytesParser(_few_parts()).parsebytes(read))
    except Exception:
        # On malformed mail it raises IndexError, LookupError and others, and the standard parser
        # RecursionError: then it knows nothing, and our own reading of the text speaks.
        return []
    found = [address.decode("utf-8", "replace") for address in sorted(permanent | temporary)]
    found = [address for address in found if ADDRESS.fullmatch(address)]
    return [address for address in found if address.lower() in report.lower()] or found


def _few_parts() -> Callable[..., Message]:
    """A maker of parts that makes only so many. In a delivery-status each blank line begins another part."""
    made = count(1)

    def part(policy: "Policy[Any]" = compat32) -> Message:
        if next(made) > PARTS:
            raise ValueError(f"more than {PARTS} parts")
        return Message(cast(Compat32, policy))

    return part


def _by_lines(mail: Mail) -> list[str]:
    """Addresses that stand alone on a line or head one; else those in a line of bad news."""
    lines = [line.strip() for line in report_text(mail).splitlines()]
    own = {address.key for address in (*mail.from_, *mail.to)}
    heads = [found[0] for line in lines if (found := ADDRESS.match(line.lstrip("<('\"- ")))]
    news = [address for line in lines if BAD_NEWS.search(line) for address in ADDRESS.findall(line)]
    anywhere = ADDRESS.findall("\n".join(lines))
    for candidates in (heads, news, anywhere):
        kept = [address for address in candidates if address.lower() not in own]
        if kept:
            return kept
    return []


def _returned_to(raw: bytes) -> list[str]:
    """Where the report names nobody: the one address that the returned mail was sent to."""
    body = raw[:RAW].replace(b"\r\n", b"\n").partition(b"\n\n")[2].decode("ascii", "replace")
    for value in RETURNED_TO.findall(body):
        found = ADDRESS.findall(value)
        if len(found) == 1:
            return found
    return []


def _unique(addresses: list[str]) -> list[str]:
    """Each address once, case-blind, in order, without trailing punctuation."""
    return list(
        {address.strip(".'`").lower(): address.strip(".'`") for address in addresses}.values()
    )
