"""What `ticketctl doctor` does."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from shlex import quote

from gateway.run.doctor import checks
from ticketctl.actions.base import presence
from ticketctl.actions.base.context import GATEWAY, begin
from ticketctl.actions.jobs import renew_calendars
from ticketctl.cli.commands.administration import doctor_mail_run
from ticketctl.cli.commands.administration.doctor_check import Check
from ticketctl.cli.commands.people.agent_run import left
from ticketctl.cli.shared import aliases
from ticketctl.console.context import App
from ticketctl.console.rows import rows
from ticketctl.console.times import local
from ticketctl.console.view import Column, View
from ticketctl.domain.calendar.availability import in_words
from ticketctl.domain.rules import rules
from ticketctl.domain.rules.canned import Canned
from ticketctl.errors import DeskError
from ticketctl.reports.formats import templates
from ticketctl.settings import load
from ticketctl.settings.load import veiled_url
from ticketctl.settings.secrets import password, token
from ticketctl.settings.table import ImapAccount, Outgoing
from ticketctl.store.db import health, sqlite_files
from ticketctl.store.desk import calendar_reads, canned_replies, loads, rule_log
from ticketctl.store.desk.calendar_reads import CalendarRead
from ticketctl.store.sla import clock_rows
from ticketctl.templating import canned, render

UNREAD = timedelta(days=2)  # after which somebody should have read a calendar again
RENEW_HOLIDAYS = 90  # days before the last that is known


def run(app: App) -> int:
    """Check settings, database, desk, mail server and queues; exit with the code of the first failure."""
    checks = list(examine(app))
    view: View[Check] = View(
        columns=(
            Column("state", lambda check: check.state, style=_style),
            Column("check", lambda check: check.name),
            Column("sentence", lambda check: check.sentence),
        ),
        default=("state", "check", "sentence"),
        shape=lambda check: {
            "check": check.name,
            "state": check.state,
            "sentence": check.sentence,
        },
        key=lambda check: check.name,
    )
    rows(app, view, checks)
    return next((check.code for check in checks if check.state == "fail"), 0)


def examine(app: App) -> Iterator[Check]:
    """Run the checks in order; a failed one stops those that depend on it."""
    settings = list(_guarded("settings", lambda: _settings(app)))
    yield from settings
    if _failed(settings):
        return
    database = list(_guarded("database", lambda: _database(app)))
    yield from database
    if not _failed(database):
        yield from _guarded("secrets", lambda: _secrets(app))
        yield from _guarded("desk", lambda: _desk(app))
        yield from _guarded("owners", lambda: _owners(app))
        yield from _guarded("rules", lambda: _rules(app))
        yield from _guarded("service levels", lambda: _clocks(app))
        yield from _guarded("gateway", lambda: doctor_mail_run.gateways(app))
        yield from _guarded("mail", lambda: doctor_mail_run.queues(app))
        yield from _guarded("channels", lambda: doctor_mail_run.bridges(app))
        yield from _guarded("acknowledgements", lambda: doctor_mail_run.crowd(app))
        yield from _guarded("imap", lambda: doctor_mail_run.stuck(app))
        yield from _guarded("agents", lambda: doctor_mail_run.agents(app))
        yield from _guarded("backup", lambda: doctor_mail_run.backups(app))
    yield from _guarded("templates", lambda: _templates(app, stored=not _failed(database)))
    yield from _guarded("certificate", lambda: doctor_mail_run.certificate(app))
    yield from _guarded("passwords", lambda: _passwords(app))
    yield from _guarded("outgoing", lambda: _outgoing(app))


def _guarded(name: str, check: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """Turn a DeskError into the result of the check."""
    try:
        yield from check()
    except DeskError as trouble:
        yield Check(
            name, "fail", " ".join((trouble.sentence, *trouble.problems)), trouble.exit_code
        )


def _failed(checks: list[Check]) -> bool:
    return any(check.state == "fail" for check in checks)


def _settings(app: App) -> Iterator[Check]:
    assert app.settings
    found = [str(path) for path in load.paths(app.config_file) if path.exists()]
    yield Check("settings", "ok", f"read from {', '.join(found) or 'no file'}.")
    for name in filter(aliases.is_command, app.settings.alias):
        sentence = f"the alias {name} is never used, because a command has that name; rename it."
        yield Check("settings", "warn", sentence)


def _secrets(app: App) -> Iterator[Check]:
    """Files that other users can open: the database, its folder, settings with a password, the TLS key."""
    open_ = [Path(one) for one in (app.settings.gateway.tls_key,) if one]
    open_ += load.with_password(app.config_file)
    found = [one for one in open_ if sqlite_files.is_exposed(one)]
    if app.db.is_sqlite:
        database = Path(str(app.db.url.database)).absolute()
        found += sqlite_files.exposed(database)
        if database.parent in found:
            found.remove(database.parent)
            where = f"other users can access {database.parent}, the folder of the database"
            yield Check("secrets", "fail", f"{where}; keep it in a folder of its own, mode 700.", 6)
    if found:
        names = " ".join(quote(str(one)) for one in found)
        yield Check("secrets", "fail", f"other users can open {names}; run `chmod o= {names}`.", 6)


def _database(app: App) -> Iterator[Check]:
    url = veiled_url(app.settings.db.url)
    if app.db.url.prepare_threshold and not health.keeps_prepared(app.db.url):
        why = "its pooler does not keep prepared statements; leave prepare_threshold out of db.url"
        yield Check("database", "fail", f"{url}: {why}.", 8)
        return
    with app.db.read() as tx:
        damage = health.damage(tx)
        health.check_encoding(tx)
    health.check_writable(app.db)
    if damage:
        yield Check("database", "fail", f"{url} is damaged: {damage[0]}; restore a backup.", 8)
    else:
        yield Check("database", "ok", f"{url} answers and has the right schema.")


def _desk(app: App) -> Iterator[Check]:
    definition = app.definition
    if not definition.version:
        yield Check(
            "desk", "warn", "no desk.toml has been applied; run `ticketctl apply desk.toml`."
        )
        return
    yield Check("desk", "ok", f"version {definition.version} of desk.toml is in force.")
    yield from _holidays(app)
    no_login = [agent.name for agent in definition.agents if not agent.login]
    if no_login:
        yield Check("agents", "warn", f"without login in desk.toml: {', '.join(no_login)}.")
    empty = {part.name for part in definition.segments if not part.managers + part.agents}
    unread = [box.address for box in definition.mailboxes if box.segment in empty]
    if definition.agents and unread:
        yield Check("mailboxes", "warn", f"their segment has no agents: {', '.join(unread)}.")
    ours = {box.address for box in definition.mailboxes}
    strange = [a.mailbox for a in app.settings.imap if a.mailbox not in ours]
    if strange:
        yield Check("imap", "warn", f"not a mailbox of desk.toml: {', '.join(strange)}.")


def _owners(app: App) -> Iterator[Check]:
    """Open tickets of agents who are away or have left the desk."""
    with app.db.read() as tx:
        found = loads.owners(tx)
        away = presence.absent(begin(tx, GATEWAY), list(found))
    known = {one.name for one in app.definition.agents}
    for name, count in found.items():
        if known and name not in known:
            why = ", who is no longer an agent of the desk,"
        elif name in away:
            why = f", who {in_words(away[name], app.zone)},"
        else:
            continue
        yield Check("owners", "warn", left(name, count, why))


def _rules(app: App) -> Iterator[Check]:
    """Rules that failed or looped lately, and rules that an older version accepted and this one does not."""
    for problem in rules.problems(app.definition):
        yield Check("rules", "fail", f"{problem.splitlines()[0]}; fix it and apply again.", 6)
    with app.db.read() as tx:
        failed = rule_log.failures(tx, app.now - timedelta(days=7))
    if failed:
        yield Check("rules", "warn", f"{failed} failed within a week; see `ticketctl rule log`.")


def _clocks(app: App) -> Iterator[Check]:
    """Clocks that cannot be computed or will never be due."""
    with app.db.read() as tx:
        found = clock_rows.uncomputable(tx)
    if found:
        words = f"{len(found)} tickets have clocks" if len(found) > 1 else "a ticket has a clock"
        sentence = f"{words} without a due time. `ticketctl sla show {found[0]}` says why."
        yield Check("service levels", "warn", sentence)


def _holidays(app: App) -> Iterator[Check]:
    """Holidays are known as far ahead as they were when desk.toml was applied."""
    for name, known in app.definition.holidays.items():
        if (date.fromisoformat(known.until) - app.now.date()).days < RENEW_HOLIDAYS:
            sentence = f"of calendar {name} are known until {known.until}; apply desk.toml again."
            yield Check("holidays", "warn", sentence)
    with app.db.read() as tx:
        reads = calendar_reads.every(tx)
    for one in renew_calendars.of_addresses(app.definition):
        if why := _unread(app, reads.get(one.name), one.ics):
            yield Check("holidays", "warn", f"of calendar {one.name} {why}")


def _unread(app: App, read: CalendarRead | None, address: str) -> str:
    """What is wrong with the last time that a calendar was read from its address; "" for nothing."""
    if read is None or read.address != address:
        return f"have not been read from {address}; run `ticketctl calendar fetch`."
    known = f"are those of {local(read.good_at, app.zone)}" if read.good_at else "may be old"
    if read.why:
        return f"{known}: {address}: {read.why}"
    if app.now - read.at > UNREAD:
        return f"{known}: no gateway runs, and nothing runs `ticketctl calendar fetch` daily."
    return ""


def _templates(app: App, *, stored: bool) -> Iterator[Check]:
    """Every mail, report and canned reply, filled in with samples (L15); the `stored` ones where they can be read."""
    site = app.settings.templates
    shared: list[Canned] = []
    if stored:
        with app.db.read() as tx:
            shared = canned_replies.every(tx)
    folder = Path(site) if site else None
    problems = render.lint(folder) + templates.lint(folder) + canned.lint(site, shared)
    if problems:
        more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
        yield Check("templates", "fail", problems[0] + more, 6)
    else:
        yield Check("templates", "ok", "all mail, report and canned reply templates render.")


def _passwords(app: App) -> Iterator[Check]:
    settings = app.settings
    accounts: list[Outgoing | ImapAccount] = [a for a in settings.imap if a.auth == "password"]
    if settings.outgoing.username:
        accounts.append(settings.outgoing)
    for account in accounts:
        if not password(account):
            yield Check("passwords", "warn", f"none for {account.username} at {account.host}.")
    for shop in settings.shop:
        if not token(shop):
            yield Check("passwords", "warn", f"no token for the shop {shop.name}.")


def _outgoing(app: App) -> Iterator[Check]:
    for name, state, sentence in checks(app.settings):
        yield Check(name, state, sentence, 9)


def _style(check: Check) -> dict[str, str] | None:
    colour = {"fail": "red", "warn": "yellow"}.get(check.state)
    return {"fg": colour} if colour else None
