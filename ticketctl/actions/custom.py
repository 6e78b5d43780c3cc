"""The desk's own fields of tickets: values checked by type, and what is required when."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from ticketctl.actions.work import Work
from ticketctl.desk.definition import Definition, Field
from ticketctl.desk.records import Ticket
from ticketctl.errors import NotFound, Refused
from ticketctl.store import tickets

_TRUE = {"yes", "true", "1", "on"}
_FALSE = {"no", "false", "0", "off"}


def change(work: Work, ticket: Ticket, fields: dict[str, Any], comment: str) -> Ticket:
    """Set fields (None unsets one), an event each; the ticket as it is then. NotFound or Refused for a bad one."""
    wanted = {name: value(work.desk, name, given) for name, given in fields.items()}
    changed = {name: new for name, new in wanted.items() if ticket.fields.get(name) != new}
    if not changed:
        return ticket
    kept = {name: new for name, new in (ticket.fields | changed).items() if new is not None}
    tickets.change(work.tx, ticket.id, at=work.at, fields=kept)
    for name, new in changed.items():
        old = ticket.fields.get(name)
        work.event(ticket.id, "field", field=f"cf.{name}", old=old, new=new, comment=comment)
    return replace(ticket, fields=kept, version=ticket.version + 1)


def require(work: Work, ticket: Ticket, when: str) -> None:
    """Refused where a field that is required at `when` (create, close) has no value."""
    missing = [
        one.name
        for one in work.desk.fields
        if one.on == "ticket" and one.required == when and ticket.fields.get(one.name) in (None, "")
    ]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise Refused(f"field {', '.join(missing)} {are} required: give --set {missing[0]}=…")


def value(desk: Definition, name: str, given: Any) -> Any:
    """A ticket field's value as JSON keeps it; None stays None. NotFound for no field, Refused for a bad value."""
    found = next((one for one in desk.fields if one.on == "ticket" and one.name == name), None)
    if found is None:
        raise NotFound(f'no field "{name}".')
    return None if given is None else _READ[found.type](found, given)


def _text(field: Field, given: Any) -> str:
    return str(given)


def _number(field: Field, given: Any) -> int | float:
    try:
        number = float(given)
    except (TypeError, ValueError):
        raise Refused(f'field {field.name} is a number; "{given}" is none.') from None
    if number - number != 0:  # infinite, or not a number: JSON has neither
        raise Refused(f'field {field.name} is a number; "{given}" is none.')
    return int(number) if number.is_integer() else number


def _date(field: Field, given: Any) -> str:
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError:
        raise Refused(f'field {field.name} is a date like 2026-03-09; "{given}" is none.') from None


def _bool(field: Field, given: Any) -> bool:
    word = str(given).lower()
    if word not in _TRUE | _FALSE:
        raise Refused(f'field {field.name} is yes or no; "{given}" is neither.')
    return word in _TRUE


def _choice(field: Field, given: Any) -> str:
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
