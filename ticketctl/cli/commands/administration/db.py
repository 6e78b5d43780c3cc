"""`ticketctl db`: create, upgrade, check and back up the database."""

import os
import shutil
import stat
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ticketctl.console import access, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.output_file import is_stdout, is_written_through, opened, refuse_own
from ticketctl.console.rows import Column, View
from ticketctl.errors import BadInput, DatabaseTrouble


@click.group()
def command() -> None:
    """Create, upgrade, check, back up the database."""


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
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_app
def backup(app: App, file: Path) -> None:
    """Write the whole database to FILE (`-` is stdout), while others work; an existing file is replaced."""
    from ticketctl.store.db import backup

    access.operator(app, "back up the whole desk")
    to_stdout = is_stdout(str(file))
    if not to_stdout:
        refuse_own(file)
        backup.refuse_other(file)
    if not to_stdout and not is_written_through(file):
        backup.backup(app.settings.db.url, file)
        app.out.note(f"backed up to {file} ({file.stat().st_size:,} bytes).")
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


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Overwrite a desk that is in use; same as -y.")
@pass_app
def restore(app: App, file: Path, force: bool) -> None:
    """Restore the database from FILE (`-` is stdin), all or nothing. Stop the gateways first."""
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
    app.out.note(f"restored from {source.name if file != source else file}.")


@command.command()
@pass_app
def stats(app: App) -> None:
    """Show the number of rows of each table, and the size in bytes."""
    from ticketctl.store.db import integrity as checks

    with app.db.read() as tx:
        sizes = checks.sizes(tx)
    rows.rows(app, VIEW, sizes)


def _migrate(app: App) -> None:
    from ticketctl.store.db import migrate

    url = app.settings.db.url
    migrate.upgrade(url)
    app.out.note(f"the database is at schema {migrate.current(url)}.")


VIEW: View[tuple[str, int]] = View(
    [Column("name", lambda r: r[0]), Column("count", lambda r: r[1])],
    ("name", "count"),
    lambda r: {"name": r[0], "count": r[1]},
    lambda r: r[0],
)
