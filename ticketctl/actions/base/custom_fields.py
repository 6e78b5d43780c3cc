"""Custom fields of tickets and customers: checks values by type, and which fields are required when."""

import math
from datetime import date
from typing import Any

from msgspec.structs import replace

from ticketctl.actions.base.context import Work
from ticketctl.domain.base import values
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.definition.definition import Definition, Field
from ticketctl.errors import NotFound, Refused
from ticketctl.store.people import customers
from ticketctl.store.tickets import tickets

TICKET, CUSTOMER = "ticket", "customer"

_TRUE = {"yes", "true", "1", "on"}
_FALSE = {"no", "false", "0", "off"}
_NOTHING: tuple[Any, ...] = (None, "", [])


def change(work: Work, ticket: Ticket, fields: dict[str, object], comment: str) -> Ticket:
    """Set custom fields (None unsets one), one event each. Returns the ticket. NotFound or Refused if invalid."""
    changed = changes(work.definition, TICKET, ticket.fields, fields)
    if not changed:
        return ticket
    kept = {name: new for name, new in (ticket.fields | changed).items() if new is not None}
    tickets.change(work.tx, ticket.id, at=work.at, fields=kept)
    for name, new in changed.items():
        old = ticket.fields.get(name)
        work.event(ticket.id, "field", field=f"cf.{name}", old=old, new=new, comment=comment)
    return replace(ticket, fields=kept, version=ticket.version + 1)


def changes(
    definition: Definition, on: str, have: dict[str, object], given: dict[str, object]
) -> dict[str, object]:
    """The given fields that differ from those of a ticket or customer; None for one to unset.

    NotFound for an unknown field, Refused for an invalid value.
    """
    wanted = {name: value(definition, name, new, on) for name, new in given.items()}
    return {name: new for name, new in wanted.items() if have.get(name) != new}


def require(work: Work, ticket: Ticket, when: str) -> None:
    """Refused if a field of the ticket or its customer that is required at `when` (create, close) has no value."""
    if missing := _missing(work.definition, TICKET, when, ticket.fields):
        raise Refused(f"{_are(missing)} required: give --set {missing[0]}=…")
    if not any(one.on == CUSTOMER and one.required == when for one in work.definition.fields):
        return
    who = customers.get(work.tx, ticket.customer.id)
    if missing := _missing(work.definition, CUSTOMER, when, who.profile):
        raise Refused(
            f"{_are(missing)} required in the customer's profile: "
            f"run `ticketctl customer edit {who.id} --set {missing[0]}=…` first."
        )


def value(definition: Definition, name: str, given: object, on: str = TICKET) -> object:
    """The value of a custom field as stored in JSON; None stays None. NotFound or Refused if it is invalid."""
    found = next((one for one in definition.fields if one.on == on and one.name == name), None)
    if found is None:
        known = (one.name for one in definition.fields if one.on == on)
        like = next((one for one in known if one.casefold() == name.casefold()), "")
        hint = f"; did you mean {like}?" if like else "."
        raise NotFound(f'no field "{name}"{" of customers" if on == CUSTOMER else ""}{hint}')
    return None if given is None else _READ[found.type](found, given)


def _missing(definition: Definition, on: str, when: str, have: dict[str, object]) -> list[str]:
    return [
        one.name
        for one in definition.fields
        if one.on == on and one.required == when and have.get(one.name) in _NOTHING
    ]


def _are(missing: list[str]) -> str:
    return f"field {', '.join(missing)} {'is' if len(missing) == 1 else 'are'}"


def _text(field: Field, given: object) -> str:
    return str(given)


def _number(field: Field, given: Any) -> int | float:
    try:
        number = float(given)
    except (TypeError, ValueError):
        raise Refused(f'field {field.name} is a number; "{given}" is not.') from None
    if math.isnan(number):
        raise Refused(f'field {field.name} is a number; "{given}" is not.')
    if abs(number) > values.LARGEST:
        raise Refused(
            f"field {field.name} is a number from {-values.LARGEST:,} to {values.LARGEST:,}; "
            f'"{str(given)[:40]}" is outside that range.'
        )
    return int(number) if number.is_integer() else number


def _date(field: Field, given: object) -> str:
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError:
        raise Refused(f'field {field.name} is a date like 2026-03-09; "{given}" is not.') from None


def _bool(field: Field, given: object) -> bool:
    word = str(given).lower()
    if word not in _TRUE | _FALSE:
        raise Refused(f'field {field.name} is yes or no; "{given}" is neither.')
    return word in _TRUE


def _choice(field: Field, given: object) -> str:
    given = next((one for one in field.choices if one.casefold() == str(given).casefold()), given)
    if given not in field.choices:
        raise Refused(f'field {field.name} is one of {", ".join(field.choices)}; "{given}" is not.')
    return str(given)


def _multi(field: Field, given: Any) -> list[str]:
    many = given.split(",") if isinstance(given, str) else given
    return [_choice(field, one.strip()) for one in many]


_READ = {
    "text": _text,
    "number": _number,
    "date": _date,
    "bool": _bool,
    "choice": _choice,
    "multi": _multi,
}
