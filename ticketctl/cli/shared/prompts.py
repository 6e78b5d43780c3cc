"""Prompts: for text, for a choice, for fields that a ticket needs before it ends."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ticketctl.cli.shared.ticket_numbers import Selection
    from ticketctl.console.context import App


def word(question: str, default: str | None = None) -> str:
    """Ask for text; repeat until there is an answer if there is no default."""
    answer = click.prompt(question, default=default, show_default=bool(default), err=True)
    return str(answer).strip()


def one_of(question: str, choices: Sequence[str], default: str | None = None) -> str:
    """Ask for one of the choices, or any text if there are none. A blank answer is the default."""
    if not choices:
        return word(question, default)
    answer = click.prompt(
        f"{question}: {', '.join(choices)}", default=default, show_default=bool(default), err=True,
        value_proc=lambda said: said if said in (*choices, default) else _none_of(said, choices),
    )  # fmt: skip
    return str(answer)


def needed(app: "App", tickets: "Selection", given: dict[str, object]) -> dict[str, object]:
    """The fields given, plus those asked for because the one ticket needs them before it ends (F-A20)."""
    missing = [
        one
        for one in app.definition.fields
        if one.on == "ticket" and one.required == "close" and one.name not in given
    ]
    if not missing or not app.out.may_ask or tickets.piped or not tickets.only:
        return given
    from ticketctl.store.tickets import tickets as stored

    with app.db.read() as tx:
        found = stored.some(tx, tickets.numbers)
    have = found[0].fields if found else {one.name: True for one in missing}
    return given | {
        one.name: one_of(one.name, one.choices)
        for one in missing
        if have.get(one.name) in (None, "", [])
    }


def _none_of(said: str, choices: Sequence[str]) -> str:
    raise click.BadParameter(f"{said!r} is not one of {', '.join(choices)}.")
