"""Heartbeats: a process reports that it began a piece of work, or that it has none."""

from collections.abc import Callable

Beat = Callable[[bool], None]
"""Called with True when a piece of work begins (a mail, a task, a folder), with False when there is none."""


def silent(busy: bool) -> None:
    """A heartbeat that nobody listens to."""
