"""`--row-template`: rows as a Jinja template writes them, with the names of --json. Values are sanitised."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ticketctl import clock, text_table
from ticketctl.console import times
from ticketctl.safe import terminal

if TYPE_CHECKING:
    from ticketctl.console.context import App


def template(app: "App", source: str) -> Callable[[Mapping[str, object]], str]:
    """A function that fills the shape of a row into the template; BadInput where it cannot be read or filled in."""
    from ticketctl.templating.render import UserTemplate

    ready = UserTemplate(source, _filters(app))
    return lambda shape: ready.render(_clean(shape))


def _filters(app: "App") -> dict[str, Callable[..., object]]:
    """`ago`, `local`: of a time; `trunc`: to so many columns; `color`: a name, and bold; `dur`: of seconds."""
    from ticketctl.domain.base import duration

    now, zone = app.now, app.zone

    def color(text: object, name: str = "", bold: bool = False) -> str:
        return app.out.style(str(text), fg=name or None, bold=bold or None)

    return {
        "ago": lambda stamp: times.ago(clock.parse(stamp), now) if stamp else "",
        "local": lambda stamp: times.local(clock.parse(stamp), zone) if stamp else "",
        "trunc": lambda text, room=40: text_table.cut(str(text), room),
        "color": color,
        "dur": lambda seconds: "" if seconds == "" else duration.show(int(seconds)),
    }


def _clean(value: object) -> Any:
    """The same with every text made safe for a terminal; None becomes empty."""
    if isinstance(value, str):
        return terminal(value)
    if isinstance(value, Mapping):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return "" if value is None else value
