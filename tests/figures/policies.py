"""The service levels of every version of the desk."""

from typing import Any

from tests.figures.hours import Hours


class Policies:
    """The service levels of every version of the desk, by `gold@3`."""

    def __init__(self, versions: dict[int, dict[str, Any]]) -> None:
        self.versions, self._hours = versions, dict[tuple[int, str], Hours]()

    def of(self, reference: str) -> dict[str, Any]:
        """A policy as `desk show --json` prints it."""
        name, _, version = reference.rpartition("@")
        return next(one for one in self.versions[int(version)]["slas"] if one["name"] == name)

    def hours(self, reference: str | None) -> Hours:
        """Its calendar; around the clock without a policy or a calendar."""
        if reference is None:
            return Hours(None)
        key = (int(reference.rpartition("@")[2]), self.of(reference)["calendar"])
        if key not in self._hours:
            told = (one for one in self.versions[key[0]]["calendars"] if one["name"] == key[1])
            self._hours[key] = Hours(next(told, None))
        return self._hours[key]

    def target(self, reference: str | None, priority: str, kind: str) -> int | None:
        """The seconds that a clock may run."""
        if reference is None:
            return None
        targets = self.of(reference)["targets"]
        for key in (priority, "default"):
            if targets.get(key, {}).get(kind) is not None:
                return int(targets[key][kind])
        return None

    def pauses(self, reference: str, kind: str) -> list[str]:
        """The statuses in which it stands still."""
        said = self.of(reference)["pause"]
        if isinstance(said, dict):
            return list(said.get(kind, ()))
        return list(said) if kind == "resolve" else []
