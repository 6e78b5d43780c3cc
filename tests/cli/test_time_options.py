"""Every option that takes a time says on which side of now that is; the page slips.txt of the scripts tries them."""

from collections.abc import Iterator

import click
import pytest

from ticketctl.cli import main as cli
from ticketctl.cli.command_table import COMMANDS

PAST = {
    "--since", "--until", "--created", "--updated", "--changed-since", "--closed-before", "--period",
    "--as-of",
    "--at",  # survey add: when the customer answered
}  # fmt: skip
FUTURE = {"wait --until", "agent away --until", "edit --due", "calendar test --to"}
EITHER = {"calendar test --from", "sla test --created", "--now"}


def times(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    """Each option of a time with the command it stands at."""
    if isinstance(command, click.Group):
        for name, sub in command.commands.items():
            yield from times(sub, f"{path} {name}")
        return
    for option in command.params:
        if isinstance(option, click.Option) and option.metavar in ("TIME", "PERIOD", "PERIODS"):
            yield path, option.opts[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_time_has_a_side(name: str) -> None:
    for path, option in times(cli.command_named(name), name):
        sides = [side for side in (FUTURE, EITHER, PAST) if {option, f"{path} {option}"} & side]
        assert sides, f"{path} {option}: is a span without a sign before or after now?"
