"""`NAME=VALUE` as people type it: the fields of --set."""

from collections.abc import Iterable
from typing import Any

from ticketctl.errors import BadInput


def pairs(given: Iterable[str]) -> dict[str, object]:
    """The fields by name; BadInput where there is no `=`."""
    found: dict[str, Any] = {}
    for word in given:
        name, sign, value = word.partition("=")
        if not sign or not name.strip():
            raise BadInput(f"{word!r} has no value; write it like reason=refund.")
        found[name.strip()] = value
    return found
