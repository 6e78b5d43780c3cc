"""`ticketctl reopen IDS`: an ended ticket is open again."""

from ticketctl.cli import verbs

command = verbs.simple(
    "reopen",
    help="Reopen ended tickets; -m says why.",
    done="reopened",
)
