"""The gateway's log: one line an event on stderr, for journald or a file."""

import logging
import sys
import time

from ticketctl import safe

_LOG_CHARACTERS = 500


class Utc(logging.Formatter):
    """`2026-03-09T08:10:00Z INFO ticketctl.gateway: …`."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%SZ"
    default_msec_format = ""


def begin(*, verbose: bool = False) -> None:
    """Send our own log to stderr, and warnings of libraries."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Utc("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("ticketctl").setLevel(logging.DEBUG if verbose else logging.INFO)


def log_value(text: str) -> str:
    """Make foreign text safe for a log line: one line, visible control characters, cut if long."""
    return safe.terminal_line(
        text if len(text) <= _LOG_CHARACTERS else text[:_LOG_CHARACTERS] + "…"
    )
