"""Parses a JSON line that is a message of a channel (docs/json.md), strictly: nothing is guessed."""

from base64 import b64decode
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from gateway.parse.language import guess
from ticketctl.actions.mail.outgoing_attachments import NewAttachment
from ticketctl.actions.tickets.channel_messages import author
from ticketctl.actions.tickets.receive_channel import Contact
from ticketctl.domain.base import identity
from ticketctl.domain.base.identity import Identity
from ticketctl.domain.formats.transcript import OUT, ChatMessage
from ticketctl.errors import BadInput
from ticketctl.safe import filename
from ticketctl.store.db.values import storable
from ticketctl.write_guard import never_in_a_write

MAX_DEPTH = 50
"""Levels of lists and objects in a line; limited because the parser is recursive."""


class LineCustomer(Struct, frozen=True, forbid_unknown_fields=True):
    """The customer who wrote: their name, and one identity."""

    name: str = ""
    email: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    identity: str | UnsetType = UNSET  # as typed: twitter:@ana


class LineAttachment(Struct, frozen=True, forbid_unknown_fields=True):
    """A file; `data` is its content in base64."""

    name: str
    data: str
    type: str = "application/octet-stream"


class MessageLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message of a channel."""

    channel: str  # one of records.CHANNELS
    text: str = ""
    id: str | int | None = None
    customer: LineCustomer | str | None = None
    subject: str = ""
    at: datetime | None = None
    direction: Literal["in", "out"] = "in"
    agent: str = ""
    visibility: Literal["public", "private"] = "private"
    permalink: str | None = None
    thread: str | int | None = None
    in_reply_to: str | int | None = None
    mailbox: str = ""
    segment: str = ""
    type: str | None = None
    tags: tuple[str, ...] = ()
    fields: dict[str, Any] = {}
    language: str | None = None
    attachments: tuple[LineAttachment, ...] = ()


def decode(raw: bytes) -> dict[str, object]:
    """Decode a line into a JSON object, with text that both databases can store; BadInput if it is not one."""
    try:
        found = msgspec.json.decode(raw)
    except UnicodeDecodeError:
        raise BadInput("it is not UTF-8.") from None
    except msgspec.ValidationError as wrong:
        raise BadInput(f"{wrong}.") from None
    except (msgspec.DecodeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput("it is not a JSON object.")
    return {storable(key): _clean(value, MAX_DEPTH - 1) for key, value in found.items()}


def sender(raw: bytes) -> str:
    """Return the author for the inbox: an address or `kind:value`; "" if there is none or it is invalid."""
    try:
        who = read(raw).who
    except BadInput:
        return ""
    return author(who) if who else ""


def with_channel(raw: bytes, channel: str) -> bytes:
    """Add the channel to a line that lacks it. Answers to surveys have none and stay as they are."""
    keys = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    if "channel" in keys or "survey" in keys:
        return raw
    prefix = b'{"channel":' + msgspec.json.encode(channel)
    rest = raw.strip()[1:].lstrip()
    return prefix + (b"" if rest.startswith(b"}") else b",") + rest


@never_in_a_write
def read(raw: bytes) -> Contact:
    """Parse a message. BadInput says what is wrong and where (`$.customer.email`)."""
    try:
        line = msgspec.convert(decode(raw), MessageLine)
    except msgspec.MsgspecError as wrong:
        raise BadInput(f"{wrong}.") from None
    if not (line.text.strip() or line.attachments):
        raise BadInput("it has neither text nor attachments.")
    if line.agent and line.direction != OUT:
        raise BadInput('"agent" needs "direction": "out".')
    who, name = customer(line.customer)
    message = ChatMessage(
        text=line.text,
        name="" if line.direction == OUT else name,
        at=utc(line.at),
        direction=line.direction,
        author=line.agent,
    )
    return Contact(
        channel=line.channel,
        said=message,
        who=who,
        id=id_of(line.id),
        thread=id_of(line.thread),
        in_reply_to=id_of(line.in_reply_to),
        subject=line.subject,
        visibility=line.visibility,
        permalink=line.permalink,
        mailbox=line.mailbox,
        segment=line.segment,
        type=line.type,
        tags=line.tags,
        fields=line.fields,
        language=line.language or guess(line.text),
        attachments=tuple(map(_file, line.attachments)),
    )


def _clean(value: object, levels: int) -> object:
    if isinstance(value, str):
        return storable(value)
    if not isinstance(value, list | dict):
        return value
    if levels == 0:
        raise BadInput(f"it is nested more than {MAX_DEPTH} levels deep.")
    if isinstance(value, list):
        return [_clean(one, levels - 1) for one in value]
    return {storable(key): _clean(one, levels - 1) for key, one in value.items()}


def customer(given: LineCustomer | str | None) -> tuple[Identity | None, str]:
    """Return identity and name of a customer; None if not given. BadInput unless there is exactly one identity."""
    if given is None:
        return None, ""
    if isinstance(given, str):
        return identity.parse(given), ""
    found = [
        identity.of(kind, value)
        for kind, value in ((identity.EMAIL, given.email), (identity.PHONE, given.phone))
        if value is not UNSET
    ]
    if given.identity is not UNSET:
        found.append(identity.parse(given.identity))
    if len(found) != 1:
        raise BadInput(
            "give exactly one of email, phone and identity for a customer; "
            "`ticketctl customer link` adds others."
        )
    return found[0], " ".join(given.name.split())


def id_of(given: str | int | None) -> str:
    """Return an id of another program as text, "" for none."""
    return "" if given is None else str(given).strip()


def utc(at: datetime | None) -> datetime | None:
    """Convert a time to UTC, to the second; BadInput for one without a time zone."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise BadInput(f"the time {at.isoformat()} needs a time zone, such as …Z - at `$.at`.")
    try:
        return at.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise BadInput(f"the time {at.isoformat()} is not valid in UTC - at `$.at`.") from None


def _file(given: LineAttachment) -> NewAttachment:
    try:
        return NewAttachment(filename(given.name), given.type, b64decode(given.data, validate=True))
    except ValueError:
        raise BadInput(
            f"the content of {given.name!r} is not base64 - at `$.attachments`."
        ) from None
