"""Whole numbers typed as options: none is larger than what a column of the database holds."""

from typing import Any

import click

LARGEST = 2**31 - 1


class Whole(click.IntRange):
    """A whole number from `min` on."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; click's error for what is none, or is too large."""
        number = int(super().convert(value, param, ctx))
        if number > LARGEST:
            self.fail(f"{number} is more than {LARGEST}.", param, ctx)
        return number


COUNT = Whole(0)
NUMBER = Whole(1)
