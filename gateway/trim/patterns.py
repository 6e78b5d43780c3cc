"""Builds regular expressions from the language table; each takes linear time on a line of bounded length."""

import re
from collections.abc import Iterable

from gateway.trim.languages import LANGUAGES
from ticketctl.phrases import fold, has_word, needed_words, shortest, split


def _any(words: Iterable[str]) -> str:
    """Join the alternatives of all languages, longest first, so that no prefix matches first."""
    return "|".join(sorted({word for each in words for word in split(each)}, key=len)[::-1])


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


MAX_LINE = 400
"""Characters of a line; a longer line is a paragraph, never an attribution, header or marker."""

BIDI = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Direction marks, which surround names in Hebrew and Arabic."""


def bare(line: str) -> str:
    """Strip quote marks, stars, rules and direction marks."""
    return line.translate(BIDI).strip(" \t\r>*_|–—-")


LETTER = r"a-zß-öø-žа-яёіїєґ"
"""Letters of scripts that separate words by blanks."""


_WROTE = _any(row.wrote for row in LANGUAGES)
_WROTE_WORDS = shortest(needed_words(_WROTE))


def may_say_wrote(line: str) -> bool:
    """Check quickly, before WROTE, whether the line contains one of its words."""
    return has_word(_WROTE_WORDS, fold(line))


WROTE = _compile(rf"(?<![{LETTER}])(?:{_WROTE})(?![{LETTER}])")
OPENS = _compile(rf"^[\s\W]{{0,12}}(?:{_any(row.opens for row in LANGUAGES)})(?:[\s,]|(?=\d))")
DATE = re.compile(
    r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}|\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,4}[年월년]"
)
CLOCK = re.compile(r"(?<![\d./-])\d{1,2}[:.h]\d{2}(?![\d./-]\d)")
DAY = re.compile(
    r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}|(?<!\d)(?:19|20|١٩|٢٠|۱۹|۲۰)\d\d(?!\d)|\d{1,4}[年월년]"
)
DATED = re.compile(
    r"^[\s\W]{0,12}(?:[^\W\d]{2,14}\.?,?\s+)?(?:\d{1,4}[./:年월년-]|\d{1,2}\.?\s+[^\W\d])"
)
NAMED = _compile(
    r"^[^<>@]{0,80}[<(\[]?(?:mailto:)?[\w.+'’-]{1,64}@[\w.-]{1,120}[>)\]]{0,2}(?:[<(]mailto:[^>)]{1,190}[>)]{1,2})?[\s,]{0,3}"
    rf"(?:{_WROTE})(?![{LETTER}])"
)

ANGLED = re.compile(r"[<(\[‪]{1,2}(?:mailto:)?[\w.+'’=-]{1,64}@[\w.-]{1,120}[‬‏]{0,2}[>)\]]")
"""An address in brackets, as after a name."""

_MARKS = r"[\s>*_|‏‫]{0,8}"
HEADER = {
    kind: _compile(rf"^{_MARKS}(?:{_any(words)})[*_]?\s?[*_]?[:：]")
    for kind, words in {
        "from": [row.from_ for row in LANGUAGES],
        "date": [row.date for row in LANGUAGES],
        "to": [row.to for row in LANGUAGES],
        "subject": [row.subject for row in LANGUAGES],
    }.items()
}
_FIELDS = r"[^\W\d][^:：@]{0,30}[:：][^@]{1,120}@.{1,300}"
ORIGINAL = _compile(
    rf"^[\s*>]{{0,4}}[-_=*]{{2,80}}\s?(?:{_any(row.original for row in LANGUAGES)})"
    rf"(?:\W{{0,80}}|\s?[-_=*]{{2,80}}\s?{_FIELDS})$"
)
"""A line of its own, or with the fields of the header block on it."""
FRAMED_FIELDS = re.compile(
    rf"^[\s*>]{{0,4}}[-_=*]{{2,80}}\s?[^\W\d_][^:：@]{{2,40}}[-_=*]{{2,80}}\s?{_FIELDS}$"
)
"""The same in any language."""
ORIGINAL_BARE = _compile(rf"^(?:{_any(row.original for row in LANGUAGES)})\s?:?$")
_FORWARDED = _any(row.forwarded for row in LANGUAGES)
FORWARDED = _compile(
    rf"^\s{{0,8}}(?:[-_=*]{{2,80}}\s?(?:{_FORWARDED})(?:\W{{0,80}}|\s?[-_=*]{{2,80}}\s?{_FIELDS})"
    rf"|(?:{_FORWARDED})\s?[:：])$"
)


def is_forwarded(line: str) -> bool:
    """Is a line "Forwarded message" in any language, between rules or with a colon at its end?"""
    may_be = line.endswith((":", "：")) or line.lstrip()[:1] in ("-", "_", "=", "*")
    return may_be and FORWARDED.match(line) is not None


FIELD = re.compile(r"^[^\W\d][^:：]{0,30}[:：]\s?\S")
"""A line of a header block in any language."""
_SENT_FROM = _any(row.sent_from for row in LANGUAGES)
SENT_FROM_WORDS = shortest(needed_words(_SENT_FROM))
SENT_FROM = _compile(rf"^[\s<(\[*_~\"]{{0,6}}(?:{_SENT_FROM})")
DEVICE = re.compile(
    r"(?<![A-Za-z])((?i:iphon|ipad|samsung|huawei|xiaomi|oppo)|Android|Galaxy|Redmi|OnePlus|Motorola|Nokia|Xperia"
    r"|BlackBerry|Windows(?: \d\d)?|Outlook|Yahoo|Proton|Gmail|GMX|WEB\.DE|Mail\.[Rr]u|K-9|FairEmail|Thunderbird"
    r"|Foxmail)[^\s\d<>.,:;!?]{0,20}"
)
"""A device or a mail program: a name that such a line has in every language, with its endings ("iPhonesta")."""
PHONE = re.compile(
    r"(?i:iphon|ipad|samsung|huawei|xiaomi|oppo)|Android|Galaxy|Redmi|OnePlus|Nokia|Xperia|BlackBerry"
)
"""A device among these names; people also say that they use a mail program."""
LINK = re.compile(
    r"\s?[<(\[]https?://(?:aka\.ms|(?:overview\.mail\.)?yahoo\.com|(?:[a-z]{1,20}\.)?onelink\.me|play\.google\.com"
    r"|apps\.apple\.com|proton\.me|protonmail\.com|sparkmailapp\.com)[^\s<>]{0,300}[>)\]]\s*$"
)
"""A link at the end of a line, to where mail programs offer themselves."""
SENTENCE = _compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|you|it|that|yesterday|today|tomorrow|last|but|because|ago)\b"
)
DELIMITER = re.compile(r"^\s*(?:ᐧ|[-_=*~#+–—━─═＝＊]{2,}|(?:[-_*] ){2,}[-_*]?)\s*$")
SIGNATURE = re.compile(r"^(?:--|—|–|_{2,})\s*$")
QUOTE = re.compile(r"^\s{0,4}(?:[>|│┃]|[A-Z]{1,3}>)")
FENCE = re.compile(r"^\s{0,3}(?:```|~~~)")
