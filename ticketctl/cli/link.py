"""`ticketctl link A KIND B`: relate two tickets."""

from ticketctl.cli import verbs

command = verbs.relation(
    "link",
    help="A blocks B, is related to B, a duplicate of B, the parent of B, a follow-up of B.",
    done="",
)
