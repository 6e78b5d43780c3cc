"""`ticketctl help [TOPIC]`: pages that belong to no single command."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.command_table import COMMANDS
from ticketctl.cli.commands.administration.help_topics import TOPICS
from ticketctl.cli.shared import aliases
from ticketctl.cli.shared.param_types import Name
from ticketctl.console.context import App, pass_app
from ticketctl.errors import NotFound

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _topics(ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
    from click.shell_completion import CompletionItem

    return [CompletionItem(word) for word in (*TOPICS, *COMMANDS, *aliases.known_or_none(ctx))]


_ALSO = {"alias": "shortcuts", "aliases": "shortcuts", "queries": "query"}  # other words for topics
_TOPIC = Name("topic", lambda: _topics)


@click.command()
@click.argument("topic", type=_TOPIC, required=False)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Show help on a topic (exit-codes, environment, formatting, query, shortcuts, json) or on a command."""
    _print(topic, ctx)


@pass_app
def _print(app: App, topic: str | None, ctx: click.Context) -> None:
    if page := TOPICS.get(_ALSO.get(topic or "", topic or "")):
        app.out.page(page.rstrip())
        return
    parent = ctx.parent
    assert parent is not None and isinstance(parent.command, click.Group)
    if topic is None:
        app.out.page(_all(app, parent))
        return
    own = aliases.known(parent)
    if topic in own:
        app.out.note(f"{topic} is an alias of config.toml: ticketctl {own[topic]}")
        topic = aliases.words(topic, own)[0]
    found = parent.command.get_command(parent, topic)
    if found is None:
        from difflib import get_close_matches

        like = get_close_matches(topic, [*TOPICS, *COMMANDS], 1)
        named = f"the topics are {', '.join(TOPICS)}."
        hint = f"did you mean `ticketctl help {like[0]}`?" if like else named
        raise NotFound(f"there is no help on {topic!r}; {hint}")
    app.out.page(found.context_class(found, info_name=topic, parent=parent).get_help())


def _all(app: App, root: click.Context) -> str:
    """All commands, the topics, and the support contact (F-A38)."""
    lines = [root.get_help(), "", f"Topics (ticketctl help TOPIC): {', '.join(TOPICS)}"]
    if app.settings.support:
        from ticketctl.safe import terminal_line

        lines.append(f"Questions about this desk: {terminal_line(app.settings.support)}")
    return "\n".join(lines)
