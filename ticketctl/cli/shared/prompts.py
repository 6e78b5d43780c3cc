"""Prompts: for a choice, for fields that a ticket needs before it ends."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ticketctl.cli.shared.ticket_numbers import Selection
    from ticketctl.console.context import App


def one_of(app: "App", question: str, choices: Sequence[str], default: str | None = None) -> str:
    """Ask for one of the choices, or any text if there are none. A blank answer is the default."""
    if not choices:
        return app.out.ask(question, default)

    def known(said: str) -> str:
        if said not in (*choices, default):
            raise click.BadParameter(f"{said!r} is not one of {', '.join(choices)}.")
        return said

    return app.out.ask(f"{question}: {', '.join(choices)}", default, known)


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
        one.name: one_of(app, one.name, one.choices)
        for one in missing
        if have.get(one.name) in (None, "", [])
    }
