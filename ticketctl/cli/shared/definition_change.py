"""What `apply`, `desk`, `rule` and `init` share: who may change the desk, the difference, the new version."""

from typing import TYPE_CHECKING

from ticketctl.cli.shared import known_names
from ticketctl.console.context import App, os_user
from ticketctl.errors import BadInput, NotAllowed, Refused
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ticketctl.calendars.holiday_sources import LookedUp
    from ticketctl.domain.base.records import Actor
    from ticketctl.domain.definition.definition import Agent, Definition, Segment
    from ticketctl.store.db.database import Tx

    Tried = dict[str, tuple[str, str]]


def change_desk(
    app: App, source: str, *, folder: "Path | None" = None, dry_run: bool = False
) -> int:
    """Check desk.toml's text, show the difference and store it; returns the version in force afterwards.

    Holidays are looked up, files among them in `folder`. On a terminal it asks first. Refused for a bad file,
    NotAllowed, Conflict: nothing is stored then.
    """
    found = _looked_up(app, source, folder)
    return change_to(app, source, found.definition, dry_run=dry_run, tried=found.tried)


def change_to(
    app: App,
    source: str,
    new: "Definition",
    *,
    dry_run: bool = False,
    ask: bool = True,
    tried: "Tried | None" = None,
) -> int:
    """The same for a checked definition that has its holidays; without `ask` it asks nothing.

    `tried`: the web addresses that were read for it, as in `LookedUp`.
    """
    from ticketctl.domain.definition.difference import difference
    from ticketctl.store.desk import calendar_reads, definitions

    old = app.definition
    actor = _who_applies(app)
    with app.db.read() as tx:
        same = old.version and definitions.source(tx, old.version) == source
    if same and old.holidays == new.holidays:
        if tried and not dry_run:
            app.db.write(lambda tx: calendar_reads.record(tx, app.now, tried))
        app.out.note(f"Nothing to change; version {old.version} is in force.")
        return old.version
    _refuse_unknown(app, new)
    lines = difference(old, new)
    _show(app, lines)
    _warn_of_orphans(app, old, new)
    if dry_run:
        app.out.note("Nothing was stored (--dry-run).")
        return old.version
    if lines and ask and app.out.may_ask and not app.out.confirm("Apply this?"):
        app.out.note(f"Nothing was changed; version {old.version} is in force.")
        return old.version
    return _store(app, source, new, actor, tried)


def first_desk(app: App, source: str, folder: "Path") -> int:
    """Store the first desk.toml of a desk that has none, without questions; Refused for a bad file, Conflict."""
    found = _looked_up(app, source, folder)
    _refuse_unknown(app, found.definition)
    return _store(app, source, found.definition, _who_applies(app), found.tried)


def file_text(file: str) -> str:
    """The text of a desk.toml; `-` is standard input. BadInput if it cannot be read."""
    import sys
    from pathlib import Path

    try:
        if file == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        return Path(file).read_text("utf-8")
    except OSError as trouble:
        raise BadInput(f"{file} cannot be read: {trouble.strerror}.") from None
    except UnicodeDecodeError as trouble:
        raise BadInput(f"{file} is not UTF-8 text (byte {trouble.start}).") from None


def _looked_up(app: App, source: str, folder: "Path | None") -> "LookedUp":
    """The definition, with the holidays of its calendars; notes web addresses that could not be read."""
    from pathlib import Path

    from gateway.shared.download import download
    from ticketctl.calendars.holiday_sources import look_up
    from ticketctl.domain.loading.load import parse

    new, today = parse(source), app.now.date()
    found = look_up(new, folder or Path(), today, app.definition, download)
    for name, (address, why) in found.tried.items():
        if why:
            app.out.note(
                terminal_line(f"Note: calendar {name} keeps its holidays: {address}: {why}")
            )
    return found


def _refuse_unknown(app: App, new: "Definition") -> None:
    """Refused for a rule or policy with an unknown name in its query, because it would never match."""
    from zoneinfo import ZoneInfo

    from ticketctl.cli.shared import query_names
    from ticketctl.domain.query import own_fields, parser

    asked = {f"$.rule[{n}].when": rule.when for n, rule in enumerate(new.rules)}
    asked |= {f"$.sla[{n}].match": sla.match for n, sla in enumerate(new.slas)}
    types = own_fields.kinds(new.fields)
    zone = ZoneInfo(new.settings.timezone)
    conditions = {
        path: parser.parse(
            text, now=app.now, zone=zone, me=None, types=types, use=parser.Use.LATER
        ).condition
        for path, text in asked.items()
    }
    with app.db.read() as tx:
        if wrong := query_names.problems(app, tx, new, conditions):
            raise Refused("desk.toml has a rule that can never fire:", *wrong)


def _store(app: App, source: str, new: "Definition", actor: "Actor", tried: "Tried | None") -> int:
    from ticketctl.store.desk import calendar_reads, definitions

    before, at = app.definition.version, app.now

    def save(tx: "Tx") -> int:
        calendar_reads.record(tx, at, tried or {})
        return definitions.save(tx, source, new, actor.name, actor.os_user, at, after=before)

    version = app.db.write(save)
    known_names.forget()
    app.out.note(f"Version {version} of the desk is in force.")
    return version


def _show(app: App, lines: list[str]) -> None:
    from ticketctl.safe import terminal

    colours = {"-": "red", "+": "green"}
    for line in lines:
        app.out.data(app.out.style(terminal(line), fg=colours.get(line[0])))
    if not lines:
        app.out.note("Only the text of the file differs, not its meaning.")


def _warn_of_orphans(app: App, old: "Definition", new: "Definition") -> None:
    """Note open tickets of a segment, owner or mailbox that is removed."""
    from datetime import UTC

    from ticketctl.domain.query.parser import parse
    from ticketctl.store.tickets import ticket_lists

    going = [("segment", s.name) for s in old.segments if s.name not in _names(new.segments)]
    going += [("owner", a.name) for a in old.agents if a.name not in _names(new.agents)]
    kept = {box.address for box in new.mailboxes}
    going += [("mailbox", box.address) for box in old.mailboxes if box.address not in kept]
    with app.db.read() as tx:
        for field, name in going:
            query = parse(f'{field}:"{name}" is:open', now=app.now, zone=UTC, me=None)
            count = ticket_lists.count(tx, query.condition)
            if count:
                many = "1 open ticket" if count == 1 else f"{count} open tickets"
                app.out.note(f"Note: {field} {name} is removed and still has {many}.")


def _names(tables: "Iterable[Agent | Segment]") -> set[str]:
    return {table.name for table in tables}


def _who_applies(app: App) -> "Actor":
    """Admins may change the desk; if no agent is an admin, everybody who can reach its database may."""
    from ticketctl.domain.base.records import Actor

    admins = [agent.name for agent in app.definition.agents if agent.role == "admin"]
    if not admins:
        return Actor(name=app.me() or os_user(), os_user=os_user(), role="admin")
    actor = app.actor()
    if actor.role != "admin":
        raise NotAllowed(
            f"only admins may change the desk; you are {actor.name} ({actor.role}).",
            f"Its admins: {', '.join(admins)}.",
        )
    return actor
