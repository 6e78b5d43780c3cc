"""Lists what changes between two definitions, by table and name: `-` old, `+` new."""

from msgspec import Struct

from ticketctl.domain.base.document import keys
from ticketctl.domain.definition.definition import Definition, Field, Holidays

# The tables of desk.toml: attribute of the definition, name in the file, key that names an entry.
_LISTS = (
    ("mailboxes", "mailbox", "address"),
    ("agents", "agent", "name"),
    ("segments", "segment", "name"),
    ("types", "type", "name"),
    ("channels", "channel", "name"),
    ("calendars", "calendar", "name"),
    ("slas", "sla", "name"),
    ("rules", "rule", "name"),
    ("fields", "field", "name"),
    ("surveys", "survey", "name"),
)
_ORDERED = ("slas", "rules")


def difference(old: Definition, new: Definition) -> list[str]:
    """The lines that show how `new` differs from `old`; none if they mean the same."""
    lines = _changed("[desk]", old.settings, new.settings)
    for place, table, key in _LISTS:
        before = {_title(item, table, key): item for item in getattr(old, place)}
        after = {_title(item, table, key): item for item in getattr(new, place)}
        for title in [*before, *(title for title in after if title not in before)]:
            lines += _changed(title, before.get(title), after.get(title))
        if place in _ORDERED:
            lines += _reordered(table, list(before), list(after))
    lines += _holidays(old.holidays, new.holidays)
    lines += _changed("[alerts]", old.alerts, new.alerts)
    return lines + _changed("[quality]", old.quality, new.quality)


def _title(item: Struct, table: str, key: str) -> str:
    kind = f"{item.on}." if isinstance(item, Field) else ""
    return f"[[{table}]] {kind}{getattr(item, key)}"


def _changed(title: str, old: Struct | None, new: Struct | None) -> list[str]:
    if old == new:
        return []
    both = old is not None and new is not None
    before = dict(keys(old, defaults=both)) if old else {}
    after = dict(keys(new, defaults=both)) if new else {}
    mark = "+" if old is None else "-" if new is None else " "
    lines = [f"{mark} {title}"]
    for key in [*before, *(key for key in after if key not in before)]:
        if before.get(key) != after.get(key):
            lines += [f"-   {key} = {before[key]}"] if key in before else []
            lines += [f"+   {key} = {after[key]}"] if key in after else []
    return lines


def _holidays(old: dict[str, Holidays], new: dict[str, Holidays]) -> list[str]:
    """Until when holidays are known, and which of them changed; not for a calendar that is removed."""
    lines: list[str] = []
    for name, after in new.items():
        before = old.get(name, Holidays(until=""))
        gone = [one for one in before.days if one not in after.days]
        come = [
            one for one in after.days if one not in before.days and one.day[:10] <= before.until
        ]
        told = [f"-   holiday {one.day} {one.name}" for one in gone]
        told += [f"+   holiday {one.day} {one.name}" for one in come]
        if before.until != after.until:
            told.append(f"+   {len(after.days)} holidays, until {after.until}")
        lines += [f"  [[calendar]] {name}", *told] if told else []
    return lines


def _reordered(table: str, before: list[str], after: list[str]) -> list[str]:
    kept = [title for title in before if title in after]
    again = [title for title in after if title in before]
    if kept == again:
        return []
    names = ", ".join(title.partition("]] ")[2] for title in after)
    return [f"  [[{table}]] now in the order {names}"]
