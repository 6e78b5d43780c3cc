"""The context of a command: settings, database and definition, each loaded when first used."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from ticketctl import clock
from ticketctl.console.options import GlobalOptions
from ticketctl.console.streams import Out
from ticketctl.errors import BadInput, NotAllowed

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from ticketctl.domain.base.records import Actor
    from ticketctl.domain.definition.definition import Definition
    from ticketctl.settings.table import Settings
    from ticketctl.store.db.database import Database, Tx

FORMATS = ("table", "tsv", "csv", "json", "ndjson", "ids", "template")


class App:
    """The context of one invocation. Loads nothing before it is used."""

    def __init__(self, options: GlobalOptions = GlobalOptions()) -> None:  # noqa: B008  immutable
        self.options = options

    def with_options(self, **changes: Any) -> "App":
        """The same with other global options."""
        return App(self.options._replace(**changes))

    def check_line(self, command: str, words: Sequence[str]) -> None:
        """BadInput for a command, or for words after it, that cannot run here. On a terminal all can."""

    @cached_property
    def out(self) -> Out:
        """The output streams."""
        return Out(lambda: self.options, lambda: self.settings.pager)

    @property
    def config_file(self) -> "Path | None":
        """The path of --config."""
        from pathlib import Path

        return Path(self.options.config) if self.options.config else None

    @cached_property
    def settings(self) -> "Settings":
        """This host's settings, the --db option last."""
        from ticketctl.settings import load

        url = self.options.db
        return load.load(
            self.config_file if self.options.config else None,
            self.options.profile,
            {"db.url": url} if url else {},
        )

    @cached_property
    def db(self) -> "Database":
        """The database of the settings; its connections are closed when the command ends."""
        from ticketctl.store.db.database import Database

        database = Database(self.settings.db.url)
        context = click.get_current_context(silent=True)
        if context is not None:
            context.find_root().call_on_close(database.dispose)
        return database

    @cached_property
    def definition(self) -> "Definition":
        """The desk's definition in force."""
        from ticketctl.store.desk import definitions

        with self.db.read() as tx:
            return definitions.current(tx)

    def definition_in(self, tx: "Tx") -> "Definition":
        """The same, read in a transaction that is open rather than on a second connection."""
        from ticketctl.store.desk import definitions

        if "definition" not in vars(self):
            self.definition = definitions.current(tx)
        return self.definition

    @property
    def now(self) -> datetime:
        """App time."""
        return clock.now()

    @cached_property
    def zone(self) -> "ZoneInfo":
        """The time zone for display: --tz, else TZ or the machine's."""
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        name = self.options.tz or os.environ.get("TZ") or _machine_zone()
        try:
            return ZoneInfo(name.lstrip(":"))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadInput(
                f"there is no time zone {name!r}; write it like Europe/Madrid."
            ) from None

    @property
    def own_zone(self) -> "ZoneInfo":
        """The desk's time zone, so that reports and workbooks are the same on every host; --tz overrides it."""
        from zoneinfo import ZoneInfo

        return self.zone if self.options.tz else ZoneInfo(self.definition.settings.timezone)

    @property
    def yes(self) -> bool:
        """Was -y given?"""
        return self.options.yes

    @property
    def send_delay(self) -> int:
        """Seconds that mail waits so that it can be stopped; 0 in scripts."""
        return self.settings.send_delay if self.out.may_ask else 0

    @cached_property
    def _actor(self) -> "Actor":
        from ticketctl.console.identity import who

        named = os.environ.get("TICKETCTL_AGENT") or self.settings.agent
        return who(self.definition, os_user(), named, self.options.as_agent)

    def actor(self) -> "Actor":
        """The user as an actor; NotAllowed (exit 4) if unknown."""
        return self._actor

    def me(self) -> str | None:
        """The user's agent name for `@me`, or None if unknown."""
        try:
            return self._actor.name
        except NotAllowed:
            return None


def os_user() -> str:
    """The login name of the process."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _machine_zone() -> str:
    parts = os.path.realpath("/etc/localtime").split("/")
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else "UTC"


def pass_app(function: Callable[..., object]) -> Callable[..., object]:
    """Give a command the App as its first argument."""
    return click.make_pass_decorator(App, ensure=True)(function)


def remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Callback that stores an option in the App instead of passing it to the command."""
    given = ctx.get_parameter_source(param.name or "") is not click.core.ParameterSource.DEFAULT
    if given and value is not None:
        app = ctx.ensure_object(App)
        app.options = app.options._replace(**{param.name or "": value})
