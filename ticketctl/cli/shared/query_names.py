"""Finds unknown names in a query, so that a typo is an error and not an empty list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ticketctl.cli.shared import owner_words
from ticketctl.cli.shared.filters import leaves
from ticketctl.console import access
from ticketctl.errors import NotFound

if TYPE_CHECKING:
    from ticketctl.console.context import App
    from ticketctl.domain.base.condition import Condition, Where
    from ticketctl.domain.definition.definition import Definition
    from ticketctl.store.db.database import Tx

_WHAT = {
    "owner": "agent",
    "watcher": "agent",
}  # what a field's values are called, where that is not its own name
_SPELT = {("owner", word): "@me" for word in (*owner_words.ME, "mine", "i")} | {
    ("owner", word): "none" for word in owner_words.NOBODY
}
_MOST = 20  # names that are told


def problems(
    app: "App", tx: "Tx", definition: "Definition", conditions: "Mapping[str, Condition]"
) -> list[str]:
    """Unknown names in the conditions of a new desk.toml, by path. Tags may be new."""
    found = []
    for path, condition in conditions.items():
        try:
            refuse_unknown(app, tx, condition, definition, tags=False)
        except NotFound as unknown:
            found.append(f"{path}: {unknown.sentence.rstrip('.')}")
    return found


def refuse_unknown(
    app: "App",
    tx: "Tx",
    condition: "Condition",
    definition: "Definition | None" = None,
    *,
    tags: bool = True,
) -> None:
    """Raise NotFound, listing the known values, for a value that neither the desk nor any ticket has.

    Checks owners, segments, mailboxes, surveys, types, tags and custom fields.
    """
    definition = definition or app.definition
    names = _names(definition)
    if not tags:
        del names["tag"]
    for leaf in leaves(condition):
        if "cf." in leaf.field:
            _refuse_field(tx, leaf, definition)
        for value in map(str, leaf.values if leaf.field in names else ()):
            if value in names[leaf.field] or value in ("none", "any") or _held(tx, leaf, value):
                continue
            told = _tags(app, tx) if leaf.field == "tag" else names[leaf.field]
            if hint := _SPELT.get((leaf.field, value.lower())) or _alike(value, told):
                what = _WHAT.get(leaf.field, leaf.field)
                raise NotFound(f'no {what} "{value}"; did you mean {leaf.field}:{hint}?')
            raise _unknown(f'{_WHAT.get(leaf.field, leaf.field)} "{value}"', told)


def _alike(value: str, names: Sequence[str]) -> str:
    """The name that differs in case, or in a sign before it, only."""
    plain = value.removeprefix("@").casefold()
    return next((name for name in names if name.casefold() == plain), "")


def _names(definition: "Definition") -> dict[str, list[str]]:
    """The known values by field; without declared agents or types any value is allowed."""
    known = {
        "owner": [one.name for one in definition.agents],
        "watcher": [one.name for one in definition.agents],
        "type": [one.name for one in definition.types],
    }
    boxes = [(one.address, *one.aliases) for one in definition.mailboxes]
    steps = [step for rule in definition.rules for step in (*rule.then, *rule.otherwise)]
    steps += [step for sla in definition.slas for level in sla.escalations for step in level.do]
    return {field: names for field, names in known.items() if names} | {
        "segment": [one.name for one in definition.segments],
        "survey": [one.name for one in definition.surveys],
        "mailbox": [address for box in boxes for address in box],
        "tag": [step.removeprefix("tag:") for step in steps if step.startswith("tag:")],
    }


def _held(tx: "Tx", leaf: "Where", value: str) -> bool:
    from ticketctl.domain.base.condition import Where
    from ticketctl.store.tickets import ticket_lists

    return bool(ticket_lists.count(tx, Where(leaf.field, "=", (value,))))


def _refuse_field(tx: "Tx", leaf: "Where", definition: "Definition") -> None:
    """A field that was removed from the desk may still have values in tickets."""
    from ticketctl.domain.query.own_fields import kinds

    fields = kinds(definition.fields)
    if leaf.field not in fields and not _held(tx, leaf, "any"):
        raise _unknown(f'field "{leaf.field}"', fields)


def _tags(app: "App", tx: "Tx") -> list[str]:
    """The tags of tickets that I may see, the most used first."""
    from ticketctl.store.reports import figures

    found = figures.counts(tx, access.visible(app), ["tag"], zone=app.zone)
    return [one.values[0] for one in found if one.values[0]]


def _unknown(what: str, names: Iterable[str]) -> NotFound:
    told = list(names)
    more = " …" if len(told) > _MOST else ""
    there = f"; there are {', '.join(told[:_MOST])}{more}" if told else ""
    return NotFound(f"no {what}{there}.")
