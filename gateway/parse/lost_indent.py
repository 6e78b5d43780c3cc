"""Recognises lines of a head that continue the header above them, but have lost their indent (H20).

Some gateways write them so. The form of a line is enough where only that header has it: Message-IDs below References,
an address below `To: …,`. Other lines continue a header only if more headers follow, so that text is never taken.
"""

import re

WELL_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|reply-to|in-reply-to"
    rb"|references|return-path|delivered-to|sender|x-[!-9;-~]+)[ \t]*:",
    re.IGNORECASE,
)
"""Names by which a line after a broken one is a header, not the text."""

_SIGNATURE = re.compile(
    rb"(?:x-google-)?dkim-signature|arc-[a-z-]+|domainkey-signature", re.IGNORECASE
)
_ADDRESSES = re.compile(rb"(?:resent-)?(?:from|sender|to|cc|bcc|reply-to)", re.IGNORECASE)
_IDS = re.compile(rb"references|(?:resent-)?message-id|in-reply-to", re.IGNORECASE)
_PARAMETERS = re.compile(rb"content-(?:type|disposition)", re.IGNORECASE)
_LIST = re.compile(rb"list-[a-z-]+", re.IGNORECASE)
_RESULTS = re.compile(rb"(?:x-)?(?:original-)?authentication-results|received-spf", re.IGNORECASE)
_OTHER_TEXT = re.compile(
    rb"subject|comments|keywords|thread-topic|received|user-agent|organi[sz]ation|x-.*",
    re.IGNORECASE,
)

# `tag=value;` or a piece of base64: one word, or several that end in a semicolon.
_TAGS = re.compile(rb"[a-z]{1,2}=[^\r\n]*|[A-Za-z0-9+/=]{16,};?", re.DOTALL)
_BASE64 = re.compile(rb"[A-Za-z0-9+/=_-]{16,}")
_SOME_IDS = re.compile(rb"(?:<[^<>\s@]+@[^<>\s@]+>[\s,]*)+")
_URL = re.compile(rb"<(?:https?|mailto):[^<>\s]+>", re.IGNORECASE)
_PARAMETER = re.compile(rb"[a-z][a-z0-9*._-]{0,60}[ \t]*=", re.IGNORECASE)
_ENCODED_WORD = re.compile(rb"=\?[\w*-]{1,60}\?[bq]\?", re.IGNORECASE)
_ADDRESS = re.compile(rb"<?[^\s<>@,;]+@[^\s<>@,;]*[^\s<>@,;.]>?;?")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*[ \t]*:")


def is_certain(field: list[bytes], line: bytes) -> bool:
    """Is it the rest of a header by its form? `field` is the header so far: its name and the lines of its value."""
    line = line.strip()
    if not line or WELL_KNOWN.match(line):
        return False
    name, above = field[0], field[-1].rstrip()
    if _SIGNATURE.fullmatch(name):
        return _TAGS.fullmatch(line) is not None
    if _IDS.fullmatch(name):
        return _SOME_IDS.fullmatch(line) is not None
    if _LIST.fullmatch(name):
        return _URL.match(line) is not None
    if _ENCODED_WORD.match(line):
        return True
    if _ADDRESSES.fullmatch(name):
        return _continues_addresses(above, line)
    if _PARAMETERS.fullmatch(name):
        return _continues_parameters(above, line)
    return bool(_RESULTS.fullmatch(name) and above.endswith(b";") and _PARAMETER.match(line))


def is_likely(field: list[bytes], line: bytes) -> bool:
    """May a line that is no header be the rest of one, if more headers follow in a few lines?"""
    name, above, line = field[0], field[-1].rstrip(), line.strip()
    if _ADDRESSES.fullmatch(name):
        return above.endswith(b",") or line.startswith((b"<", b","))
    if _PARAMETERS.fullmatch(name):
        return above.endswith(b";") or line.startswith(b";")
    free = (_OTHER_TEXT, _LIST, _RESULTS, _SIGNATURE)
    return any(one.fullmatch(name) for one in free)


def is_base64(field: list[bytes], line: bytes) -> bool:
    """Is it a piece of an X- header of base64, if more headers follow anywhere?"""
    return field[0][:2].lower() == b"x-" and _BASE64.fullmatch(line.strip()) is not None


def _continues_addresses(above: bytes, line: bytes) -> bool:
    """An address after a comma, or the one that a display name or an open quote waits for."""
    unquoted = line[line.find(b'"', 1) + 1 :] if line.startswith(b'"') else line
    first = unquoted.partition(b",")[0].split()
    if _HEADER.match(line) or not first or not _ADDRESS.fullmatch(first[-1]):
        return False
    return above.endswith(b",") or _is_open(above) or (b"@" not in above and b">" in first[-1])


def _continues_parameters(above: bytes, line: bytes) -> bool:
    """A parameter after a semicolon, or the rest of a quoted value."""
    if _is_open(above):
        return b'"' in line
    bare = line.lstrip(b"; \t")
    after = above.endswith(b";") or line.startswith(b";")
    return after and _PARAMETER.match(bare) is not None


def _is_open(above: bytes) -> bool:
    """Does a line end inside a quoted string?"""
    return above.count(b'"') % 2 == 1
