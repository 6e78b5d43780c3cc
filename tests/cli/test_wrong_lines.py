"""Every command answers a line that it cannot take in our words: what is wrong, and the line or the help to go by."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ticketctl.cli import main as cli
from ticketctl.cli.command_table import COMMANDS

# How click begins a refusal.
CLICK = re.compile(
    r"no such|invalid value|unexpected extra|missing (argument|option|parameter)|requires an? |does not take|"
    r"is not a valid|not in the range|Error:|Usage:|Try '",
    re.IGNORECASE,
)
# What to do: a line or a command's help, values to choose from, or how to write one.
NEXT = re.compile(r"`[^`]+`|\b(write|give|name|choose|say)\b")


def commands() -> Iterator[tuple[list[str], click.Command]]:
    """Every command and group with its words."""

    def below(
        words: list[str], command: click.Command
    ) -> Iterator[tuple[list[str], click.Command]]:
        yield words, command
        if isinstance(command, click.Group):
            for name, one in command.commands.items():
                yield from below([*words, name], one)

    for name in COMMANDS:
        yield from below([name], cli.command_named(name))


_ALONE = ("--json", "--watch")  # may stand without a value


def wrong_lines() -> Iterator[list[str]]:
    """Lines that no command can take: none of them gets as far as doing anything."""
    for words, command in commands():
        yield [*words, "--nonsense"]
        if isinstance(command, click.Group):
            yield from ([*words, "nonsense"], [*words, "2"])
            continue
        places = [one for one in command.params if isinstance(one, click.Argument)]
        required = ["1"] * sum(one.nargs for one in places if one.required and one.nargs > 0)
        if required or any(one.required for one in command.params):
            yield words
        if words == ["assign"] or any(one.name == "tickets" for one in places):
            yield from (words, [*words, "zz zz"])
        if all(one.nargs > 0 for one in places):
            full = ["1"] * sum(one.nargs for one in places)
            yield from ([*words, *full, "2"], [*words, *full, "zzz", "9x9", "8"])
        for place, one in enumerate(places):
            if isinstance(one.type, click.Choice | click.types.IntParamType):
                yield [*words, *["1"] * place, "zz zz"]
        yield from _wrong_options(words, command, required)


def _wrong_options(
    words: list[str], command: click.Command, required: list[str]
) -> Iterator[list[str]]:
    for one in command.params:
        name = max(one.opts, key=len)
        if not isinstance(one, click.Option) or one.count or name in _ALONE:
            continue
        if one.is_flag:
            yield [*words, *required, f"{name}=zzz"]
            continue
        yield [*words, *required, name]
        if isinstance(one.type, click.Choice | click.types.IntParamType):
            yield [*words, *required, name, "zz zz"]
        if isinstance(one.type, click.IntRange):
            yield [*words, *required, name, "-1"]


@pytest.fixture
def sqlite_desk(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line finds a desk of its own."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)


def test_every_command_says_in_our_words_what_is_wrong_with_a_line(
    sqlite_desk: None, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = []
    for line in wrong_lines():
        if line[0] == "search" and len(line) > 1 and line[1][:1] != "-":
            continue  # any words can be searched for
        code = cli.run(line)
        said = capsys.readouterr().err
        fits = said.startswith("ticketctl: ") and said.count("\n") == 1
        fits = fits and said.rstrip()[-1] in ".?" and not CLICK.search(said)
        if code not in (2, 3) or not fits or not NEXT.search(said):
            bad.append((line, code, said))
    assert bad == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rule log 2", "'2' is more than `rule log` takes; did you mean `ticketctl rule log --ticket 2`?"),
        ("survey send 8", "'8' is more than `survey send` takes; see `ticketctl survey send --help`."),
        ("list --limit many", "--limit takes a number, not 'many'; see `ticketctl list --help`."),
        ("list --limit -1", "--limit takes a number from 0 on, not -1; see `ticketctl list --help`."),
        ("list --limit", "--limit needs a value, N; see `ticketctl list --help`."),
        ("take 1 --steal=yes", "--steal takes no value; see `ticketctl take --help`."),
        ("edit 1 --priority urgent", "--priority takes low, medium, high or critical, not 'urgent'; see `"),
        ("escalate 1 --messages 900", "--messages takes a number from 0 to 100, not 900; see `ticketctl esc"),
        ("merge 1", "--into ID is missing; see `ticketctl merge --help`."),
        ("show", "TICKET is missing; see `ticketctl show --help`."),
        ("list --columsn id", "there is no option --columsn; did you mean"),
    ],
)  # fmt: skip
def test_a_wrong_word_or_number_is_told_in_our_words(
    sqlite_desk: None, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    assert cli.run(line.split()) == 2
    assert capsys.readouterr().err.strip().startswith(f"ticketctl: {said}")
