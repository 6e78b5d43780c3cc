"""The Received: line of ours (RFC 5321 4.4; A18)."""

import email.utils
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

_NOT_A_HOST = re.compile(r"[^\w.:\[\]-]", re.ASCII)


class Hop(Struct, frozen=True, kw_only=True):
    """How a mail came to us: what the peer calls itself, its IP address ("" on a Unix socket), our host."""

    helo: str
    remote: str
    host: str
    protocol: str
    recipients: Sequence[str]


def received(hop: Hop, at: datetime) -> str:
    """The line, without its end. `for` stands only where it gives no other recipient away."""
    helo = _NOT_A_HOST.sub("?", hop.helo)[:255]
    literal = f"IPv6:{hop.remote}" if ":" in hop.remote else hop.remote or "local"
    only = f" for <{hop.recipients[0]}>" if len(set(hop.recipients)) == 1 else ""
    return (
        f"Received: from {helo} ([{literal}]) by {hop.host} "
        f"with {hop.protocol} id {secrets.token_hex(8)}{only}; {email.utils.format_datetime(at)}"
    )
