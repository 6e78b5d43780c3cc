"""Reads the values of a contact form into type and custom fields of a ticket, as far as they are valid (F-T20)."""

from typing import Any

from msgspec import Struct

from ticketctl.actions.base import custom_fields, types
from ticketctl.actions.base.context import Work
from ticketctl.errors import NotFound, Refused


class FormValues(Struct, frozen=True):
    """The valid values, and a sentence for each invalid one; an invalid value never stops a mail."""

    type: str | None
    fields: dict[str, Any]
    problems: tuple[str, ...]


def read(work: Work, said: dict[str, str]) -> FormValues:
    """Read the values of a form by their targets: `type`, `cf.NAME`."""
    kind: str | None = None
    fields: dict[str, Any] = {}
    problems: list[str] = []
    for key, given in said.items():
        try:
            if key == "type":
                types.check(work, given)
                kind = given
            else:
                name = key.removeprefix("cf.")
                fields[name] = custom_fields.value(work.definition, name, given)
        except (NotFound, Refused) as wrong:
            problems.append(f"the form: {wrong.sentence.removesuffix('.')}")
    return FormValues(kind, fields, tuple(problems))
