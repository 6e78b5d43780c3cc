"""How long a proof runs: some seconds in `make test`, up to two minutes with PROOF=long."""

import os

LONG = os.environ.get("PROOF") == "long"
MAILS = 60 if LONG else 6  # between two events
ROUNDS = 3 if LONG else 1
