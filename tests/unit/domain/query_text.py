"""Conditions written in the query language, for tests that read back what they have written."""

import re
from datetime import datetime

from ticketctl.clock import rfc3339
from ticketctl.domain.base.condition import AllOf, AnyOf, Condition, Not, Value, Where

_SAFE = re.compile(
    r"[\w.@%+*/?&$#][\w.@%+*/?=&$#!-]*"
)  # no blank, bracket, quote, comma, ~, :, <, >


def show(condition: Condition) -> str:
    """A condition in the query language; `parse` reads the same condition back."""
    match condition:
        case AllOf(parts):
            return " ".join(map(show, parts))
        case AnyOf(parts):
            return f"({' OR '.join(map(show, parts))})"
        case Not(part):
            inner = show(part)
            return f"-({inner})" if isinstance(part, AllOf) else f"-{inner}"
        case Where("text", "=", (str(word),)) if not word.isalpha():
            return _quoted(word, always=True)
        case Where(field, op, values):
            return f"{field}{':' if op == '=' else op}{','.join(map(_shown, values))}"


def _shown(value: Value) -> str:
    return rfc3339(value) if isinstance(value, datetime) else _quoted(str(value))


def _quoted(word: str, *, always: bool = False) -> str:
    """A word as it stands in a query: in quotes wherever it could be read as something else.

    A single word to be found in no other form has its quotes already.
    """
    if word[:1] == word[-1:] == '"' and word[1:-1].isalpha():
        return word
    if _SAFE.fullmatch(word) and not always:
        return word
    return '"' + re.sub(r'(["\\])', r"\\\1", word) + '"'
