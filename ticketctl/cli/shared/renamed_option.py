"""Options that were renamed: the former spelling still works and is not listed."""

from itertools import takewhile
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.parser import _OptionParser


class Renamed(click.Option):
    """An option with a former spelling, unless an earlier option of the command has that spelling."""

    def __init__(self, names: list[str], former: str, **more: Any) -> None:
        super().__init__(names, **more)
        self.former = former

    def add_to_parser(self, parser: "_OptionParser", ctx: click.Context) -> None:
        """Let the parser take both spellings."""
        super().add_to_parser(parser, ctx)
        earlier = takewhile(lambda param: param is not self, ctx.command.params)
        taken = {name for one in earlier for name in (*one.opts, getattr(one, "former", None))}
        if self.former not in taken:
            parser.add_option(self, [self.former], dest=self.name)
