"""Searches and replaces text in canned replies and custom fields of tickets, never in messages (F-T17)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct
from msgspec.structs import replace as changed

from ticketctl.actions.base.context import Work
from ticketctl.actions.texts import canned
from ticketctl.actions.tickets import edit
from ticketctl.domain.base.condition import Condition
from ticketctl.domain.definition.definition import Field
from ticketctl.domain.rules.canned import Canned
from ticketctl.errors import BadInput, DeskError
from ticketctl.store.desk import canned_replies


class TextChange(Struct, frozen=True, kw_only=True):
    """A text that changes: a canned reply in one language, or a ticket's field."""

    template: str | None = None
    language: str | None = None
    ticket: int | None = None
    field: str  # text, subject, cf.NAME
    old: Any
    new: Any


def replace(
    work: Work, old: str, new: str, among: Condition, type: str | None = None
) -> list[TextChange]:
    """Replace `old` by `new`, literally, in all canned replies and in the tickets `among`; returns where.

    `type` None: of every type. All or nothing: if one ticket or canned reply refuses the change, nothing changes.
    """
    if not old or old == new:
        raise BadInput("give the text to replace and a different new text.")
    why = f'"{old}" replaced by "{new}"'
    found = []
    for one in canned_replies.every(work.tx):
        if type in (None, one.type) and (places := _in_template(work, one, old, new)):
            with _naming(f"canned reply {one}"):
                canned.change(work, one, _with(one, places), why)
            found += places
    for number, places in _in_tickets(work, old, new, among, type):
        wanted = {one.field.removeprefix("cf."): one.new for one in places}
        with _naming(f"ticket {number}"):
            edit.edit(work, number, edit.TicketChanges(fields=wanted), comment=why)
        found += places
    return found


@contextmanager
def _naming(what: str) -> Iterator[None]:
    """Add to an error where it happened."""
    try:
        yield
    except DeskError as error:
        raise type(error)(f"{what}: {error.sentence}") from error


def _in_tickets(
    work: Work, old: str, new: str, among: Condition, type: str | None
) -> list[tuple[int, list[TextChange]]]:
    """The tickets that contain the text, all found before the first is changed."""
    found = (
        (number, _in_fields(work, fields, old, new, ticket=number))
        for number, fields in canned_replies.tickets_with_fields(work.tx, type, among)
    )
    return [(number, places) for number, places in found if places]


def _in_template(work: Work, one: Canned, old: str, new: str) -> list[TextChange]:
    whose: dict[str, Any] = {"template": one.name, "language": one.language or None}
    places = [
        TextChange(**whose, field=name, old=text, new=text.replace(old, new))
        for name in ("subject", "text")
        if old in (text := getattr(one, name))
    ]
    own = {
        name.removeprefix("cf."): value
        for name, value in one.fields.items()
        if name.startswith("cf.")
    }
    return places + _in_fields(work, own, old, new, **whose)


def _with(one: Canned, places: list[TextChange]) -> Canned:
    new = {place.field: place.new for place in places}
    texts = {name: new[name] for name in ("subject", "text") if name in new}
    own = one.fields | {name: value for name, value in new.items() if name.startswith("cf.")}
    fields = {name: value for name, value in own.items() if value is not None}
    return changed(one, **texts, fields=fields)


def _in_fields(
    work: Work, fields: dict[str, object], old: str, new: str, **whose: Any
) -> list[TextChange]:
    known = {one.name: one for one in work.definition.fields if one.on == "ticket"}
    pairs = (
        (name, was, _new(known[name], was, old, new))
        for name, was in fields.items()
        if name in known
    )
    return [
        TextChange(**whose, field=f"cf.{name}", old=was, new=now)
        for name, was, now in pairs
        if now != was
    ]


def _new(field: Field, was: Any, old: str, new: str) -> object:
    """The new value: an emptied text is unset; a choice is replaced only as a whole, and only by another choice."""
    if field.type == "text":
        return str(was).replace(old, new) or None
    if new not in field.choices:
        return was
    if field.type == "multi":
        return list(dict.fromkeys(new if word == old else word for word in was))
    return new if was == old else was
