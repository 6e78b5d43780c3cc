"""Option groups: a command receives related options as one record."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def record(name: str, make: Callable[..., NamedTuple]) -> Decorator:
    """A decorator: values of options named like the fields of `make` reach the function as one record `name`."""

    def decorate(function: Callable[..., object]) -> Callable[..., object]:
        @wraps(function)
        def command(*args: object, **values: object) -> object:
            mine = {field: values.pop(field) for field in make.__annotations__}
            return function(*args, **{name: make(**mine)}, **values)

        return command

    return decorate


def gathered(name: str, make: Callable[..., NamedTuple], *options: Decorator) -> Decorator:
    """A decorator that adds `options` to a command, which receives them as one record `name`."""

    def decorate(function: Callable[..., object]) -> Callable[..., object]:
        command = record(name, make)(function)
        for option in reversed(options):
            command = option(command)
        return command

    return decorate
