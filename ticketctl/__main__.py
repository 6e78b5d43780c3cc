"""`python -m ticketctl` is the `ticketctl` command."""

from ticketctl.cli.start import main

main()
