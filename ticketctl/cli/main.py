"""Runs a command line: loads the command, turns every error into a sentence and an exit code."""

import importlib
import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click

from ticketctl import __version__
from ticketctl.cli.command_table import ALIASES, COMMANDS, FORMER_NAMES
from ticketctl.cli.global_options import global_options
from ticketctl.cli.shared import aliases, command_groups, right_line
from ticketctl.console.context import App
from ticketctl.console.streams import Unanswered, discard, for_terminal, terminal_size
from ticketctl.errors import BadInput, DeskError, NotFound

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

HELP_OPTIONS = ["-h", "--help"]
WIDEST_HELP = 100  # columns

_ALONE = {"--json": "--json=*", "--json=": "--json=,", "--watch": "--watch=2"}


class _Context(click.Context):
    """A context whose help ends with examples, and that a refusal of its line knows."""

    def __init__(self, command: click.Command, *args: Any, **more: Any) -> None:
        super().__init__(command, *args, **more)
        if option := command.get_help_option(self):
            option.callback = _page_help

    @contextmanager
    def scope(self, cleanup: bool = True) -> Iterator[click.Context]:
        """The context as the current one; a refusal in it, also of an option without a value, is about it."""
        try:
            with super().scope(cleanup) as entered:
                yield entered
        except click.UsageError as wrong:
            wrong.ctx = wrong.ctx or self
            raise

    def get_help(self) -> str:
        """The help, and the examples of the command."""
        from ticketctl.cli.shared import examples

        return super().get_help() + examples.section(self.command_path)


def _page_help(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    """Show the help of a command, a page at a time where the terminal is shorter; then end."""
    if not asked or ctx.resilient_parsing:
        return
    app = ctx.ensure_object(App)
    if "--no-pager" in ctx.meta.get(right_line.WORDS, ()):
        app = app.with_options(no_pager=True)
    text = ctx.get_help()
    try:
        app.out.page(text)
    except DeskError:  # the setting of the pager cannot be read
        click.echo(text)
    ctx.exit()


class LazyGroup(click.Group):
    """The commands of table.py; a module is imported when its command is called."""

    context_class = _Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in the order of the table."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded and given the global options, or None."""
        name = ALIASES.get(cmd_name) or FORMER_NAMES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].module.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute or "command")
        with_globals(command)
        if ctx.resilient_parsing:
            _unhide_globals(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names, or that its alias stands for; a mistyped one gives suggestions."""
        if self.get_command(ctx, args[0]) is None and args[0][:1] != "-":
            args = self._known(ctx, args)
        name, command, rest = super().resolve_command(ctx, args)
        if not ctx.resilient_parsing:
            ctx.ensure_object(App).check_line(ALIASES.get(args[0], args[0]), rest)
        return name, command, command_groups.rest(ctx, args[0], command, rest)

    def _known(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words with an alias of one's own replaced; an error for a word that is neither that nor a command."""
        own = aliases.known_or_none(ctx) if ctx.resilient_parsing else aliases.known(ctx)
        if args[0] in own:
            args = [*_valued(aliases.words(args[0], own)), *args[1:]]
        word = args[0]
        if self.get_command(ctx, word) is None and not ctx.resilient_parsing:
            from difflib import get_close_matches

            if line := right_line.for_word(ctx, word, args[1:]):
                raise BadInput(f"there is no command {word!r}; did you mean `{line}`?")
            like = get_close_matches(word, [*COMMANDS, *ALIASES, *own])
            meant = f"; did you mean {' or '.join(like)}?" if like else ""
            ctx.fail(f"there is no command {word!r}{meant}")
        return args

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; say where the other commands of a group are that stood alone."""
        code = super().invoke(ctx)
        command_groups.tell(ctx)
        return code

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, which people look for first, then the global options."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command table by sections, without importing commands."""
        for section in dict.fromkeys(entry.section for entry in COMMANDS.values()):
            with formatter.section(section):
                formatter.write_dl(
                    [(name, e.help) for name, e in COMMANDS.items() if e.section == section]
                )
        if own := aliases.known_or_none(ctx):
            with formatter.section("Aliases of config.toml"):
                formatter.write_dl([*own.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
        """The commands that begin as typed, as `--help` tells of them, without importing them; then options."""
        from click.shell_completion import CompletionItem

        names = [name for name in COMMANDS if name.startswith(incomplete)]
        return [
            *(CompletionItem(name, help=COMMANDS[name].help) for name in names),
            *(
                CompletionItem(name, help=line)
                for name, line in aliases.known_or_none(ctx).items()
                if name.startswith(incomplete)
            ),
            *click.Command.shell_complete(self, ctx, incomplete),
        ]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`--json` and `--watch` take the next word as their value only if it is one: `id,subject`, `5`.

        `--json=` is kept as an unknown field, so the error lists the known ones.
        """
        ctx.meta[right_line.WORDS] = list(args)
        end = args.index("--") if "--" in args else len(args)
        return super().parse_args(ctx, _valued(args[:end]) + args[end:])


def _valued(args: list[str]) -> list[str]:
    """The words, with the following value or the default attached to `--json` and `--watch`."""
    words: list[str] = []
    for word in args:
        option = words[-1] if words else ""
        if (option == "--json" and _names(word)) or (option == "--watch" and word[:1].isdigit()):
            words[-1] += f"={word}"
        else:
            words.append(word)
    return [_ALONE.get(word, word) for word in words]


def _names(word: str) -> bool:
    """True if the word is field names, such as `id,subject` or `created_at`, not a search word."""
    names = word.split(",")
    plain = all(name.replace("_", "").isalpha() and name.islower() for name in names)
    return plain and (len(names) > 1 or "_" in word)


def with_globals(command: click.Command) -> None:
    """Let the global options also stand after the subcommand; its own options win."""
    if command.context_class is _Context:
        return  # it has them
    command.context_class = _Context
    command.context_settings.setdefault("help_option_names", HELP_OPTIONS)
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            with_globals(sub)
            sub.short_help = sub.short_help or _first_clause(sub.help or "")
        return
    own = {spelling for param in command.params for spelling in param.opts}
    command.params.extend(
        option for option in global_options(hidden=True) if not own.intersection(option.opts)
    )


def _first_clause(help: str) -> str:
    """The help up to its first full stop or semicolon, so that a list of commands cuts no sentence."""
    sentence = " ".join(help.partition("\n\n")[0].split())
    return re.split(r"[.;] |[.;]$", sentence)[0] + "."


def _unhide_globals(command: click.Command) -> None:
    """Hide the global options in help but not in completion."""
    for param in command.params:
        if isinstance(param, click.Option) and not param.expose_value:
            param.hidden = False
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            _unhide_globals(sub)


@click.group(
    cls=LazyGroup,
    params=global_options(),
    context_settings={"help_option_names": HELP_OPTIONS, "max_content_width": WIDEST_HELP},
)
@click.version_option(
    __version__, "--version", prog_name="ticketctl", message="%(prog)s %(version)s"
)
@click.pass_context
def ticketctl(ctx: click.Context) -> None:
    """A help desk that lives in e-mail and in the terminal."""
    ctx.ensure_object(App)


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line; end the process with the exit code of `ticketctl help exit-codes`."""
    _open_streams()
    if asked := os.environ.get("_TICKETCTL_COMPLETE"):
        from ticketctl.cli.shared import completion_shells

        completion_shells.use(asked.partition("_")[0])
    sys.exit(run(args))


def _open_streams() -> None:
    """Open closed standard streams on the null device; escape characters that the locale lacks."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class Ended(NamedTuple):
    """How a command line ended: its exit code, and the sentence that says why."""

    code: int
    sentence: str = ""


def run(args: list[str] | None = None) -> int:
    """Run one command line and return its exit code; every error becomes one sentence on stderr."""
    code = 0
    try:
        code, sentence = ended(args)
        if sentence:
            _say(sentence)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our pipe has seen enough
        discard(sys.stdout)
    except OSError as trouble:
        discard(sys.stdout)
        where = f"{trouble.filename}: " if trouble.filename else ""
        _say(f"{where}{trouble.strerror or trouble}.")
        code = 1
    return code


def _say(sentence: str) -> None:
    """Print a last sentence to stderr, if it is still open."""
    try:
        click.echo(for_terminal(f"ticketctl: {sentence}"), err=True)
    except BrokenPipeError:
        discard(sys.stderr)


def ended(args: list[str] | None = None, app: App | None = None) -> Ended:
    """Run one command line, in the context `app` if one is given. OSError goes through."""
    stdout = sys.stdout
    try:
        code: Any = ticketctl.main(
            args,
            prog_name="ticketctl",
            standalone_mode=False,
            terminal_width=_help_width(),
            obj=app,
        )
        return Ended(code if isinstance(code, int) else 0)
    except DeskError as answer:
        return _answer(answer)
    except Unanswered as left:
        return Ended(130, left.sentence)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return Ended(130, "interrupted; nothing is half-done.")
    except click.exceptions.NoArgsIsHelpError as asked:
        if asked.ctx and asked.ctx.parent is None and stdout.isatty():
            return ended(["help"], app)  # a page at a time: it is longer than most screens
        asked.show()
        return Ended(asked.exit_code)
    except click.ClickException as wrong:
        from ticketctl.cli.shared import usage_errors

        return _answer(BadInput(usage_errors.sentence(wrong)))
    except click.exceptions.Exit as end:
        return Ended(end.exit_code)
    except SystemExit as end:
        if sys.stdout is not stdout:  # click saw the reader of our pipe go, and muted the stream
            return Ended(0)
        return Ended(end.code if isinstance(end.code, int) else 0)
    except OSError:
        raise
    except UnicodeEncodeError:  # a word typed in another encoding; no transaction has taken it
        return _answer(BadInput("an argument is not UTF-8 text."))
    except Exception as bug:
        if os.environ.get("TICKETCTL_DEBUG"):
            raise
        return Ended(
            1,
            f"unexpected error ({type(bug).__name__}); this is a bug. "
            "Set TICKETCTL_DEBUG=1 to see where.",
        )


def _help_width() -> int:
    """How wide --help may be: what click finds by itself, by way of shutil."""
    return max(min(terminal_size().columns, WIDEST_HELP) - 2, 50)


def _answer(answer: DeskError) -> Ended:
    from ticketctl.safe import terminal

    return Ended(answer.exit_code, terminal(str(answer)) if answer.sentence else "")


def command_named(name: str) -> click.Command:
    """One command of the table, for documentation and completion; NotFound for an unknown name."""
    found = ticketctl.get_command(click.Context(ticketctl), name)
    if found is None:
        raise NotFound(f"there is no command {name!r}.")
    return found
