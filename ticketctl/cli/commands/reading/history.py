"""`ticketctl history ID`: what happened to a ticket, oldest first."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.views.ticket_history import VIEW
from ticketctl.console import access, rows
from ticketctl.console.context import App, pass_app
from ticketctl.domain.sla.happenings import NOTICES
from ticketctl.errors import BadInput

# What can happen to a ticket …
TYPES = (
    "created", "ack", "message", "replied", "commented", "participant", "assigned", "unassigned",
    "status", "resolved", "closed", "reopened", "escalated", "subject", "priority", "type",
    "important", "segment", "tags", "field", "customer", "due", "merged", "unmerged", "split",
    "linked", "unlinked", "watched", "unwatched", "delivered", "delayed", "bounced", "mail-failed", "reported",
    "erased", "undone", "survey", "rated", "policy", "sla_warning", "sla_breach", "notified",
)  # fmt: skip
# … and the words that stand for several types.
GROUPS = {
    "assignment": ("assigned", "unassigned", "segment"),
    "status": ("status", "resolved", "closed", "reopened"),
    "messages": ("message", "replied"),
    "classification": ("type", "tags", "priority", "important", "field"),
    "sla": NOTICES,
    "relations": ("merged", "unmerged", "split", "linked", "unlinked"),
}


@click.command()
@click.argument("ticket", type=param_types.TICKET)
@click.option(
    "--only", metavar="TYPES", help="Show only these types of event: assignment, status, replied …"
)
@pass_app
def command(app: App, ticket: int, only: str | None) -> None:
    """Show what happened to a ticket, and who did it."""
    from ticketctl.store.tickets import events, tickets

    with app.db.read() as tx:
        access.check(app, tx, tickets.get(tx, ticket))
        found = events.of(tx, ticket, _types(only))
    rows.rows(app, VIEW, found)


def _types(only: str | None) -> tuple[str, ...] | None:
    if only is None:
        return None
    words = [word.strip() for word in only.split(",")]
    for word in words:
        if word not in (*GROUPS, *TYPES):
            raise BadInput(
                f'"{word}" is not a type of event; --only accepts {", ".join(GROUPS)}, '
                f"or single types: {', '.join(one for one in TYPES if one not in GROUPS)}."
            )
    return tuple(type for word in words for type in GROUPS.get(word, (word,)))
