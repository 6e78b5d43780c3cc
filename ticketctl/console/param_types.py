"""Whole numbers and spans of time typed as options: none is larger than what a column of the database holds."""

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


class Span(Whole):
    """Seconds, as a plain number or written as everywhere: `30s`, `5m`, `1d12h`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The seconds; click's error for what is no span of time."""
        from ticketctl.domain.base import duration
        from ticketctl.errors import BadInput

        if isinstance(value, str) and not value.isdecimal():
            try:
                value = duration.parse(value)
            except BadInput as wrong:
                self.fail(wrong.sentence, param, ctx)
        return super().convert(value, param, ctx)


COUNT = Whole(0)
NUMBER = Whole(1)
SPAN = Span(0)
