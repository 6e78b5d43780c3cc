"""The gateway's log: one sentence a line on stderr, for journald or a file."""

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
    """Send the log of our own loggers to stderr; libraries speak only of warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Utc("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("ticketctl").setLevel(logging.DEBUG if verbose else logging.INFO)


def log_value(text: str) -> str:
    """Text of outside for a log line: one line, control characters made visible, long text cut."""
    return safe.terminal_line(
        text if len(text) <= _LOG_CHARACTERS else text[:_LOG_CHARACTERS] + "…"
    )
