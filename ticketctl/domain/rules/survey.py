"""Surveys: the grades of a scale, and finding the grade in a customer's answer."""

import re
from collections.abc import Callable
from operator import eq, ge, gt, le, lt
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.condition import AllOf, AnyOf, Condition, Not, Where
from ticketctl.errors import BadInput

# Words before the top of a scale: 4/5, 4 of 5, 4 de 5, 4 z 5.
_TOP = r"(?:\s*+(?:/|\bout of\b|\bof\b|\bde\b|\bsobre\b|\bze?\b)\s*+([0-9]{1,3}))?"
# A number at the start of the text, or after a label there; not part of a time, a decimal or a percentage.
_GRADE = re.compile(
    r"""\A[\s*_"'“(]*+(?:[^\W\d_]++(?:[ ][^\W\d_]++){0,3}[ ]?[:=]\s*+)?[*_]*+"""
    rf"([0-9]{{1,3}})(?![0-9]|[.,:][0-9]|\s?%){_TOP}",
    re.IGNORECASE,
)
_BETWEEN = " \t\r\n-–—.,:;!/*_)”\"'\ufe0f\u20e3"  # between a grade and its comment

_OPS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_SCALES = {"rating": "", "csat": "1-5", "nps": "0-10"}  # fields of the query language; "": any


class Written(Struct, frozen=True):
    """A survey answer: its whole text, its grade, the top of the scale if named, the remaining words."""

    text: str

    grade: int | None
    top: int | None
    comment: str


def bounds(scale: str) -> tuple[int, int]:
    """The lowest and the highest grade of a scale: 1 and 5 for `1-5`."""
    low, _, high = scale.partition("-")
    return int(low), int(high)


def grades(scale: str) -> range:
    """Every grade of a scale, the lowest first."""
    low, high = bounds(scale)
    return range(low, high + 1)


def check(scale: str, grade: int) -> None:
    """BadInput for a grade that is not on the scale."""
    if grade not in grades(scale):
        low, high = bounds(scale)
        raise BadInput(f"{grade} is not a rating: this survey has {low} to {high}.")


def read(text: str) -> Written:
    """Read a customer's answer: `4`, `4/5`, `5 - great`, `Grade: 4`. Without a grade, everything is comment."""
    found = _GRADE.match(text)
    if found is None:
        return Written(text.strip(), None, None, text.strip())
    top = int(found[2]) if found[2] else None
    return Written(text.strip(), int(found[1]), top, text[found.end() :].lstrip(_BETWEEN).rstrip())


def fits(condition: Condition, survey: str, scale: str, rating: int) -> bool:
    """Does an answer without a ticket match? Conditions on a ticket do not hold, and their negation does."""
    match condition:
        case AllOf(parts):
            return all(fits(part, survey, scale, rating) for part in parts)
        case AnyOf(parts):
            return any(fits(part, survey, scale, rating) for part in parts)
        case Not(part):
            return not fits(part, survey, scale, rating)
        case Where("survey", _, names):
            return survey in names
        case Where(field, op, wanted) if _SCALES.get(field) in ("", scale):
            return any(_OPS[op](rating, value) for value in wanted)
        case _:
            return False
