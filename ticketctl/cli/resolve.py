"""`ticketctl resolve IDS`: the problem is solved."""

from ticketctl.cli import verbs

command = verbs.ending(
    "resolve",
    help="The problem is solved; -m says how, and is internal. The customer is told.",
    done="resolved",
)
