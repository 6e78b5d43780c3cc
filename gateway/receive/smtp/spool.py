"""Keeps a mail while it is received: in memory, in a file if it is large, not at all above the limit (A5)."""

import logging
from tempfile import SpooledTemporaryFile

from gateway.shared import replies
from gateway.shared.replies import Outcome

log = logging.getLogger("ticketctl.gateway.smtp")

_MAX_IN_MEMORY = 2**20  # bytes


class Spool:
    """The bytes so far. `problem` says why they are not kept; they are read all the same. `close` it at the end."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.file = SpooledTemporaryFile(max_size=_MAX_IN_MEMORY)  # noqa: SIM115  (the inbox writer closes it)
        self.size = 0
        self.problem: Outcome | None = None

    def add(self, content: bytes) -> None:
        """Keep the next bytes, or only count them."""
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
            log.exception("a mail cannot be spooled")
            self.problem = replies.of_error(error)

    def close(self) -> None:
        """Discard the bytes."""
        self.file.close()
