"""`ticketctl reopen IDS`: an ended ticket is open again."""

from ticketctl.cli import verbs

command = verbs.simple(
    "reopen",
    help="Open ended tickets again; -m says why.",
    done="reopened",
)
