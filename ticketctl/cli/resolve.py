"""`ticketctl resolve IDS`: the problem is solved."""

from ticketctl.cli import verbs

command = verbs.ending(
    "resolve",
    help="Mark tickets as resolved and tell the customer. -m says how, and stays internal.",
    done="resolved",
)
