"""`ticketctl unlink A KIND B`: take a relation away."""

from ticketctl.cli import verbs

command = verbs.relation(
    "unlink",
    help="Remove the link of this kind between two tickets.",
    done="no longer ",
)
