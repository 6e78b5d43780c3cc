"""What `ticketctl init` does."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from ticketctl.cli.shared.definition_change import first_desk
from ticketctl.console.context import App, os_user
from ticketctl.domain.base import values
from ticketctl.domain.base.document import as_toml
from ticketctl.domain.base.values import name
from ticketctl.errors import BadInput
from ticketctl.settings import load
from ticketctl.store.db import migrate, sqlite_files
from ticketctl.store.desk import definitions


class FirstAgent(NamedTuple):
    """The first agent, as far as options name them; without an address there is none."""

    email: str | None
    name: str | None = None
    login: str | None = None


def run(
    app: App,
    url: str | None,
    domain: str | None,
    group: str | None,
    first: FirstAgent,
    survey: bool,
) -> None:
    """Create a desk: database, config.toml and desk.toml."""
    if url:
        app = app.with_options(db=url)
    if group and not app.db.is_sqlite:
        raise BadInput("--group is for a SQLite file; PostgreSQL has its own roles.")
    file = load.paths(app.config_file)[-1]
    words = _words(app, file.parent / "desk.toml", domain, first)
    given = app.options.db or ""
    secret = load.veiled_url(given) != given
    _write(app, file, lambda: config_text(given), 0o600 if secret else 0o666)
    migrate.upgrade(app.settings.db.url)
    if group:
        _share(app, group)
    app.out.note(f"{load.veiled_url(app.settings.db.url)}: the database is ready.")
    _warn_of_another(app, file)
    _describe(app, file.parent / "desk.toml", *words, survey)
    _say_next(app, file.parent / "desk.toml")


def _share(app: App, group: str) -> None:
    for folder in sqlite_files.share(Path(str(app.db.url.database)).absolute(), group):
        app.out.note(f"{folder} holds other files too, so its permissions were not changed.")


def config_text(url: str) -> str:
    """A config.toml: the database if one is named, every other setting as a comment with its default."""
    lines = ["# Settings of this host. Lines that begin with # show the defaults.", ""]
    section = ""
    for setting in sorted(load.table(), key=lambda setting: "." in setting.name):
        table, _, key = setting.name.rpartition(".")
        if table != section:
            lines += ["", f"[{table}]"]
            section = table
        given = url if setting.name == "db.url" else ""
        value = as_toml(setting.type, given or setting.default) or '""'
        lines += [f"# {setting.meaning}", f"{'' if given else '# '}{key} = {value}"]
    return "\n".join(lines) + "\n"


def desk_text(domain: str, first: FirstAgent, survey: bool = False) -> str:
    """The sample desk.toml for a domain, with its first agent, an admin, if there is one, and its survey if wanted."""
    text = (files("ticketctl") / "data" / "desk.toml").read_text("utf-8")
    text = text.replace("help.example", domain)
    if survey:
        before, title, example = text.partition("# [[survey]]")
        text = before + (title + example).replace("# ", "", 1).replace("\n# ", "\n")
    if not first.email:
        return text
    agent = (
        f'[[agent]]\nname = "{first.name}"\nemail = "{first.email}"\nrole = "admin"\n'
        f"login = {as_toml(str, first.login)}\n"
    )
    text = text.replace("agents = []", f'agents = ["{first.name}"]', 1)
    return text.replace("[[segment]]", f"{agent}\n[[segment]]", 1)


def _words(app: App, file: Path, domain: str | None, first: FirstAgent) -> tuple[str, FirstAgent]:
    """Domain and first agent, asked for on a terminal; checked before anything is written."""
    email = first.email
    if app.out.may_ask and not file.exists():
        domain = domain or app.out.ask("Domain of the desk's addresses", "localhost")
        email = email or app.out.ask("Your own address (empty: no agents yet)", "")
    domain = values.domain(domain or "localhost")
    if not email:
        if first.name or first.login:
            raise BadInput("--agent and --login need --email, the first agent's address.")
        return domain, FirstAgent(None)
    login = values.title(first.login or os_user())
    return domain, FirstAgent(values.address(email), name(first.name or login), login)


def _describe(app: App, file: Path, domain: str, first: FirstAgent, survey: bool) -> None:
    """Apply desk.toml to a desk that has none; write it where there is none."""
    with app.db.read() as tx:
        version = definitions.version(tx)
        stored = definitions.source(tx, version)
    _write(app, file, lambda: stored if version else desk_text(domain, first, survey))
    text = file.read_text("utf-8")
    if not version:
        first_desk(app, text, file.parent)
    elif text != stored:
        app.out.note(
            f"{file} differs from version {version} of the desk; run `ticketctl apply` to apply it."
        )
    if survey and "\n[[survey]]" not in text:
        app.out.note(
            f"No survey was added, as {file} existed: add a [[survey]] table to it and apply it."
        )


def _warn_of_another(app: App, file: Path) -> None:
    """Warn if config.toml existed and names another database than --url."""
    usual = load.load(app.config_file, app.options.profile).db.url
    if usual != app.settings.db.url:
        app.out.note(f"Note: {file} names another database, {load.veiled_url(usual)}.")


def _write(app: App, file: Path, text: Callable[[], str], mode: int = 0o666) -> None:
    if file.exists():
        app.out.note(f"{file} is kept as it is.")
        return
    content = text()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode, exist_ok=False)
        file.write_text(content, "utf-8")
    except OSError as trouble:
        raise BadInput(f"{file} cannot be written: {trouble.strerror}.") from None
    app.out.note(f"{file} is written.")


def _say_next(app: App, file: Path) -> None:
    app.out.note(
        "\n".join(
            (
                "",
                "Next:",
                f"  edit {file}, then `ticketctl apply {file}`",
                "  ticketctl doctor          check that everything works",
                "  ticketctl gateway serve   receive and send mail",
                "  ticketctl list            list the tickets",
            )
        )
    )
