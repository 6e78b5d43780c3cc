"""A mail while it comes in: in memory as long as it is small, then in a file, and beyond the limit nowhere (A5)."""

import logging
from tempfile import SpooledTemporaryFile

from gateway.shared import replies
from gateway.shared.replies import Outcome

log = logging.getLogger("ticketctl.gateway.smtp")

_IN_MEMORY = 2**20  # octets


class Spool:
    """The octets so far. `problem` says why they cannot be kept, though all of them are read; `close` it at the end."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (the front closes it)
        self.size = 0
        self.problem: Outcome | None = None

    def add(self, content: bytes) -> None:
        """Keep the next octets, or only count them."""
        self.size += len(content)
        if self.problem is not None:
            return
        try:
            if self.size <= self._limit:
                self.file.write(content)
                return
            self.file.truncate(0)
            self.problem = Outcome.TOO_BIG
        except OSError as error:
            log.exception("no room to spool a mail")
            self.problem = replies.of_error(error)

    def close(self) -> None:
        """Forget the octets."""
        self.file.close()
