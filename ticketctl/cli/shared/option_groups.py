"""Options that belong together: a command receives them as one argument."""

from collections.abc import Callable
from functools import wraps
from typing import Any

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def gathered(name: str, make: Callable[..., Any], *options: Decorator) -> Decorator:
    """A decorator that adds `options`; the command receives `make(**their values)` as `name`."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def holder() -> None:
            """Where click collects the options."""

        for option in reversed(options):
            option(holder)
        params = holder.__click_params__  # type: ignore[attr-defined]
        names = [param.name for param in params if param.expose_value]

        @wraps(function)
        def command(*args: Any, **values: Any) -> Any:
            mine = {each: values.pop(each) for each in names}
            return function(*args, **{name: make(**mine)}, **values)

        command.__click_params__ = [*getattr(function, "__click_params__", []), *params]  # type: ignore[attr-defined]
        return command

    return decorate
