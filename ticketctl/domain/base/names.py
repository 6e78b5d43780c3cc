"""Names of people as mail programs write them."""

import re

# Behind a comma these are no first name.
_SUFFIXES = frozenset(
    (
        *("jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "csc", "dis"),
        *("inc", "ltd", "llc", "plc", "co", "corp", "gmbh", "ag", "kg", "sro", "as", "sa", "sl"),
    )
)
_WORDS = re.compile(r"[^\W\d_][^\d_,;:&@/()<>]*")
_ASIDE = re.compile(r" \([^()]*\)$")  # Customer, Carl (Sales)
_MAX_WORDS = 3


def first_name_first(name: str) -> str:
    """`Carl Customer` for `Customer, Carl`; every other name as it is, `Carl Customer, Jr.` and `Shop, Ltd.` too."""
    last, comma, first = (part.strip() for part in _ASIDE.sub("", name.strip()).partition(","))
    if not comma or not all(_WORDS.fullmatch(part) for part in (last, first)):
        return name
    words = first.replace(".", "").lower().split()
    if _SUFFIXES.intersection([*words, "".join(words)]):
        return name
    return name if max(len(words), len(last.split())) > _MAX_WORDS else f"{first} {last}"
