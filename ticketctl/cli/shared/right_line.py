"""The line that was meant: `close 2 done`, `wait 7 2d`, `edit 3 priority high`, `note 3 hello`, `list --state open`."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click

from ticketctl.cli.shared import ticket_numbers
from ticketctl.console.context import App

WORDS = "ticketctl.words"  # in the context's meta: the command line as it was typed
_TEXTS = ("message", "file", "edit", "recover")  # the options that give a text
_LEADING = ("to", "into", "as", "until", "till", "for", "because", "with")


class _Line(NamedTuple):
    """The words of a command line after the command's name."""

    plain: list[str]
    options: list[str]  # with their values


def suggest(ctx: click.Context, words: Sequence[str]) -> str:
    """The whole line with each of the plain `words` where it belongs; "" if that is not plain."""
    typed = _after(ctx.meta.get(WORDS, []), ctx.command_path.split()[1:])
    line = _split(ctx.command, typed)
    if ctx.info_name == "take" and [*words] == ["next"]:
        return "ticketctl next --take"
    if ctx.info_name == "escalate" and (name := _agent(ctx, words)):
        numbers = [word for word in words if ticket_numbers.looks_like(word)]
        return _join("ticketctl assign", [*numbers, name, *line.options])
    return _join(ctx.command_path, _placed(ctx.command, line._replace(plain=list(words))))


def _agent(ctx: click.Context, words: Sequence[str]) -> str | None:
    """The agent that the one word besides ticket numbers names."""
    from ticketctl.cli.shared import owner_words

    others = [word for word in words if not ticket_numbers.looks_like(word)]
    others = others[1:] if others and others[0].lower() in _LEADING else others
    return owner_words.agent(ctx.ensure_object(App), others[0]) if len(others) == 1 else None


def plain(ctx: click.Context) -> list[str]:
    """The words after the command that belong to no option, as they were typed."""
    typed = _after(ctx.meta.get(WORDS, []), ctx.command_path.split()[1:])
    return _split(ctx.command, typed).plain


def recovering(ctx: click.Context) -> str:
    """The same line, beginning with the text that was kept in place of the one that its options gave."""
    line = _split(ctx.command, _after(ctx.meta.get(WORDS, []), ctx.command_path.split()[1:]))
    texts = {one for p in ctx.command.params if p.name in _TEXTS for one in p.opts}
    left: list[str] = []
    options = iter(line.options)
    for option in options:
        name, equals, _ = option.partition("=")
        if name not in texts:
            left.append(option)
        elif name not in ("-e", "--edit", "--recover") and not equals:
            next(options, None)
    return _quoted(ctx.command_path, [*line.plain, *left, "--recover"])


def for_word(ctx: click.Context, word: str, args: Sequence[str]) -> str:
    """The line for a first word that is no command of ours: a synonym, a number, a noun before the command."""
    from ticketctl.cli.shared import other_words

    low, args = word.lower(), list(args)
    if ticket_numbers.looks_like(word) and word != "-":
        verb = args[0].lower() if args else "show"
        return for_word(ctx, verb, [word, *args[1:]]) if verb != word else ""
    if low in other_words.NOUNS and args:
        return for_word(ctx, args[0], args[1:])
    if low == "open" and {"-m", "--message"} & {*args}:
        return _known(ctx, "reopen", args)
    if low == "open" or (low in ("status", "state") and len(args) < 2):
        return _known(ctx, "show" if args else "list" if low == "open" else "stats", args)
    meant = other_words.COMMANDS.get(low, low).split()
    if meant[0] == "--version":
        return "ticketctl --version"
    option = meant[1] if meant[1:] and meant[1].startswith("--") else ""
    if option and option != "--count":
        numbers = [one for one in args if ticket_numbers.looks_like(one)]
        rest = [one for one in args if one not in numbers and one.lower() not in _LEADING]
        at = next((n for n, one in enumerate(rest) if one.startswith("-")), len(rest))
        if not numbers or not at:
            return ""
        return _known(ctx, meant[0], [*numbers, option, " ".join(rest[:at]), *rest[at:]])
    if "…" in meant:
        return _known(ctx, meant[0], [*args[:1], meant[-1], *args[1:]] if args else [])
    return _known(ctx, " ".join(meant), [] if meant[0] == "help" and meant[1:] else args)


def for_option(ctx: click.Context, name: str) -> str:
    """The line with an option of ours for one that the command does not have; "" if there is none like it."""
    from ticketctl.cli.shared import other_words

    known = {one for param in ctx.command.params for one in param.opts}
    own = other_words.QUERY_OPTIONS if "--since" in known else {}
    own = own or (other_words.STATUS_OPTIONS if "--status" in known else {})
    own = other_words.FORMAT_OPTIONS | own
    new: list[str] = []
    found = False
    for word in ctx.meta.get(WORDS, []):
        option, _, value = word.partition("=")
        ours = None if option in known else other_words.option(option, known)
        if option in own and option not in known:
            new += own[option].split()
            found |= option == name
        elif ours is None or not option.startswith("-"):
            new.append(word)
        else:
            new += [one for one in (ours, value) if one]
            found |= option == name
    return _quoted("ticketctl", new) if found else ""


def for_subcommand(ctx: click.Context, word: str) -> str:
    """The line with our name for a group's command that people of other programs call `word`; "" if there is none."""
    from ticketctl.cli.shared import other_words

    ours = other_words.subcommand(word, getattr(ctx.command, "commands", ()))
    typed = _after(ctx.meta.get(WORDS, []), [*ctx.command_path.split()[1:], word])
    return _quoted(ctx.command_path, [ours, *typed]) if ours else ""


def for_usage(wrong: click.ClickException) -> str:
    """The line that was meant where click refuses one; "" if that is not plain."""
    ctx = wrong.ctx if isinstance(wrong, click.UsageError) else None
    if ctx is None or ctx.resilient_parsing:
        return ""
    if isinstance(wrong, click.NoSuchOption):
        return for_option(ctx, wrong.option_name)
    path = ctx.command_path
    line = _split(ctx.command, _after(ctx.meta.get(WORDS, []), path.split()[1:]))
    numbers = [word for word in line.plain if ticket_numbers.looks_like(word)]
    others = [word for word in line.plain if word not in numbers]
    if path == "ticketctl merge" and len(numbers) > 1:
        return _join(path, [*numbers[:-1], "--into", numbers[-1], *line.options])
    if path == "ticketctl split" and len(numbers) > 1 and not others:
        moved = [
            word for n in ticket_numbers.numbers(numbers[1:]) for word in ("--message", str(n))
        ]
        return _join(path, [numbers[0], *moved, *line.options])
    if path == "ticketctl link" and len(numbers) == 2 and not others:
        return _join(path, [numbers[0], "related", numbers[1], *line.options])
    if path == "ticketctl next" and others == ["take"]:
        return "ticketctl next --take"
    if path in ("ticketctl new", "ticketctl create") and others:
        return _join(path, _new(others, line.options))
    if path == "ticketctl report" and others:
        return _report(line)
    if path == "ticketctl agent" and others[1:] and others[1] in ("away", "back"):
        return _join(path, [others[1], others[0], *line.options])
    if about := _about_ticket(ctx.command, line, numbers, others):
        return _join(path, about)
    return for_one(ctx, line.plain) if numbers[1:] or others else ""


def _about_ticket(
    command: click.Command, line: _Line, numbers: list[str], others: list[str]
) -> list[str]:
    """`rule log 2` as `--ticket 2`, where that is the option for a ticket."""
    known = {one for param in command.params for one in param.opts}
    takes = sum(isinstance(one, click.Argument) for one in command.params)
    fits = len(numbers) == 1 and len(others) == takes and "--ticket" not in line.options
    return [*others, "--ticket", *numbers, *line.options] if fits and "--ticket" in known else []


def _new(words: Sequence[str], options: Sequence[str]) -> list[str]:
    """`new carl@x.example "Broken chair"` with its options."""
    people = [word for word in words if "@" in word][:1]
    about = " ".join(word for word in words if word not in people)
    who = [] if "--customer" in options else ["--customer", *(people or ["ADDRESS"])]
    why = [] if {"-m", "--message", "-F", "-e"} & {*options} else ["-m", "why"]
    return [*who, *(["--subject", about] if about else []), *options, *why]


def for_one(ctx: click.Context, words: Sequence[str]) -> str:
    """The line for a command of one ticket that was given other words, or several."""
    if not any(one.name == "ticket" for one in ctx.command.params):
        return ""
    left = [word for word in words if word.lower() not in ticket_numbers.FILLERS]
    if len(left) == 1 and left != [*words] and ticket_numbers.looks_like(left[0]):
        return f"{ctx.command_path} {left[0].lstrip('#')}"
    if left and all(map(ticket_numbers.looks_like, left)):
        return f"ticketctl list id:{','.join(word.strip('#,') for word in left)}"
    if left and not any(word[:1].isdecimal() for word in left) and ctx.info_name == "show":
        return _quoted("ticketctl search", left)
    return ""


def _report(line: _Line) -> str:
    """`report last week` is about service levels."""
    told = "-".join(line.plain).lower()
    first = told.partition("-")[0]
    known = first in ("last", "this", "today", "yesterday")
    return _join("ticketctl report", ["sla", "--period", told, *line.options]) if known else ""


def _known(ctx: click.Context, path: str, args: list[str]) -> str:
    """The line of a command that exists, with its arguments where they belong; "" for an unknown one."""
    from ticketctl.cli.command_table import ALIASES

    first, *rest = path.split()
    root = ctx.find_root().command
    command = root.get_command(ctx, first) if isinstance(root, click.Group) else None
    if command is None:
        return ""
    name = f"ticketctl {' '.join([ALIASES.get(first, first), *rest])}"
    line = _split(command, args)
    if any(one.name == "tickets" and one.nargs == -1 for one in command.params):
        return _join(name, _placed(command, line) or [*line.plain, *line.options])
    if path == "new" and line.plain:
        return _join(name, _new(line.plain, line.options))
    if path == "agent away" and (until := [word for word in args if word.lower() not in _LEADING]):
        return _join(name, ["--until", " ".join(until)])
    return _quoted(name, args)


def _join(path: str, words: list[str]) -> str:
    return _quoted(path, words) if words else ""


def _quoted(path: str, words: Sequence[str]) -> str:
    """A line to type: quoted for the shell, with double quotes where they do, as people type them."""
    from shlex import quote

    def shown(word: str) -> str:
        if quote(word) == word or word.startswith("#"):
            return word
        return quote(word) if set(word) & set('"$`\\!') else f'"{word}"'

    shown_words = [shown(word).removeprefix("#") for word in words]
    return " ".join([path, *shown_words])


def _after(typed: Sequence[str], path: Sequence[str]) -> list[str]:
    """The words without those that name the command."""
    left, rest = list(path), []
    for word in typed:
        if left and word == left[0]:
            del left[0]
        else:
            rest.append(word)
    return rest


def _split(command: click.Command, args: Sequence[str]) -> _Line:
    """Part the plain words from the options with their values."""
    flags = {
        one: getattr(p, "is_flag", False) or getattr(p, "count", False)
        for p in command.params
        for one in p.opts
    }
    plain: list[str] = []
    options: list[str] = []
    words = iter(args)
    for word in words:
        if not word.startswith("-") or word == "-":
            plain.append(word)
            continue
        options.append(word)
        if "=" not in word and word in flags and not flags[word]:
            options += [value for value in [next(words, None)] if value is not None]
    return _Line(plain, options)


def _placed(command: click.Command, line: _Line) -> list[str]:
    """The words in their right places; none if that is not plain."""

    numbers = [word for word in line.plain if ticket_numbers.looks_like(word)]
    others = [
        word
        for word in line.plain
        if word not in numbers and word.lower() not in ticket_numbers.FILLERS
    ]
    options = {one for param in command.params for one in param.opts}
    if not others:
        return [*numbers, *line.options] if numbers else []
    if not numbers:
        if not _is_query(others) or "--query" not in options:
            return []
        query = [f"email:{one}" if "@" in one[1:] and ":" not in one else one for one in others]
        return ["--query", " ".join(query), *line.options]
    if others[0].lower() in _LEADING and "--into" in options and len(numbers) > 1:
        return [*numbers[:-1], "--into", numbers[-1], *line.options]
    short = others[1:] if others[0].lower() in _LEADING else others
    more = [*_changes(short, command)] or _time(short, options)
    if more:
        return [*numbers, *more, *line.options]
    at = line.options.index("--set") + 1 if "--set" in line.options else 0
    if at and "=" not in line.options[at] and len(others) == 1:
        field = f"{line.options[at]}={others[0]}"
        return [*numbers, *line.options[:at], field, *line.options[at + 1 :]]
    said = others[1:] if others[0].lower() in ("as", "because") else others
    return [*numbers, *_message(said, line.options)] if "-m" in options else []


def _is_query(words: Sequence[str]) -> bool:
    from ticketctl.domain.query import bare_words

    return all(any(sign in word for sign in ":=<>@") or bare_words.plain(word) for word in words)


def _changes(words: Sequence[str], command: click.Command) -> Iterator[str]:
    """`priority=high`, `priority:high`, `priority high`, `high`, `+vip` as options; nothing if a word is none."""
    from ticketctl.cli.shared import other_words

    options = {one: param for param in command.params for one in param.opts}
    if "--set" not in options:
        return
    if len(words) == 2 and f"--{words[0].lower()}" in options:
        words = [f"{words[0]}={words[1]}"]
    found: list[str] = []
    for word in words:
        name, sign, value = word.partition("=" if "=" in word else ":")
        name = name.lower().removeprefix("cf.") if sign else name
        ours = f"--{name}" if f"--{name}" in options else None
        ours = ours or other_words.option(f"--{name}", {*options} - {"-m"})
        if sign and value and ours:
            found += [ours, value]
        elif sign and value:
            found += ["--set", f"{name}={value}"]
        elif word[0] in "+-" and "--tag" in options:
            found += ["--tag" if word[0] == "+" else "--untag", word[1:]]
        elif option := _with_choice(options, word.lower()):
            found += [option, word.lower()]
        else:
            return
    yield from found


def _with_choice(options: dict[str, click.Parameter], word: str) -> str:
    """The option of which the word is a value."""
    from ticketctl.domain.base.status import STATUSES

    if word in STATUSES and "--status" in options:
        return "--status"
    found = [
        n for n, p in options.items() if isinstance(p.type, click.Choice) and word in p.type.choices
    ]
    return found[0] if found else ""


def _time(words: Sequence[str], options: set[str]) -> list[str]:
    """`2d` as `--until 2d`."""
    from ticketctl.domain.base import when

    told = " ".join(words).lower()
    return ["--until", told] if "--until" in options and when.is_time(told) else []


def _message(words: Sequence[str], given: Sequence[str]) -> list[str]:
    """Other words as `-m "the words"`, after those of a message without quotes."""
    at = next((n for n, one in enumerate(given) if one in ("-m", "--message")), None)
    if at is None:
        return [*given, "-m", " ".join(words)]
    return [*given[:at], "-m", " ".join([*given[at + 1 : at + 2], *words]), *given[at + 2 :]]
