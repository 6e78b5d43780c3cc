"""When an agent last looked at his tickets on a terminal; kept on his machine, a file for each desk and agent."""

from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ticketctl import clock
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.cli.desk_context import Desk


def exchange(desk: "Desk", agent: str) -> datetime | None:
    """The time of the last look, from now on this one; None where there was none, or nothing can be kept."""
    path = _path(desk, agent)
    before = None
    with suppress(OSError, BadInput):  # what was never kept, or is no time, is no look
        before = clock.parse(path.read_text("ascii", "replace").strip())
    with suppress(OSError):  # a home that cannot be written to is no reason to show no list
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(clock.rfc3339(desk.now), encoding="ascii")
    return before


def _path(desk: "Desk", agent: str) -> Path:
    from platformdirs import user_state_path

    name = sha256(f"{desk.settings.db.url}\n{agent}".encode()).hexdigest()[:16]
    return user_state_path("ticketctl") / "looks" / name
