"""Heartbeats: what the parts of every running gateway are, noted by one of them for all of its gateway.

Times are those of the machine's clock, as of leases, never desk time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from ticketctl import clock
from ticketctl.store.db import meta
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql

STARTING, RUNNING, DOWN = "starting", "running", "down"
EVERY_SECONDS = 15
SILENT = timedelta(seconds=60)  # a gateway that is not seen for so long does not run
_FORGOTTEN = timedelta(days=7)  # a gateway that did not stop in order is listed for so long

_SEEN = sql(
    lambda: (
        sa.update(t.heartbeat)
        .where(t.heartbeat.c.gateway == sa.bindparam("of_gateway"))
        .values(seen_at=sa.bindparam("now"))
    )
)
_ADD = sql(lambda: sa.insert(t.heartbeat))
_REMOVE = sql(
    lambda: sa.delete(t.heartbeat).where(t.heartbeat.c.gateway == sa.bindparam("of_gateway"))
)
_FORGET = sql(
    lambda: sa.delete(t.heartbeat).where(
        sa.or_(
            t.heartbeat.c.seen_at < sa.bindparam("forgotten"),
            sa.and_(
                t.heartbeat.c.seen_at < sa.bindparam("silent"),
                t.heartbeat.c.host == sa.bindparam("of_host"),
            ),
        )
    )
)
_ALL = sql(
    lambda: sa.select(t.heartbeat).order_by(
        t.heartbeat.c.host, t.heartbeat.c.gateway, t.heartbeat.c.part
    )
)


class PartState(Struct, frozen=True, kw_only=True):
    """A part of a gateway: `state` is starting, running, or down until it is started again."""

    part: str
    pid: int | None
    state: str
    restarts: int
    started_at: datetime | None


class GatewayState(Struct, frozen=True, kw_only=True):
    """A gateway and its parts, as it was at `seen_at`."""

    name: str
    host: str
    seen_at: datetime
    parts: tuple[PartState, ...]

    def is_alive(self, now: datetime) -> bool:
        """Was it seen lately?"""
        return now - self.seen_at <= SILENT

    def runs(self, kind: str) -> bool:
        """Did a part of this kind run, such as intake?"""
        return any(
            one.state == RUNNING and one.part.rstrip("0123456789") == kind for one in self.parts
        )


def note(tx: Tx, gateway: str, host: str, parts: Sequence[PartState]) -> None:
    """Note what a gateway's parts are now. Gateways of this host that have ended are forgotten."""
    now = clock.wall()
    tx.execute(_REMOVE, {"of_gateway": gateway})
    tx.execute(_FORGET, {"forgotten": now - _FORGOTTEN, "silent": now - SILENT, "of_host": host})
    rows = [
        {
            "gateway": gateway,
            "host": host,
            "part": one.part,
            "pid": one.pid,
            "state": one.state,
            "restarts": one.restarts,
            "started_at": one.started_at,
            "seen_at": now,
        }
        for one in parts
    ]
    tx.execute(_ADD, rows)


def note_again(tx: Tx, gateway: str) -> bool:
    """Note that nothing has changed; False if the database does not know the gateway."""
    return tx.execute(_SEEN, {"of_gateway": gateway, "now": clock.wall()}).rowcount > 0


def remove(tx: Tx, gateway: str) -> None:
    """Forget a gateway that stops, and remember when."""
    tx.execute(_REMOVE, {"of_gateway": gateway})
    meta.record(tx, meta.GATEWAY_STOPPED, clock.wall())


def gateways(tx: Tx) -> list[GatewayState]:
    """Every gateway that did not stop in order, running or not."""
    return [
        GatewayState(
            name=name,
            host=rows[0].host,
            seen_at=rows[0].seen_at,
            parts=tuple(
                PartState(
                    part=row.part,
                    pid=row.pid,
                    state=row.state,
                    restarts=row.restarts,
                    started_at=row.started_at,
                )
                for row in rows
            ),
        )
        for name, found in groupby(tx.execute(_ALL), attrgetter("gateway"))
        for rows in (list(found),)
    ]


def last_stop(tx: Tx) -> datetime | None:
    """When a gateway stopped in order last; None: none ever did."""
    return meta.last(tx, meta.GATEWAY_STOPPED)
