"""`python -m gateway` is `ticketctl gateway`."""

import sys

from ticketctl.cli.start import main

main(["gateway", *sys.argv[1:]])
