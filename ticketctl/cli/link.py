"""`ticketctl link A KIND B`: relate two tickets."""

from ticketctl.cli import verbs

command = verbs.relation(
    "link",
    help="Link two tickets: A blocks, is related to, is a duplicate of, is the parent of, or is a follow-up of B.",
    done="",
)
