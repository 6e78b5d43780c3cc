"""What a row is: its columns and its JSON shape."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from ticketctl.clock import rfc3339

T = TypeVar("T")


class Column(NamedTuple, Generic[T]):
    """One column: its name for --columns, and the value of a row (None: empty)."""

    name: str
    value: Callable[[T], Any]
    style: Callable[[T], Mapping[str, Any] | None] = lambda row: (
        None
    )  # of a view's first: that of the row
    cut: int = 0  # its share of a narrow terminal's room; 0: never cut
    wraps: bool = False  # broken over lines rather than cut
    rare: bool = False  # left out of a table in which no row has it …
    usual: Any = None  # … or has more than this to say
    head: str = ""  # its head in a table, where that is not the name
    yields: int = (
        0  # left out first (1), second … of a table too narrow for what matters most; 0: never
    )

    @property
    def title(self) -> str:
        """The head of the column."""
        return (self.head or self.name).replace("_", " ").upper()


class View(NamedTuple, Generic[T]):
    """How a kind of row is shown: all columns, the default ones, the JSON shape, the id.

    `fields` are the names of the shape, so that --json=FIELDS can be checked even without rows; the columns are fields
    of it, too. `former` are names that columns had, and those they have now. `below` makes the lines that stand under
    a row of a table.
    """

    columns: Sequence[Column[T]]
    default: Sequence[str]
    shape: Callable[[T], dict[str, Any]]
    key: Callable[[T], Any]
    fields: Sequence[str] = ()
    former: Mapping[str, str] = {}
    below: Callable[[T], Sequence[str]] = lambda row: ()


def plain(value: object) -> str:
    """A value as a machine-readable cell: RFC 3339 times, words for lists, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)
