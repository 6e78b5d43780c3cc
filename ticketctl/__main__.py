"""`python -m ticketctl` is the `ticketctl` command."""

from ticketctl.cli.main import main

main()
