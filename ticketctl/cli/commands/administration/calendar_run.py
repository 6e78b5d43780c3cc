"""What `ticketctl calendar` does."""

from datetime import datetime
from itertools import groupby

from gateway.shared.download import download
from ticketctl.actions.jobs import renew_calendars
from ticketctl.clock import rfc3339
from ticketctl.console.context import App
from ticketctl.console.json_shapes import when as when_
from ticketctl.console.rows import one, rows
from ticketctl.console.view import Column, View
from ticketctl.domain.base import duration, when
from ticketctl.domain.base.values import DAYS
from ticketctl.domain.base.when import Side
from ticketctl.domain.calendar import calendar, explain
from ticketctl.domain.calendar.calendar import Hours
from ticketctl.domain.definition.definition import Calendar
from ticketctl.errors import BadInput, WebTrouble
from ticketctl.safe import terminal
from ticketctl.store.db.locks import alone
from ticketctl.store.desk import calendar_reads
from ticketctl.store.desk.calendar_reads import CalendarRead

YEARS = range(1900, 9000)  # what can be asked about; nobody promises more


def list_(app: App) -> None:
    """List the calendars of desk.toml, with hours, holidays, and whether they are open now."""

    def now(one: Calendar) -> bool:
        return calendar.is_open(calendar.of(app.definition, one.name), app.now)

    def holidays(one: Calendar) -> int:
        known = app.definition.holidays.get(one.name)
        return len(known.days) if known else 0

    with app.db.read() as tx:
        reads = calendar_reads.every(tx)

    def read(one: Calendar) -> CalendarRead | None:
        found = reads.get(one.name)
        return found if found and found.address == one.ics else None

    def shape(one: Calendar) -> dict[str, object]:
        last = read(one)
        known = app.definition.holidays.get(one.name)
        return {
            "name": one.name,
            "timezone": one.timezone,
            "hours": {day: list(spans) for day, spans in one.hours.items()},
            "closed": list(one.closed),
            "open": list(one.open),
            "country": one.country or None,
            "region": one.region or None,
            "ics": one.ics or None,
            "holidays": [{"day": day.day, "name": day.name} for day in known.days] if known else [],
            "holidays_until": known.until if known else None,
            "fetched_at": when_(last.good_at) if last else None,
            "fetch_error": (last.why or None) if last else None,
            "open_now": now(one),
        }

    view: View[Calendar] = View(
        columns=(
            Column("name", lambda one: one.name),
            Column("timezone", lambda one: one.timezone),
            Column("hours", _hours, cut=1),
            Column("holidays", holidays),
            Column("open_now", now),
        ),
        default=("name", "timezone", "hours", "holidays", "open_now"),
        shape=shape,
        key=lambda one: one.name,
    )
    rows(app, view, app.definition.calendars)


def fetch(app: App) -> None:
    """Read the calendars at web addresses again; WebTrouble names those that cannot be read."""
    with alone(app.db, renew_calendars.LOCK) as keep:
        if keep is None:
            app.out.note("another program is already doing this; nothing was done.")
            return
        found = renew_calendars.run(app.db, download, renew_calendars.of_addresses(app.definition))
    good = [name for name, why in found.tried.items() if not why]
    if good:
        news = f"version {found.version} of the desk" if found.version else "no change"
        app.out.note(f"Read {', '.join(good)}: {news}.")
    elif not found.tried:
        app.out.note("No calendar of the desk has a web address.")
    if failed := [f"{name}: {why}" for name, why in found.tried.items() if why]:
        raise WebTrouble("these calendars could not be read and keep their holidays:", *failed)


def test(
    app: App, name: str, start: str | None, length: str | None, end: str | None, explain: bool
) -> None:
    """Calculate with calendar NAME ("" is around the clock)."""
    if (length is None) == (end is None):
        raise BadInput("give either --add DURATION or --to TIME.")
    hours = calendar.of(app.definition, name)
    since = _instant(app, hours, start, when.Side.EITHER) if start else app.now
    if length is not None:
        _add(app, hours, since, length, explain)
    else:
        _measure(app, hours, since, _instant(app, hours, str(end), when.Side.FUTURE), explain)


def _add(app: App, hours: Hours, start: datetime, length: str, explained: bool) -> None:
    seconds = duration.parse(length)
    due = calendar.add(hours, start, seconds)
    shape = {"from": rfc3339(start), "add": seconds, "due_at": rfc3339(due)}
    sentence = f"Due {explain.local(hours, due)}, {length} after {explain.local(hours, start)}"
    days = explain.adding(hours, start, seconds) if explained else []
    _tell(app, hours, shape, days, sentence)


def _measure(app: App, hours: Hours, start: datetime, end: datetime, explained: bool) -> None:
    if end < start:
        raise BadInput("the end is before the start.")
    seconds = calendar.measure(hours, start, end)
    shape = {"from": rfc3339(start), "to": rfc3339(end), "seconds": seconds}
    span = f"from {explain.local(hours, start)} to {explain.local(hours, end)}"
    sentence = f"{explain.length(seconds)} of open time {span}"
    days = explain.measuring(hours, start, end) if explained else []
    _tell(app, hours, shape, days, sentence)


def _tell(app: App, hours: Hours, shape: dict[str, object], days: list[str], sentence: str) -> None:
    if app.options.json:
        one(app, shape | {"explain": days} if days else shape)
    else:
        app.out.page("\n".join(map(terminal, [*days, f"{sentence} ({hours.zone.key})."])))


def _instant(app: App, hours: Hours, text: str, side: Side) -> datetime:
    at = when.period(text, side, now=app.now, zone=hours.zone).start
    if at.year not in YEARS:
        raise BadInput(f"{at.year} is too far away: give a time from {YEARS[0]} to {YEARS[-1]}.")
    return at


def _hours(calendar: Calendar) -> str:
    """`mon-fri 09:00-18:00, sat 10:00-14:00`."""
    parts = []
    for spans, group in groupby(DAYS, lambda day: calendar.hours.get(day, ())):
        days = list(group)
        if spans:
            named = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
            parts.append(f"{named} {' '.join(spans)}")
    return ", ".join(parts)
