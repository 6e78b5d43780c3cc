"""What an agent has looked at on a terminal, kept in two files for each desk and agent on that machine."""

import os
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from ticketctl import clock
from ticketctl.errors import BadInput
from ticketctl.settings.folders import folder

if TYPE_CHECKING:
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Ticket

MOST = 1000  # tickets remembered, those looked at last


class Look(msgspec.Struct, frozen=True, array_like=True):
    """The version of a ticket that was looked at, and when."""

    version: int
    at: datetime


_TICKETS = msgspec.json.Decoder(dict[str, Look])


def exchange(app: "App", agent: str) -> datetime | None:
    """Return the time of the last look at `my` and store the present one; None if unknown."""
    path = _path(app, agent)
    before = None
    with suppress(OSError, BadInput), open(path, "rb") as file:
        before = clock.parse(file.read().decode("ascii", "replace").strip())
    _keep(path, clock.rfc3339(app.now).encode())
    return before


def at(app: "App", agent: str, ticket: "Ticket") -> None:
    """Remember that a ticket was looked at as it is now."""
    path = _path(app, agent) + ".tickets"
    seen = _seen(path)
    seen.pop(str(ticket.id), None)
    seen[str(ticket.id)] = Look(ticket.version, app.now)
    _keep(path, msgspec.json.encode(dict(list(seen.items())[-MOST:])))


def of(app: "App", agent: str, ticket: int) -> Look | None:
    """The last look at a ticket, or None."""
    return _seen(_path(app, agent) + ".tickets").get(str(ticket))


def _seen(path: str) -> dict[str, Look]:
    with suppress(OSError, msgspec.DecodeError), open(path, "rb") as file:
        return _TICKETS.decode(file.read())
    return {}


def _keep(path: str, content: bytes) -> None:
    with suppress(OSError):  # a home that cannot be written to is no reason to show nothing
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        new = f"{os.path.splitext(path)[0]}.{os.getpid()}"
        with open(new, "wb") as file:
            file.write(content)
        os.replace(new, path)


def _path(app: "App", agent: str) -> str:
    from hashlib import sha256

    name = sha256(f"{app.settings.db.url}\n{agent}".encode()).hexdigest()[:16]
    return os.path.join(folder("state"), "looks", name)
