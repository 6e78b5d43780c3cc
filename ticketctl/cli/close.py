"""`ticketctl close IDS`: the ticket is done."""

from ticketctl.cli import verbs

command = verbs.ending(
    "close",
    help="The ticket is done; -m says why, and is internal. The customer is told.",
    done="closed",
)
