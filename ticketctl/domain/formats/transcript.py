"""Reads chat transcripts: lines `[HH:MM] name: text`, or JSON."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ticketctl.errors import BadInput

IN, OUT = "in", "out"

_LINE = re.compile(
    r"\[(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}):(\d{2})(?::(\d{2}))?\]\s*([^:\s][^:\n]{0,99}):(?: (.*)|)"
)


class ChatMessage(Struct, frozen=True, kw_only=True):
    """A message of a chat. `at` None: the time is unknown; `direction` None: the side is unknown."""

    text: str
    name: str = ""
    at: datetime | None = None
    direction: str | None = None
    author: str = ""  # on our side: the agent's name


class _Json(Struct, frozen=True, forbid_unknown_fields=True):
    """A message of a transcript in JSON."""

    text: str
    name: str = ""
    at: datetime | None = None
    direction: Literal["in", "out"] | None = None


def read(text: str, now: datetime, zone: tzinfo) -> tuple[ChatMessage, ...]:
    """The messages in order of time; none if the text is no transcript. BadInput for JSON of another shape.

    Times of day are in `zone`; the last one is the latest possible before `now`.
    """
    start = text.lstrip()[:1]
    if start in ("[", "{") and not _LINE.match(text.lstrip()):
        said = [_of_json(one) for one in _json(text)]
    else:
        said = _of_text(text, now, zone)
    if all(one.at for one in said):  # sorted() keeps the order within a minute
        said = sorted(said, key=lambda one: one.at or now)
    return tuple(replace(one, at=min(one.at, now)) if one.at else one for one in said)


def sides(
    said: Sequence[ChatMessage], customer: Collection[str], agents: Mapping[str, str]
) -> tuple[ChatMessage, ...]:
    """The same messages with every direction filled in.

    `customer` are the names of the customer, `agents` maps names to agents, all casefolded. If the customer is among
    the speakers, everybody else is on our side; otherwise only agents are.
    """
    known = any(one.name.casefold() in customer for one in said)

    def placed(one: ChatMessage) -> ChatMessage:
        name = one.name.casefold()
        agent = agents.get(name, "")
        ours = name not in customer and bool(known or agent)
        direction = one.direction or (OUT if ours else IN)
        return replace(one, direction=direction, author=agent if direction == OUT else "")

    return tuple(map(placed, said))


def _json(text: str) -> list[_Json]:
    """Read an array of messages, or an object a line."""
    try:
        if text.lstrip().startswith("["):
            return msgspec.json.decode(text, type=list[_Json])
        decoder = msgspec.json.Decoder(_Json)
        return [decoder.decode(line) for line in text.splitlines() if line.strip()]
    except msgspec.MsgspecError as wrong:
        raise BadInput(f"the JSON of the transcript has the wrong shape: {wrong}.") from None


def _of_json(one: _Json) -> ChatMessage:
    if one.at is not None and one.at.tzinfo is None:
        raise BadInput(f"the time {one.at.isoformat()} of the transcript needs a zone, as …Z.")
    try:
        at = one.at and one.at.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise BadInput(f"the time {one.at} of the transcript is not valid in UTC.") from None
    return ChatMessage(text=one.text, name=one.name.strip(), at=at, direction=one.direction)


def _of_text(text: str, now: datetime, zone: tzinfo) -> list[ChatMessage]:
    """Read text lines; a line that does not begin a message continues the one before, a heading the first."""
    found: list[tuple[re.Match[str], list[str]]] = []
    heading: list[str] = []
    for line in text.splitlines():
        if match := _LINE.fullmatch(line):
            found.append((match, [match[6] or ""]))
        else:
            (found[-1][1] if found else heading).append(line)
    if not found:
        return []
    found[0][1][:0] = heading
    times = _times([match for match, _ in found], now, zone)
    return [
        ChatMessage(text="\n".join(lines).strip(), name=match[5].strip(), at=at)
        for (match, lines), at in zip(found, times, strict=True)
    ]


def _times(matches: Sequence[re.Match[str]], now: datetime, zone: tzinfo) -> list[datetime]:
    """When each line was written: by its date, else by the days before the last line."""
    try:
        clocks = [time(int(m[2]), int(m[3]), int(m[4] or 0)) for m in matches]
        dates = [datetime.fromisoformat(m[1]).date() if m[1] else None for m in matches]
    except ValueError as wrong:
        raise BadInput(f"a time of the transcript is not valid: {wrong}.") from None
    today = now.astimezone(zone)
    day = today.date() - timedelta(days=int(clocks[-1] > today.time()))
    days = [day]
    for later, earlier in pairwise(reversed(clocks)):
        day -= timedelta(days=int(earlier > later))
        days.append(day)
    return [
        datetime.combine(date or guessed, clock, zone).astimezone(UTC)
        for date, guessed, clock in zip(dates, reversed(days), clocks, strict=True)
    ]
