"""Finds public holidays by country, and closures in iCalendar files, when desk.toml is applied.

The dates go into the database, for last year and five years ahead, so that every host has the same. Applying desk.toml
again renews them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.definition.definition import Calendar, Definition, Holiday, Holidays
from ticketctl.errors import BadInput, Refused

YEARS_AHEAD = 5
_LARGEST = 10 * 2**20  # bytes of an iCalendar file


class _Search(Struct, frozen=True):
    """The days to look up, including the last one; the folder of files; the language of names."""

    first: date
    last: date
    folder: Path
    language: str


def with_holidays(
    definition: Definition, folder: Path, today: date, known: Mapping[str, Holidays] | None = None
) -> Definition:
    """The definition with the holidays of its calendars; `ics` files are relative to `folder`.

    Holidays of former years that were `known` stay, so that old times are measured as before. Refused, with its path,
    if a country, region or file gives none.
    """
    first, last = date(today.year - 1, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)
    search = _Search(first, last, folder, definition.settings.language)
    problems: list[str] = []
    found: dict[str, Holidays] = {}
    for n, calendar in enumerate(definition.calendars):
        days = [
            one
            for one in (known or {}).get(calendar.name, Holidays(until="")).days
            if one.day < first.isoformat()
        ]
        for key, look_up in (("country", _of_country), ("ics", _of_file)):
            try:
                days += look_up(calendar, search) if getattr(calendar, key) else ()
            except BadInput as wrong:
                problems.append(f"$.calendar[{n}].{wrong.sentence}")
        if calendar.country or calendar.ics:
            found[calendar.name] = Holidays(until=last.isoformat(), days=_sorted(days))
    if problems:
        raise Refused("the desk's holidays cannot be found:", *problems)
    return replace(definition, holidays=found)


def _sorted(days: Iterable[Holiday]) -> tuple[Holiday, ...]:
    """In the order of time, each day once."""
    names: dict[str, str] = {}
    for one in days:
        names[one.day] = names.get(one.day) or one.name
    return tuple(Holiday(day, names[day]) for day in sorted(names))


def _of_country(calendar: Calendar, search: _Search) -> Iterator[Holiday]:
    import holidays

    countries = holidays.list_supported_countries()
    if calendar.country not in countries:
        raise BadInput(f'country: no holidays of "{calendar.country}" are known')
    if calendar.region and calendar.region not in countries[calendar.country]:
        known = ", ".join(countries[calendar.country]) or "none"
        raise BadInput(
            f'region: no holidays of "{calendar.region}" in {calendar.country} are known; those are {known}'
        )
    found = holidays.country_holidays(
        calendar.country,
        subdiv=calendar.region or None,
        years=range(search.first.year, search.last.year + 1),
        language=_spoken(calendar.country, search.language),
    )
    return (Holiday(day.isoformat(), name) for day, name in sorted(found.items()))


def _spoken(country: str, language: str) -> str | None:
    """The language of the names: the help desk's if the country's names exist in it, else the country's own."""
    import holidays

    entity = getattr(holidays, country)
    spoken: tuple[str, ...] = entity.supported_languages
    near = (one for one in spoken if one.partition("_")[0] == language.partition("-")[0])
    own: str | None = entity.default_language
    return next(near, own)


def _of_file(calendar: Calendar, search: _Search) -> list[Holiday]:
    from ticketctl.calendars import ics

    try:
        with (search.folder / calendar.ics).open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as trouble:
        why = trouble.strerror if isinstance(trouble, OSError) else trouble
        raise BadInput(f'ics: "{calendar.ics}" cannot be read: {why}') from None
    if len(content) > _LARGEST:
        raise BadInput(f'ics: "{calendar.ics}" is larger than 10 MiB')
    try:
        return ics.closures(content, calendar.timezone, search.first, search.last)
    except BadInput as wrong:
        raise BadInput(f'ics: "{calendar.ics}" {wrong.sentence}') from None
