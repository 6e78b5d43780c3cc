"""The collision guard of what takes a person's time to write: nobody acted on the ticket meanwhile (C6, row 27)."""

from typing import TYPE_CHECKING

from ticketctl.cli import ids

if TYPE_CHECKING:
    from ticketctl.cli.bulk import Bulk
    from ticketctl.cli.desk_context import Desk
    from ticketctl.cli.words import Said


def seen(desk: "Desk", words: tuple[str, ...], bulk: "Bulk", said: "Said", force: bool) -> "Bulk":
    """The options, bound to the version the one ticket meant has now, where its text is still to be written.

    --if-version says it better; --force wants none of it.
    """
    if force:
        return bulk._replace(if_version=None)
    writes = said.edit or desk.options.get("recover") or desk.out.may_ask
    if not writes or bulk.if_version is not None or bulk.query or "-" in words:
        return bulk
    numbers = ids.numbers(words)
    if len(numbers) != 1:
        return bulk
    from ticketctl.store import tickets

    with desk.db.read() as tx:
        return bulk._replace(if_version=tickets.get(tx, numbers[0]).version)
