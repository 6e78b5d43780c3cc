"""`ticketctl spam IDS`: no customer after all."""

from ticketctl.cli import verbs

command = verbs.simple(
    "spam",
    help="Mark tickets as spam; no more mail is sent about them.",
    done="spam",
    ask="Why? (may be empty)",
)
