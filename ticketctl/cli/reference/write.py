"""The command reference, the manual pages, the tables of settings and keys: written from the program by `make docs`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from ticketctl.cli.command_table import ALIASES, COMMANDS
from ticketctl.cli.global_options import global_options
from ticketctl.cli.reference import desk_keys, manual_pages
from ticketctl.cli.shared import examples
from ticketctl.domain.base import document
from ticketctl.domain.base.reasons import REASONS
from ticketctl.settings.table import ChannelSecret, ImapAccount, OAuth, Shop

LISTS: tuple[tuple[str, type[Struct]], ...] = (
    ("[[imap]]", ImapAccount),
    ("[imap.oauth]", OAuth),
    ("[[shop]]", Shop),
    ("[[channel]]", ChannelSecret),
)

_REASONS = "| slug | sentence | rule |\n|---|---|---|\n"

HEAD = """\
# Commands

Generated from the program by `make docs`; do not edit.
`ticketctl help TOPIC` explains what belongs to no single command: {topics}.

"""


def commands() -> str:
    """The Markdown page of every command, in the order of the table."""
    from ticketctl.cli.commands.administration.help_topics import TOPICS
    from ticketctl.cli.main import command_named, ticketctl

    root = click.Context(ticketctl, info_name="ticketctl")
    parts = [HEAD.format(topics=", ".join(f"`{topic}`" for topic in TOPICS)), _globals(root)]
    section = ""
    for name, entry in COMMANDS.items():
        if entry.section != section:
            section = entry.section
            parts.append(f"## {section}\n\n")
        parts.extend(_pages(command_named(name), name, root))
    return "".join(parts).rstrip() + "\n"


def settings() -> str:
    """The Markdown tables of all settings in config.toml."""
    from ticketctl.settings import load

    rows = [
        f"| `{one.name}` | {_code(load.shown(one, one.default))} | `{one.variable}` | {one.meaning} |"
        for one in load.table()
    ]
    head = [
        "# Settings of config.toml",
        "",
        "Generated from the program by `make docs`; do not edit. Each of these overrides those before it:",
        "the defaults, `/etc/ticketctl/config.toml`, `$XDG_CONFIG_HOME/ticketctl/config.toml`",
        "(or `$TICKETCTL_CONFIG` instead of these two), environment variables, options.",
        "`--profile NAME` adds the tables of `[profile.NAME]` to the file.",
        "",
        "| setting | default | variable | meaning |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, *_lists()]) + "\n"


def _lists() -> Iterator[str]:
    """The tables that can occur several times; their keys have no environment variables."""
    for title, struct in LISTS:
        yield from ("", f"## {title}", "", "| key | default | meaning |", "|---|---|---|")
        for field in fields(struct):
            if meaning := document.meaning(field.type):
                default = "required" if field.required else _code(_written(field))
                yield f"| `{field.name}` | {default} | {meaning} |"


def _written(field: FieldInfo) -> str:
    return document.as_toml(field.type, document.default(field))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _globals(root: click.Context) -> str:
    lines = ["Every command also takes, before or after its name:\n\n"]
    for option in global_options():
        record = option.get_help_record(root)
        if record:
            lines.append(f"- `{record[0]}`: {record[1]}\n")
    return "".join(lines) + "\n"


def _pages(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """The page of a command; of a group, its own and one for each command in it."""
    context = click.Context(command, info_name=name, parent=parent, max_content_width=96)
    aliases = (
        [alias for alias, real in ALIASES.items() if real == name] if parent.parent is None else []
    )
    path = context.command_path
    yield f"### {path}\n\n"
    if aliases:
        yield f"Also `{', '.join(aliases)}`.\n\n"
    shown = context.get_help() + (
        "" if isinstance(command, click.Group) else examples.section(path)
    )
    yield f"```\n{shown}\n```\n\n"
    if isinstance(command, click.Group):
        for sub, found in command.commands.items():
            if not found.hidden:
                yield from _pages(found, sub, context)


def with_reasons(page: str) -> str:
    """docs/json.md with the table of all reasons at its end."""
    before, start, _ = page.partition(_REASONS)
    rows = (f"| `{slug}` | {text} | {rule} |\n" for slug, (text, rule) in REASONS.items())
    return f"{before}{start}{''.join(rows)}"


def write(folder: Path) -> None:
    """Write the generated pages to a folder and the reasons to its json.md; delete pages of unknown commands."""
    (folder / "commands.md").write_text(commands(), encoding="utf-8")
    (folder / "settings.md").write_text(settings(), encoding="utf-8")
    (folder / "desk.md").write_text(desk_keys.page(), encoding="utf-8")
    if (json := folder / "json.md").exists():
        json.write_text(with_reasons(json.read_text(encoding="utf-8")), encoding="utf-8")
    manual = manual_pages.pages()
    (folder / "man").mkdir(exist_ok=True)
    for name, page in manual.items():
        (folder / "man" / name).write_text(page, encoding="utf-8")
    for old in (folder / "man").glob(f"*.{manual_pages.SECTION}"):
        if old.name not in manual:
            old.unlink()


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
