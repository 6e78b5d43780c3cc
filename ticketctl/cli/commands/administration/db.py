"""`ticketctl db`: create, upgrade, check, back up and copy the database."""

import os
import shutil
import stat
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from ticketctl.console import access, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.output_file import is_stdout, is_written_through, opened, refuse_own
from ticketctl.console.view import Column, View
from ticketctl.errors import BadInput, DatabaseTrouble, Refused
from ticketctl.safe import veiled_url

if TYPE_CHECKING:
    from ticketctl.store.transfer.copy_desk import Copied


@click.group()
def command() -> None:
    """Create, upgrade, check, back up and copy the database."""


@command.command()
@pass_app
def init(app: App) -> None:
    """Create the tables, if there are none."""
    _migrate(app)


@command.command()
@pass_app
def upgrade(app: App) -> None:
    """Upgrade the tables to the schema of this version."""
    _migrate(app)


@command.command()
@click.option("--full", is_flag=True, help="Read every stored mail, not only a sample.")
@pass_app
def check(app: App, full: bool) -> None:
    """Check the database; exit 8 with a line for each fault found."""
    from ticketctl.store.db import integrity

    with app.db.read() as tx:
        faults = list(integrity.faults(tx, full=full))
    if faults:
        raise DatabaseTrouble(
            f"the database has {len(faults)} {'fault' if len(faults) == 1 else 'faults'}:", *faults
        )
    app.out.note("the database is sound.")


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="FILE is a folder: name the backup by its time there, and remove all but the newest N.",
)
@pass_app
def backup(app: App, file: Path, keep: int | None) -> None:
    """Write the whole database to FILE (`-` is stdout), while others work; an existing file is replaced.

    A backup of SQLite is an SQLite file, one of PostgreSQL a zip archive. Each is restored to its own kind of database;
    `db copy` moves a desk to the other kind.
    """
    from ticketctl.store.db import backup, rotation

    access.operator(app, "back up the whole desk")
    if keep is not None:
        if not file.is_dir():
            raise BadInput(f"{file} is no folder; with --keep name the folder for the backups.")
        made = file / rotation.name(app.now, is_sqlite=app.db.is_sqlite)
        _back_up(app, made)
        for old in rotation.outdated(file, keep):
            old.unlink(missing_ok=True)
            app.out.note(f"removed {old}.")
        return
    if file.is_dir():
        raise BadInput(f"{file} is a folder; name a file, or say how many to keep there: --keep N.")
    to_stdout = is_stdout(str(file))
    if not to_stdout:
        refuse_own(file)
        backup.refuse_other(file)
    if not to_stdout and not is_written_through(file):
        _back_up(app, file)
        return
    if str(file) == "-" and app.out.is_terminal and not app.yes:
        raise BadInput(
            "a backup cannot be shown on a terminal; give a file, or send it down a pipe."
        )
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "backup"
        backup.backup(app.settings.db.url, copy)
        with opened(str(file)) as out, copy.open("rb") as content:
            if not to_stdout and stat.S_ISREG(os.fstat(out.fileno()).st_mode):
                os.fchmod(out.fileno(), 0o600)
            shutil.copyfileobj(content, out)
    _record(app)


def _refuse_while_served(app: App) -> None:
    """Refused while a gateway works: mail that it takes after the copy was read would be missing there."""
    from ticketctl import clock
    from ticketctl.store.queues import heartbeats

    with app.db.read() as tx:
        alive = [one.host for one in heartbeats.gateways(tx) if one.is_alive(clock.wall())]
    if alive:
        raise Refused(f"a gateway works on this desk, on {', '.join(alive)}; stop it first.")


def _back_up(app: App, file: Path) -> None:
    from ticketctl.store.db import backup

    backup.backup(app.settings.db.url, file)
    _record(app)
    app.out.note(f"backed up {_kind(app)} to {file} ({file.stat().st_size:,} bytes).")


def _kind(app: App) -> str:
    return "SQLite" if app.db.is_sqlite else "PostgreSQL"


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Overwrite a desk that is in use; same as -y.")
@pass_app
def restore(app: App, file: Path, force: bool) -> None:
    """Restore the database from FILE (`-` is stdin), all or nothing. Stop the gateways first.

    FILE is a backup of the same kind of database, SQLite or PostgreSQL.
    """
    from ticketctl.store.db import backup as backups

    access.operator(app, "restore the whole desk")
    with TemporaryDirectory() as folder:
        source = file
        if str(file) == "-":
            source = Path(folder) / "standard input"
            with source.open("wb") as copy:
                shutil.copyfileobj(sys.stdin.buffer, copy)
        refuse_own(source)
        backups.restore(app.settings.db.url, source, force=force or app.yes)
    app.out.note(f"restored {_kind(app)} from {source.name if file != source else file}.")


@command.command()
@click.option("--to", required=True, metavar="URL", help="An empty database of either kind.")
@pass_app
def copy(app: App, to: str) -> None:
    """Copy the desk to an empty database, SQLite or PostgreSQL, all or nothing. Stop the gateways first.

    Every table is read back and compared before the copy is committed; the rows and checksum of each are printed. Then
    set db.url to the new URL on every host, and start the gateways.
    """
    from ticketctl.store.transfer import copy_desk

    access.operator(app, "copy the whole desk")
    _refuse_while_served(app)
    source = app.settings.db.url
    if app.out.is_terminal:
        with click.progressbar(
            length=copy_desk.count(source), label="copying", show_pos=True, file=sys.stderr
        ) as bar:
            copied = copy_desk.copy(source, to, lambda _table, count: bar.update(count))
    else:
        copied = copy_desk.copy(source, to)
    rows.rows(app, COPIED, copied)
    app.out.note(f"copied to {veiled_url(to)}; set db.url to it, then start the gateways.")


@command.command()
@pass_app
def stats(app: App) -> None:
    """Show the number of rows of each table, and the size in bytes."""
    from ticketctl.store.db import integrity as checks

    with app.db.read() as tx:
        sizes = checks.sizes(tx)
    rows.rows(app, VIEW, sizes)


def _record(app: App) -> None:
    """Record for `doctor` that a backup was made; not where the database cannot be written, as on a standby."""
    from ticketctl.store.db import meta

    try:
        app.db.write(lambda tx: meta.record(tx, meta.BACKUP, app.now))
    except DatabaseTrouble as trouble:
        app.out.note(f"`doctor` will not know of this backup: {trouble}")


def _migrate(app: App) -> None:
    from ticketctl.store.db import migrate

    url = app.settings.db.url
    migrate.upgrade(url)
    app.out.note(f"the database is at schema {migrate.current(url)}.")


COPIED: View["Copied"] = View(
    [
        Column("table", lambda one: one.table),
        Column("rows", lambda one: one.rows),
        Column("checksum", lambda one: one.checksum),
    ],
    ("table", "rows", "checksum"),
    lambda one: {"table": one.table, "rows": one.rows, "checksum": one.checksum},
    lambda one: one.table,
)

VIEW: View[tuple[str, int]] = View(
    [Column("name", lambda r: r[0]), Column("count", lambda r: r[1])],
    ("name", "count"),
    lambda r: {"name": r[0], "count": r[1]},
    lambda r: r[0],
)
