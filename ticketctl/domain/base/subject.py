"""Subjects of mail: the tag `[Help #12]`, and the prefixes of replies and forwards in many languages."""

import re

from ticketctl.safe import header_value

# Words before a colon. Some mean a reply in one language and a forward in another, so they are in both lists.
_REPLY = "re|aw|antw|sv|vs|odp|res|rv|r|ynt|回复|回覆|答复"
_FORWARD = (
    "fwd?|wg|tr|rv|rvs|i|vs|vl|vb|enc|res|doorst|pd|přep|fs|ynt|i̇lt|ilt|çev|пересл|fw"
    "|转发|轉寄|轉發|転送|전달|הועבר"
)
_COUNT_AND_COLON = r"\s*+(?:[\[(]\d++[\])])?\s*+[:：]"  # as in `Re[2]:`

# For other patterns: any of the words, and a whole prefix with its colon and the blanks around it.
PREFIX_WORD = f"(?:{_REPLY}|{_FORWARD})"
PREFIX = rf"(?:\s*+{PREFIX_WORD}{_COUNT_AND_COLON}\s*+)"

_REPLIES = re.compile(rf"\A(?:\s*+(?:{_REPLY}){_COUNT_AND_COLON})+\s*+", re.IGNORECASE)
_FORWARDS = re.compile(rf"\A(?:\s*+(?:{_FORWARD}){_COUNT_AND_COLON})+\s*+", re.IGNORECASE)


def has_reply_prefix(subject: str) -> bool:
    """Does a subject begin with a reply prefix?"""
    return _REPLIES.match(subject) is not None


def without_reply_prefixes(subject: str) -> str:
    """A subject without the reply prefixes it begins with."""
    return _REPLIES.sub("", subject)


def has_forward_prefix(subject: str) -> bool:
    """Does a subject begin with a forward prefix?"""
    return _FORWARDS.match(subject) is not None


def without_forward_prefixes(subject: str) -> str:
    """A subject without the forward prefixes it begins with."""
    return _FORWARDS.sub("", subject).strip()


def bare_subject(desk_name: str, subject: str) -> str:
    """A subject on one line, without our tags and reply prefixes."""
    return without_reply_prefixes(without_tags(desk_name, header_value(subject)))


def subject_tag(desk_name: str, ticket: int) -> str:
    """`[Help #12]`."""
    return f"[{desk_name} #{ticket}]"


def find_tag(desk_name: str, subject: str) -> int | None:
    """The number in the first tag of ours in a decoded subject (D7); bare numbers and other tags do not count."""
    found = _tag(desk_name, "{1,18}").search(subject)
    return int(found[1]) if found else None


def without_tags(desk_name: str, subject: str) -> str:
    """A subject without our tags."""
    return re.sub(r"\s{2,}", " ", _tag(desk_name, "+").sub(" ", subject)).strip()


def _tag(desk_name: str, digits: str) -> re.Pattern[str]:
    name = r"\s+".join(map(re.escape, desk_name.split()))
    return re.compile(rf"\[\s*{name}\s*#\s*([0-9]{digits})\s*\]", re.IGNORECASE)
