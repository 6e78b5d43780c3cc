"""`ticketctl unlink A KIND B`: take a relation away."""

from ticketctl.cli import verbs

command = verbs.relation(
    "unlink",
    help="A has no longer to do with B in this way.",
    done="no longer ",
)
