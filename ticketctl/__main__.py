"""`python -m ticketctl` is the `ticketctl` command."""

from ticketctl.cli import main

main()
