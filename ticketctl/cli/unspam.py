"""`ticketctl unspam IDS`: a customer after all."""

from ticketctl.cli import verbs

command = verbs.simple(
    "unspam",
    help="Take tickets out of the spam.",
    done="open",
    ask="Why? (may be empty)",
)
