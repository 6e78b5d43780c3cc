"""`ticketctl unspam IDS`: a customer after all."""

from ticketctl.cli import verbs

command = verbs.simple(
    "unspam",
    help="Not spam after all: reopen the tickets.",
    done="open",
    ask="Why? (may be empty)",
)
