"""How a part says that it lives: busy with one more thing, or with nothing in hand."""

from collections.abc import Callable

Beat = Callable[[bool], None]
"""Called with True when one thing begins (a mail, a chore, a look at a folder), with False when there is none."""


def silent(busy: bool) -> None:
    """The beat of a part that nobody listens to."""
