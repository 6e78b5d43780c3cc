"""The options that every command takes, before or after its name."""

import os
from typing import Any

import click

from ticketctl import clock
from ticketctl.cli.shared import param_types
from ticketctl.cli.shared.renamed_option import Renamed
from ticketctl.console.context import FORMATS, remember

_FORMAT = param_types.words("format", *FORMATS)


def _set_now(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        os.environ[clock.VARIABLE] = clock.rfc3339(clock.parse(value))


def global_options(*, hidden: bool = False) -> list[click.Parameter]:
    """The options every command takes, before or after its name."""

    kept: dict[str, Any] = {"callback": remember, "expose_value": False, "hidden": hidden}

    def option(*names: str, **more: object) -> click.Option:
        return click.Option(names, **kept | more)

    return [
        option(
            "--config",
            metavar="FILE",
            type=param_types.FILE,
            help="Read settings from FILE instead of the usual files.",
        ),
        option("--profile", metavar="NAME", help="Use the settings of [profile.NAME]."),
        option("--db", metavar="URL", help="Use the database at URL."),
        option(
            "--as",
            "as_agent",
            metavar="AGENT",
            type=param_types.AGENT,
            help="Act as AGENT (admins only).",
        ),
        option("--now", metavar="TIME", help="Use TIME as the current time.", callback=_set_now),
        option("--tz", metavar="ZONE", help="Show times in this time zone."),
        option(
            "--format", metavar="FORMAT", type=_FORMAT, help=f"Output format: {', '.join(FORMATS)}."
        ),
        option("--json", metavar="[=FIELDS]", help="Output JSON, with all fields or only FIELDS."),
        option(
            "--columns",
            metavar="NAMES",
            type=param_types.COLUMNS,
            help="Show these columns; `all` shows every column.",
        ),
        option("--no-headers", is_flag=True, help="Omit the header line."),
        Renamed(
            ["--row-template"],
            "--template",
            metavar="JINJA",
            help="Write each row with a Jinja template, such as '{{id}} {{subject}}'.",
            **kept,
        ),
        option(
            "--bom",
            is_flag=True,
            help="Begin CSV with a byte order mark, so that Excel reads it as UTF-8.",
        ),
        option(
            "--color",
            metavar="WHEN",
            type=click.Choice(["auto", "always", "never"], case_sensitive=False),
            help="Use colour: auto, always or never.",
        ),
        option("--no-color", is_flag=True, help="Same as --color never."),
        option("--no-pager", is_flag=True, help="Do not use a pager."),
        option("-q", "--quiet", is_flag=True, help="Print data only."),
        option("-v", "--verbose", is_flag=True, help="Print more detail."),
        option("-y", "--yes", is_flag=True, help="Answer yes to every question."),
        option("--no-input", is_flag=True, help="Never prompt for input."),
    ]
