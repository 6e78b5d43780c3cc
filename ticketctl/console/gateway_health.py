"""Says whether gateways file and send the desk's mail, by their heartbeats."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ticketctl.clock import rfc3339
from ticketctl.console.times import ago
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.store.queues.heartbeats import GatewayState, PartState

_RUN = "start `ticketctl gateway serve`"
_WORK = {"intake": "files", "send": "sends"}


class GatewayHealth(NamedTuple):
    """What is known of all gateways. `stopped_at`: when one stopped in order last. `now` is the machine's time."""

    gateways: "Sequence[GatewayState]"
    stopped_at: datetime | None
    now: datetime

    @property
    def has_run(self) -> bool:
        """Did any gateway ever run?"""
        return bool(self.gateways) or self.stopped_at is not None

    @property
    def alive(self) -> "list[GatewayState]":
        """The gateways that run."""
        return [one for one in self.gateways if one.is_alive(self.now)]

    def works(self, kind: str) -> bool:
        """Does a gateway run that has a running part of this kind: intake, which files, or send?"""
        return any(one.runs(kind) for one in self.alive)

    def polled(self) -> set[str]:
        """The IMAP accounts that running gateways poll."""
        return {
            part.part.removeprefix("imap:")
            for one in self.alive
            for part in one.parts
            if part.part.startswith("imap:")
        }

    def trouble(self) -> str:
        """A sentence if no gateway files mail, or none sends it; else ""."""
        idle = [kind for kind in _WORK if not self.works(kind)]
        if not idle:
            return ""
        if not self.has_run:
            return f"no gateway has run for this desk yet; {_RUN} to file and send mail."
        what = " or ".join(_WORK[kind] for kind in idle)
        return f"no gateway {what} mail: {self._why(idle)}."

    def warnings(self) -> list[str]:
        """A sentence for each host whose gateway is gone, and each part that is down."""
        alive = self.alive
        hosts = {one.host for one in alive}
        gone = {one.host: one.seen_at for one in self.gateways if one.host not in hosts}
        found = [
            f"the gateway on {host} was last seen {self._ago(at)}."
            for host, at in gone.items()
            if alive  # or `trouble` says so
        ]
        for one in alive:
            found += [
                f"{part.part} on {one.host} {_standing(part)}."
                for part in one.parts
                if part.state != "running"
            ]
        return found

    def summary(self) -> str:
        """A sentence about the gateways that run."""
        names = ", ".join(one.host for one in self.alive)
        return f"mail is filed and sent on {names}."

    def lines(self) -> list[str]:
        """A line for each gateway and its parts."""
        found = []
        for one in self.gateways:
            parts = ", ".join(f"{part.part} {_standing(part)}" for part in one.parts)
            if not one.is_alive(self.now):
                parts = "does not run"
            found.append(terminal_line(f"{one.host}, seen {self._ago(one.seen_at)}: {parts}"))
        return found

    def shape(self) -> dict[str, object]:
        """All of it for programs."""
        return {
            "files": self.works("intake"),
            "sends": self.works("send"),
            "gateways": [
                {
                    "name": one.name,
                    "host": one.host,
                    "seen_at": rfc3339(one.seen_at),
                    "alive": one.is_alive(self.now),
                    "parts": [_part(part) for part in one.parts],
                }
                for one in self.gateways
            ],
            "gateway_stopped_at": self.stopped_at and rfc3339(self.stopped_at),
        }

    def _why(self, idle: Sequence[str]) -> str:
        alive = self.alive
        if alive:
            standing = [
                f"{part.part} on {one.host} {_standing(part)}"
                for one in alive
                for part in one.parts
                if part.part.startswith(tuple(idle))
            ]
            return ", ".join(standing) + "; the gateway's log says why"
        last = max(self.gateways, key=lambda one: one.seen_at, default=None)
        if last is None or (self.stopped_at and self.stopped_at > last.seen_at):
            assert self.stopped_at
            return f"the last one stopped {self._ago(self.stopped_at)}; {_RUN}"
        return f"the one on {last.host} was last seen {self._ago(last.seen_at)}; {_RUN} there"

    def _ago(self, at: datetime) -> str:
        return ago(min(at, self.now), self.now).replace("now", "just now")


def _standing(part: "PartState") -> str:
    times = "once" if part.restarts == 1 else f"{part.restarts} times"
    again = f" (restarted {times})" if part.restarts else ""
    return ("runs" if part.state == "running" else f"is {part.state}") + again


def _part(part: "PartState") -> dict[str, object]:
    return {
        "part": part.part,
        "state": part.state,
        "pid": part.pid,
        "started_at": part.started_at and rfc3339(part.started_at),
        "restarts": part.restarts,
    }
