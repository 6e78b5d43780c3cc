"""`ticketctl init`: create a desk: database, config.toml, desk.toml. Harmless to run again."""

from collections.abc import Callable
from pathlib import Path

import click

from ticketctl.console.context import Desk, os_user, pass_desk
from ticketctl.errors import BadInput


@click.command("init")
@click.option("--url", metavar="URL", help="Database URL (default: a SQLite file).")
@click.option("--domain", metavar="DOMAIN", help="Domain of the desk's addresses.")
@click.option("--group", metavar="NAME", help="Group of this host that may use a SQLite desk.")
@click.option("--email", metavar="ADDRESS", help="Your address; makes you the first agent.")
@pass_desk
def command(
    desk: Desk, url: str | None, domain: str | None, group: str | None, email: str | None
) -> None:
    """Create a desk: database, config.toml and desk.toml. Existing files are kept.

    A SQLite file is private to you (0600, its folder 0700); with --group, a group shares it (0660, 0770).

    \b
    Example:
      ticketctl init --domain help.example --email ana@help.example
    """
    from ticketctl.settings import load
    from ticketctl.store.db import migrate

    if url:
        desk.options["db"] = url
    if group and not desk.db.is_sqlite:
        raise BadInput("--group is for a SQLite file; PostgreSQL has its own roles.")
    file = load.paths(desk.config_file)[-1]
    words = _words(desk, file.parent / "desk.toml", domain, email)
    given = desk.options.get("db") or ""
    secret = load.veiled_url(given) != given
    _write(desk, file, lambda: config_text(given), 0o600 if secret else 0o666)
    migrate.upgrade(desk.settings.db.url)
    if group:
        _share(desk, group)
    desk.out.note(f"{load.veiled_url(desk.settings.db.url)}: the database is ready.")
    _warn_of_another(desk, file)
    _describe(desk, file.parent / "desk.toml", words)
    _say_next(desk, file.parent / "desk.toml")


def _share(desk: Desk, group: str) -> None:
    from ticketctl.store.db import sqlite_files

    for folder in sqlite_files.share(Path(str(desk.db.url.database)).absolute(), group):
        desk.out.note(f"{folder} holds other files, too, and is left as it is.")


def config_text(url: str) -> str:
    """A config.toml: the database if one is named, every other setting as a comment with its default."""
    from ticketctl.domain.base.document import written
    from ticketctl.settings import load

    lines = ["# Settings of this host. Lines that begin with # show the defaults.", ""]
    section = ""
    for setting in sorted(load.table(), key=lambda setting: "." in setting.name):
        table, _, key = setting.name.rpartition(".")
        if table != section:
            lines += ["", f"[{table}]"]
            section = table
        given = url if setting.name == "db.url" else ""
        value = written(setting.type, given or setting.default) or '""'
        lines += [f"# {setting.meaning}", f"{'' if given else '# '}{key} = {value}"]
    return "\n".join(lines) + "\n"


def desk_text(domain: str, email: str, login: str) -> str:
    """The sample desk.toml for a domain; with an address `login` is its first agent, an admin."""
    from importlib.resources import files

    from ticketctl.domain.base.values import name

    text = (files("ticketctl") / "data" / "desk.toml").read_text("utf-8")
    text = text.replace("help.example", domain)
    if not email:
        return text
    agent = (
        f'[[agent]]\nname = "{name(login)}"\nemail = "{email}"\nrole = "admin"\nlogin = "{login}"\n'
    )
    text = text.replace("agents = []", f'agents = ["{login}"]', 1)
    return text.replace("[[segment]]", f"{agent}\n[[segment]]", 1)


def _words(desk: Desk, file: Path, domain: str | None, email: str | None) -> tuple[str, str]:
    """Domain and address, asked for on a terminal; checked before anything is written."""
    from ticketctl.domain.base import values

    if desk.out.may_ask and not file.exists():
        domain = domain or click.prompt("Domain of the desk's addresses", "localhost", err=True)
        email = email or click.prompt("Your own address (empty: no agents yet)", "", err=True)
    return values.domain(domain or "localhost"), values.address(email) if email else ""


def _describe(desk: Desk, file: Path, words: tuple[str, str]) -> None:
    """Apply desk.toml to a desk that has none; write it where there is none."""
    from ticketctl.cli.shared.definition_change import first_desk
    from ticketctl.store.desk import definitions

    with desk.db.read() as tx:
        version = definitions.version(tx)
        stored = definitions.source(tx, version)
    _write(desk, file, lambda: stored if version else desk_text(*words, os_user()))
    text = file.read_text("utf-8")
    if not version:
        first_desk(desk, text, file.parent)
    elif text != stored:
        desk.out.note(f"{file} is not version {version} of the desk; `ticketctl apply` applies it.")


def _warn_of_another(desk: Desk, file: Path) -> None:
    """--url is for this run only where config.toml was there already and names another database."""
    from ticketctl.settings import load

    usual = load.load(desk.config_file, desk.options.get("profile")).db.url
    if usual != desk.settings.db.url:
        desk.out.note(f"Mind: {file} names another database, {load.veiled_url(usual)}.")


def _write(desk: Desk, file: Path, text: Callable[[], str], mode: int = 0o666) -> None:
    if file.exists():
        desk.out.note(f"{file} is kept as it is.")
        return
    content = text()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode, exist_ok=False)
        file.write_text(content, "utf-8")
    except OSError as trouble:
        raise BadInput(f"{file} cannot be written: {trouble.strerror}.") from None
    desk.out.note(f"{file} is written.")


def _say_next(desk: Desk, file: Path) -> None:
    desk.out.note(
        "\n".join(
            (
                "",
                "Next:",
                f"  edit {file}, then `ticketctl apply {file}`",
                "  ticketctl doctor          is everything well?",
                "  ticketctl gateway serve   take mail in, send mail out",
                "  ticketctl list            the tickets",
            )
        )
    )
