"""Builds our own Received: line (RFC 5321 4.4; A18)."""

import email.utils
import random
import re
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

_NOT_A_HOST = re.compile(r"[^\w.:\[\]-]", re.ASCII)


class Hop(Struct, frozen=True, kw_only=True):
    """How a mail came: the peer's HELO name and IP address ("" on a Unix socket), our host name."""

    helo: str
    remote: str
    host: str
    protocol: str
    recipients: Sequence[str]


def received(hop: Hop, at: datetime) -> str:
    """Return the line without its end. `for` is only included if there is one recipient, to disclose no other."""
    helo = _NOT_A_HOST.sub("?", hop.helo)[:255]
    literal = f"IPv6:{hop.remote}" if ":" in hop.remote else hop.remote or "local"
    only = f" for <{hop.recipients[0]}>" if len(set(hop.recipients)) == 1 else ""
    return (
        f"Received: from {helo} ([{literal}]) by {hop.host} "
        f"with {hop.protocol} id {random.getrandbits(64):016x}{only}; {email.utils.format_datetime(at)}"
    )
