"""Which tickets: words of the query language and flags that mean the same, for every command that takes several."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ticketctl.cli.gathered import gathered

if TYPE_CHECKING:
    from ticketctl.cli.desk_context import Desk
    from ticketctl.desk.condition import Condition, Sort, Where

# Flags that stand for `field:value`; each may be repeated (or), and they combine with and.
FLAGS = ("status", "segment", "owner", "priority", "channel", "type", "tag", "mailbox", "customer")
TIMES = ("created", "updated", "resolved", "closed", "age", "id")


class Wanted(NamedTuple):
    """The tickets asked for and their order (empty: the command's own)."""

    condition: "Condition"
    sort: "tuple[Sort, ...]"


# Adds the filter flags to a command, which receives them as one dictionary `filters`.
filter_options = gathered(
    "filters",
    dict,
    *(
        click.option(f"--{name}", multiple=True, metavar="VALUE", help=f"{name}:VALUE; again: or.")
        for name in FLAGS
    ),
    click.option("--important", is_flag=True, help="Only important ones."),
    click.option("--since", metavar="TIME", help="Created since then; `all` for ever."),
    click.option("--until", metavar="TIME", help="Created before then."),
    click.option("--created", metavar="PERIOD", help="Created in it, as 2026-02."),
    click.option("--updated", metavar="PERIOD", help="Changed in it."),
    click.option("--sort", metavar="FIELDS", help="Order, as -priority,created."),
)


def wanted(desk: "Desk", words: tuple[str, ...], filters: dict[str, Any]) -> Wanted:
    """The condition of words and flags together; BadInput with the place of what is wrong."""
    from ticketctl.desk import query
    from ticketctl.desk.condition import every

    if "as_agent" in desk.options:
        desk.actor()  # an agent that does not exist is told at once
    me = desk.me() if _mentions_me(words, filters) else None
    how: dict[str, Any] = {"now": desk.now, "zone": desk.zone, "me": me}
    parsed = query.parse(" ".join(words), **how)
    parts = [parsed.condition]
    parts += [
        query.where(name, "=", ",".join(filters[name]), **how) for name in FLAGS if filters[name]
    ]
    if filters["important"]:
        parts.append(query.where("is", "=", "important", **how))
    if filters["since"] not in (None, "all"):
        parts.append(query.where("created", ">=", filters["since"], **how))
    if filters["until"]:
        parts.append(query.where("created", "<", filters["until"], **how))
    parts += [
        query.where(name, "=", filters[name], **how)
        for name in ("created", "updated")
        if filters[name]
    ]
    sort = query.sort_keys(filters["sort"]) if filters["sort"] else parsed.sort
    return Wanted(every(parts), sort)


def _mentions_me(words: tuple[str, ...], filters: dict[str, Any]) -> bool:
    return "@me" in (*" ".join(words).split(), *filters["owner"]) or any(
        mark in word for word in words for mark in ("@me", "mine")
    )


def month_start(now: datetime, zone: Any) -> datetime:
    """One calendar month back, at midnight of the zone; on the 31st of a short month its last day."""
    local = now.astimezone(zone)
    last_of_previous = local.replace(day=1) - timedelta(days=1)
    day = min(local.day, last_of_previous.day)
    return last_of_previous.replace(day=day, hour=0, minute=0, second=0, microsecond=0, fold=0)


def leaves(condition: "Condition") -> "Iterator[Where]":
    """Every single comparison of the condition."""
    from ticketctl.desk.condition import All, Not, Where
    from ticketctl.desk.condition import Any as Either

    if isinstance(condition, Where):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        assert isinstance(condition, All | Either)
        for part in condition.parts:
            yield from leaves(part)


def mentions(condition: "Condition", fields: tuple[str, ...]) -> bool:
    """Does the condition speak of one of these fields anywhere?"""
    return any(leaf.field in fields for leaf in leaves(condition))


def without_status(condition: "Condition") -> "Condition":
    """The condition without its top parts on the status: what the overview counts (Q15)."""
    from ticketctl.desk.condition import All, every

    parts = condition.parts if isinstance(condition, All) else (condition,)
    return every(part for part in parts if not mentions(part, ("status",)))
