"""`ticketctl close IDS`: the ticket is done."""

from ticketctl.cli import verbs

command = verbs.ending(
    "close",
    help="Close tickets and tell the customer. -m says why, and stays internal.",
    done="closed",
)
