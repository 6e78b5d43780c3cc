"""Finds the customer's mail inside a mail that an agent forwards (G6)."""

import re
from collections.abc import Callable

from msgspec import Struct

from gateway.parse import addresses
from gateway.parse.mail import Address, Mail
from gateway.trim import patterns
from gateway.trim.line_kinds import MAX_HEADER_LINES, kind_of
from ticketctl.domain.base.subject import has_forward_prefix, without_forward_prefixes
from ticketctl.write_guard import never_in_a_write

_REQUESTER = re.compile(r"^\s*+requester\s*+:\s*+(\S.{0,300})", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\[\]():;,\"']{1,64}@[\w.-]{1,190}\w")
_QUOTE = re.compile(r"^\s?> ?")
_MARKED = re.compile(r"^[\s>*_|\u200e\u200f\u202b]+")


class ForwardedMail(Struct, frozen=True):
    """The customer, subject and text of their mail, and the agent's own note ("" for none)."""

    author: Address
    subject: str
    text: str
    note: str
    evidence: str  # how the author is known


@never_in_a_write
def is_forward(mail: Mail) -> bool:
    """Does the subject begin with a prefix for forwarded mail, in any of the usual languages?"""
    return has_forward_prefix(mail.subject)


@never_in_a_write
def find_forwarded(
    mail: Mail, inner: Callable[[], Mail | None], is_inside: Callable[[str], bool]
) -> ForwardedMail | None:
    """Find the mail that this one forwards; None if it forwards nothing that a customer wrote.

    `inner` parses an attached mail; `is_inside` tells our own addresses, which are never customers.
    A first line `requester: carl@customer.example` names the customer, whatever else the mail contains.
    """
    named, text = _requester(mail.text)
    found = _forwarded(mail, text, inner)
    if named is not None:
        subject, words, note = (
            (found.subject, found.text, found.note)
            if found
            else (without_forward_prefixes(mail.subject), text, "")
        )
        found = ForwardedMail(named, subject, words, note, "named in its first line")
    return None if found is None or is_inside(found.author.key) else found


def _requester(text: str) -> tuple[Address | None, str]:
    """Return the requester that the first line names, and the text without that line."""
    lines = text.lstrip("\n").split("\n")
    line = _REQUESTER.match(lines[0])
    who = addresses.parse(line[1].rstrip(), 1) if line else ()
    return (who[0], "\n".join(lines[1:]).strip("\n")) if who else (None, text)


def _forwarded(mail: Mail, text: str, inner: Callable[[], Mail | None]) -> ForwardedMail | None:
    if not is_forward(mail):
        return None
    return _attached(mail, text, inner()) or _embedded(mail, text)


def _attached(mail: Mail, text: str, inner: Mail | None) -> ForwardedMail | None:
    if inner is None or inner.sender is None:
        return None
    subject = inner.subject or without_forward_prefixes(mail.subject)
    return ForwardedMail(inner.sender, subject, inner.text, text.strip(), "attached")


def _embedded(mail: Mail, text: str) -> ForwardedMail | None:
    """Find the first header block in the text; it names the author of what follows."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if len(line) <= patterns.MAX_LINE and kind_of(line) == "from":
            end, headers = _block(lines, at)
            author = _author(headers["from"])
            if author and len(headers) > 1:
                words = lines[end:]
                if _QUOTE.match(line):
                    words = [_QUOTE.sub("", one) for one in words]
                return ForwardedMail(
                    author,
                    headers.get("subject", "") or without_forward_prefixes(mail.subject),
                    "\n".join(words).strip("\n"),
                    _note(lines[:at]),
                    "named in its text",
                )
    return None


def _block(lines: list[str], first: int) -> tuple[int, dict[str, str]]:
    """Return where the header block ends, and its values. A line without a header name continues the last one."""
    values: dict[str, str] = {}
    kind = ""
    for at in range(first, min(first + MAX_HEADER_LINES, len(lines))):
        line = lines[at][: patterns.MAX_LINE]
        if not _MARKED.sub("", line).strip():
            return at, values
        named = kind_of(line)
        if named and named not in values:
            kind, values[named] = named, _value(line)
        elif named:
            kind = ""
        elif kind:
            values[kind] += f" {_MARKED.sub('', line).strip()}"
    return min(first + MAX_HEADER_LINES, len(lines)), values


def _value(line: str) -> str:
    return re.split("[:：]", line, maxsplit=1)[1].strip(" \t*_\u200e\u200f\u202b\u202c")


def _author(value: str) -> Address | None:
    """Parse a From line as mail programs write it: `Carl <carl@x>`, `Carl [mailto:carl@x]`, or the address alone."""
    found = _ADDRESS.search(value.replace("mailto:", " "))
    if found is None:
        return None
    name = re.split(r"[<\[(]", value, maxsplit=1)[0].strip(" \"'*")
    return Address("" if "@" in name else name, found[0])


def _note(above: list[str]) -> str:
    """Return the agent's own words above the block, without the line that introduces it."""
    while above and (
        not above[-1].strip()
        or (
            len(above[-1]) <= patterns.MAX_LINE
            and any(
                one.match(above[-1])
                for one in (patterns.FORWARDED, patterns.ORIGINAL, patterns.DELIMITER)
            )
        )
    ):
        above = above[:-1]
    return "\n".join(above).strip("\n")
