"""Finds public holidays by country, and closures in iCalendar files and addresses, when desk.toml is applied.

The dates go into the database, for last year and five years ahead, so that every host has the same. Applying desk.toml
again renews them; those of web addresses are also renewed every day (actions/jobs/renew_calendars.py).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.definition.definition import Calendar, Definition, Holiday, Holidays
from ticketctl.errors import BadInput, Refused, WebTrouble

YEARS_AHEAD = 5
_LARGEST = 10 * 2**20  # bytes of an iCalendar file


Fetch = Callable[[str], bytes]  # the content at a web address; WebTrouble


class LookedUp(Struct, frozen=True):
    """A definition with its holidays. `tried`: by calendar, its web address and why it could not be read, or ""."""

    definition: Definition
    tried: dict[str, tuple[str, str]]


class _Search(Struct, frozen=True):
    """The days to look up, including the last one; the folder of files; the language of names."""

    first: date
    last: date
    folder: Path
    language: str
    fetch: Fetch


def is_address(ics: str) -> bool:
    """Is a calendar's `ics` a web address, not a file?"""
    return "://" in ics


def look_up(
    definition: Definition, folder: Path, today: date, before: Definition, fetch: Fetch
) -> LookedUp:
    """Look up the holidays of the calendars; `ics` files are relative to `folder`.

    Holidays of former years that were known `before` stay, so that old times are measured as before. If a web address
    cannot be read, the calendar keeps what is known from it. Refused, with its path, if a country, region or file gives
    none, or an address from which nothing is known.
    """
    first, last = date(today.year - 1, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)
    search = _Search(first, last, folder, definition.settings.language, fetch)
    problems: list[str] = []
    found: dict[str, Holidays] = {}
    tried: dict[str, tuple[str, str]] = {}
    for n, calendar in enumerate(definition.calendars):
        if not (calendar.country or calendar.ics):
            continue
        known = before.holidays.get(calendar.name, Holidays(until=""))
        if is_address(calendar.ics):
            tried[calendar.name] = (calendar.ics, "")
        try:
            days = _look_up(calendar, search)
            former = [one for one in known.days if one.day < first.isoformat()]
            found[calendar.name] = Holidays(until=last.isoformat(), days=_sorted(former + days))
        except BadInput as wrong:
            problems.append(f"$.calendar[{n}].{wrong.sentence}")
        except WebTrouble as trouble:
            tried[calendar.name] = (calendar.ics, trouble.sentence)
            if calendar.name in before.holidays and _has_source(before, calendar):
                found[calendar.name] = known
            else:
                problems.append(f'$.calendar[{n}].ics: "{calendar.ics}": {trouble.sentence}')
    if problems:
        raise Refused("the desk's holidays cannot be found:", *problems)
    return LookedUp(replace(definition, holidays=found), tried)


def _look_up(calendar: Calendar, search: _Search) -> list[Holiday]:
    days = list(_of_country(calendar, search)) if calendar.country else []
    if is_address(calendar.ics):
        return days + _of_address(calendar, search)
    return days + (_of_file(calendar, search) if calendar.ics else [])


def _has_source(before: Definition, calendar: Calendar) -> bool:
    """Did the calendar have the same source of holidays before?"""
    same = [one for one in before.calendars if one.name == calendar.name]
    return any(
        (one.country, one.region, one.ics) == (calendar.country, calendar.region, calendar.ics)
        for one in same
    )


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


def _of_address(calendar: Calendar, search: _Search) -> list[Holiday]:
    from ticketctl.calendars import ics

    content = search.fetch(calendar.ics)
    try:
        return ics.closures(content, calendar.timezone, search.first, search.last)
    except BadInput as wrong:
        raise WebTrouble(f"what it gives {wrong.sentence}.") from None


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
