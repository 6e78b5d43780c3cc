"""`gateway serve` whose leases last some seconds, so that a test waits no minute for those of a killed gateway."""

import sys

from gateway.intake import worker
from gateway.receive.imap import lease
from gateway.send.sender import Sender
from ticketctl.cli import main

SECONDS = 6

if __name__ == "__main__":
    worker.LEASE_SECONDS = lease.SECONDS = SECONDS
    how = Sender.__init__.__kwdefaults__
    assert how and "lease_seconds" in how
    how["lease_seconds"] = SECONDS
    sys.exit(main.run(["gateway", "serve"]))
