"""A ticket's past by its own history: what stands of it, and what it was at any instant.

Read from `export --format json --messages` and `history --json` alone.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from typing import Any

from tests.figures.hours import stamp

ACTIVE = frozenset({"new", "open", "waiting", "escalated"})
ENDED = frozenset({"resolved", "closed"})
ASIDE = frozenset({"spam", "merged"})  # counted nowhere while it is so
AUTOMATIC = frozenset({"gateway", "rule", "sla"})

Line = dict[str, Any]


def standing(history: list[Line]) -> list[Line]:
    """The lines that nobody took back. An undo that overrode somebody's later change is a change itself."""
    gone: set[int] = set()
    for back in (one for one in history if one["type"] == "undone"):
        for line in reversed(history):
            mine = (
                line["group"] == back["group"] and line["n"] < back["n"] and line["n"] not in gone
            )
            if mine and _takes_back(back, line) and not _overrode(back, line, history, gone):
                gone |= {line["n"], back["n"]}
                break
    return [one for one in history if one["n"] not in gone]


def _takes_back(back: Line, line: Line) -> bool:
    if line["type"] == "undone" or line["field"] != back["field"]:
        return False
    if (
        line["field"] is None
    ):  # a ticket that is taken back is spam, or merged into what it was split from
        return False
    if line["field"] in ("message", "comment"):
        return bool(line["new"] == back["new"])
    return bool(line["new"] == back["old"])


def _overrode(back: Line, line: Line, history: list[Line], gone: set[int]) -> bool:
    """Did others change the field after the line, so that what is taken back is theirs too?"""
    if line["field"] in ("message", "comment"):
        return False
    between = [one for one in history if line["n"] < one["n"] < back["n"]]
    theirs = [one for one in between if one["field"] == line["field"] and one["n"] not in gone]
    return any(one["group"] != line["group"] for one in theirs)


class Past:
    """One ticket; `told` is its export, `history` its lines."""

    def __init__(self, told: dict[str, Any], history: list[Line]) -> None:
        self.id: int = told["id"]
        self.told, self.history = told, [one | {"at_": stamp(one["at"])} for one in history]
        self.lines = standing(self.history)
        self.messages: dict[int, dict[str, Any]] = {one["n"]: one for one in told["messages"]}
        self.created = stamp(told["created_at"])
        made = next(one for one in self.lines if one["type"] == "created")
        self.made: int = made["at_"]  # later than `created` for one split off
        self.split_off = self.made != self.created or any(
            one["field"] == "split from" and one["group"] == made["group"] for one in history
        )

    @cached_property
    def groups(self) -> list[tuple[int, list[Line]]]:
        """What each command did, oldest first."""
        key = lambda one: (one["group"], one["at_"])  # noqa: E731
        return [(key[1], list(lines)) for key, lines in groupby(self.lines, key)]

    def remember(self, pasts: "dict[int, Past]") -> None:
        """Know the messages again that were split off since."""
        for line in self.lines:
            if line["type"] == "split" and line["new"] in pasts:
                for there, here in enumerate(line["old"], 1):
                    self.messages[here] = pasts[line["new"]].messages[there]

    def was(self, field: str, at: int) -> Any:
        """What a field was at an instant, whatever was taken back later."""
        return self._value(self.history, field, at)

    def stood(self, field: str, at: int) -> Any:
        """The same without what was taken back."""
        return self._value(self.lines, field, at)

    def changes(self, field: str) -> list[int]:
        """When a field changed, but for what was taken back."""
        return [one["at_"] for one in self.lines if one["field"] == field]

    def _value(self, lines: list[Line], field: str, at: int) -> Any:
        changes = [one for one in lines if one["field"] == field]
        value = changes[0]["old"] if changes else self.told.get(field)
        for one in changes:
            if one["at_"] <= at:
                value = one["new"]
        return value

    def heard(self, line: Line) -> bool:
        """Is this the line of a message that a person wrote to us?"""
        if line["type"] != "message" or line["field"] != "message":
            return False
        one = self.messages.get(line["new"])
        return one is not None and one["direction"] == "in" and one["class"] == "human"

    def answered(self, line: Line) -> bool:
        """Is this the line of a public answer by a person of ours?"""
        return bool(line["type"] == "replied" and line["actor"] not in AUTOMATIC)

    def target(self, at: int) -> int | None:
        """The ticket that it is merged into at an instant."""
        if self.was("status", at) != "merged":
            return None
        into = [one["new"] for one in self.lines if one["field"] == "into" and one["at_"] <= at]
        return int(into[-1]) if into else None

    def replies(self, until: int) -> list[int]:
        """When we answered, of what still is in the ticket at that time."""
        left = {
            n
            for line in self.lines
            if line["type"] == "split" and line["at_"] <= until
            for n in line["old"]
        }
        found = [
            one["at_"]
            for one in self.lines
            if self.answered(one) and one["at_"] <= until and one["new"] not in left
        ]
        return [*(at for at in self.brought if at <= until), *found]

    def awaits(self, at: int) -> str:
        """Who must act at an instant, if it is active: by the last public message."""
        if self.was("status", at) == "waiting":
            return "customer"
        left = {
            n
            for line in self.lines
            if line["type"] == "split" and line["at_"] <= at
            for n in line["old"]
        }
        who = "agent"
        for n, one in self.messages.items():
            first = stamp(one["at"]) <= self.made and one["class"] == "human"
            if first and n not in self._told and n not in left:
                who = "agent" if one["direction"] == "in" else "customer"
        for line in self.lines:
            if line["at_"] > at or (line["field"] == "message" and line["new"] in left):
                continue
            if self.answered(line) or self.heard(line):
                who = "customer" if self.answered(line) else "agent"
        return who

    @cached_property
    def _told(self) -> set[int]:
        """The messages that came by a line of their own."""
        return {one["new"] for one in self.lines if one["field"] == "message"}

    @cached_property
    def brought(self) -> list[int]:
        """The answers that were there when the ticket was made: not by a line of their own."""
        return [
            stamp(one["at"])
            for n, one in self.messages.items()
            if one["direction"] == "out" and one["class"] == "human" and n not in self._told
            and one["delivery"] != "cancelled" and stamp(one["at"]) <= self.made
        ]  # fmt: skip

    @cached_property
    def ours(self) -> bool:
        """Did somebody of ours open it with a message to the customer?"""
        first = [one for one in self.lines if one["at_"] == self.made and self.answered(one)]
        return not self.split_off and bool(first or self.brought)

    def resolutions(self, until: int) -> list[int]:
        """When it was resolved or closed; a merge, an unmerge and an undo are none."""
        return [at for at, old, new in self._turns(until) if old in ACTIVE and new in ENDED]

    def reopenings(self, until: int) -> list[int]:
        """When it was reopened, also by a question that a merge brought."""
        return [at for at, old, new in self._turns(until) if old in ENDED and new in ACTIVE]

    def _turns(self, until: int) -> Iterator[tuple[int, str, str]]:
        """What a merge did and an unmerge took back is no turn, nor is either an unmerge or an undo."""
        told = [one for one in self.lines if one["field"] == "status" and one["at_"] <= until]
        back = [one for one in told if one["type"] == "unmerged"]
        for one in told:
            parted = one["type"] == "merged" and any(
                two["n"] > one["n"] and (two["old"], two["new"]) == (one["new"], one["old"])
                for two in back
            )
            if one["type"] not in ("unmerged", "undone") and not parted:
                yield one["at_"], one["old"], one["new"]

    def aside(self, at: int) -> bool:
        """Is it spam or merged at an instant?"""
        return self.was("status", at) in ASIDE
