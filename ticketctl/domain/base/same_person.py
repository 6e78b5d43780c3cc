"""Whether two customers seem to be one person: their names agree, and an address or a telephone number does too."""

import unicodedata
from collections.abc import Iterable, Sequence

from msgspec import Struct

from ticketctl.domain.base.identity import EMAIL, PHONE, base
from ticketctl.domain.base.records import Customer

FEWEST_DIGITS = 7  # of a telephone number without its country
_NATIONAL = 9  # the digits of a long number that also stand without the country
_BETWEEN = str.maketrans("", "", " \t\u00a0()./-")  # what people write between digits


class Person(Struct, frozen=True):
    """A customer, and what they wrote: in their profile, and lately in messages."""

    customer: Customer
    texts: Sequence[str] = ()


def words(name: str) -> frozenset[str]:
    """The words of a name for comparing, in any order, without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name[:200].casefold())
    kept = "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one))
    return frozenset(kept.split())


def why(one: Person, other: Person) -> str:
    """Why they seem to be one person, in a few words; "" if nothing says so."""
    named = words(one.customer.name)
    if not named or named != words(other.customer.name):
        return ""
    for mine in one.customer.identities:
        for theirs in other.customer.identities:
            if _agree(mine, theirs):
                return f"same name, and {mine} is like {theirs}"
    for writer, meant in ((one, other), (other, one)):
        if identity := _written(writer, meant.customer.identities):
            return f"same name, and customer {writer.customer.id} wrote {identity}"
    return ""


def _agree(one: str, other: str) -> bool:
    """Are two identities of a kind the same but for an address's detail or a number's country?"""
    (kind, _, mine), (its, _, theirs) = one.partition(":"), other.partition(":")
    if kind != its:
        return False
    if kind == EMAIL:
        return base(mine) == base(theirs)
    if kind != PHONE:
        return False
    short, long = sorted((_digits(mine), _digits(theirs)), key=len)
    return len(short) >= FEWEST_DIGITS and long.endswith(short)


def _digits(number: str) -> str:
    """The digits of a number without the zero in front that stands for the country."""
    return number.removeprefix("+").lstrip("0")


def _written(writer: Person, identities: Iterable[str]) -> str:
    """The first of these addresses and numbers that a person wrote; "" for none."""
    values = [str(value) for value in writer.customer.profile.values()]
    texts = [text.casefold() for text in (*values, *writer.texts)]
    for identity in identities:
        kind, _, value = identity.partition(":")
        if kind == EMAIL and any(_holds(text, value, "._%+-") for text in texts):
            return value
        number = _digits(value)[-_NATIONAL:]
        if (
            kind == PHONE
            and len(number) >= FEWEST_DIGITS
            and any(_dials(text, number) for text in texts)
        ):
            return value
    return ""


def _dials(text: str, number: str) -> bool:
    return _holds(text.translate(_BETWEEN), number, None)


def _holds(text: str, value: str, before: str | None) -> bool:
    """Does a text have a value that does not go on, and that no letter, digit or one of `before` precedes?

    With None anything may precede it: the country of a number.
    """
    place = text.find(value)
    while place >= 0:
        front, end = (
            text[max(0, place - 1) : place],
            text[place + len(value) : place + len(value) + 1],
        )
        joined = before is not None and (front.isalnum() or (front != "" and front in before))
        if not joined and not end.isalnum():
            return True
        place = text.find(value, place + 1)
    return False
