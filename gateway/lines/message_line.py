"""One JSON line as it is written (docs/json.md), read strictly: what is wrong is a sentence, nothing is guessed."""

from base64 import b64decode
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from gateway.parse.language import guess
from ticketctl.actions.mail.filing import NewAttachment
from ticketctl.actions.tickets.channel_messages import author
from ticketctl.actions.tickets.receive_channel import Contact
from ticketctl.domain.base import identity
from ticketctl.domain.base.identity import Identity
from ticketctl.domain.formats.transcript import OUT, ChatMessage
from ticketctl.errors import BadInput
from ticketctl.safe import filename
from ticketctl.store.db.columns import storable
from ticketctl.write_guard import never_in_a_write

DEEPEST = 50
"""Levels of lists and objects in a line: no channel needs more, and what reads them is recursive."""


class Customer(Struct, frozen=True, forbid_unknown_fields=True):
    """Who wrote: one identity of his, and his name."""

    name: str = ""
    email: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    identity: str | UnsetType = UNSET  # as people type it: twitter:@ana


class Attachment(Struct, frozen=True, forbid_unknown_fields=True):
    """A file; `data` is its content in base64."""

    name: str
    data: str
    type: str = "application/octet-stream"


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message of a channel."""

    channel: str  # a word of records.CHANNELS
    text: str = ""
    id: str | int | None = None
    customer: Customer | str | None = None
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
    attachments: tuple[Attachment, ...] = ()


def decoded(raw: bytes) -> dict[str, object]:
    """The JSON object that a line is, its text as both databases can keep it; BadInput where it is none."""
    try:
        found = msgspec.json.decode(raw)
    except UnicodeDecodeError:
        raise BadInput("it is not UTF-8.") from None
    except msgspec.ValidationError as wrong:
        raise BadInput(f"{wrong}.") from None
    except (msgspec.DecodeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput("it is no JSON object.")
    return {storable(key): _clean(value, DEEPEST - 1) for key, value in found.items()}


def sender(raw: bytes) -> str:
    """Who wrote a line, as the inbox lists it: an address or `kind:value`; "" where it does not say so rightly."""
    try:
        who = read(raw).who
    except BadInput:
        return ""
    return author(who) if who else ""


def with_channel(raw: bytes, channel: str) -> bytes:
    """An object that says its channel, as it was if it did already or is an answer to a survey, which has none."""
    keys = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    if "channel" in keys or "survey" in keys:
        return raw
    said = b'{"channel":' + msgspec.json.encode(channel)
    rest = raw.strip()[1:].lstrip()
    return said + (b"" if rest.startswith(b"}") else b",") + rest


@never_in_a_write
def read(raw: bytes) -> Contact:
    """What a line says. BadInput with what is wrong and where (`$.customer.email`)."""
    try:
        line = msgspec.convert(decoded(raw), Line)
    except msgspec.MsgspecError as wrong:
        raise BadInput(f"{wrong}.") from None
    if not (line.text.strip() or line.attachments):
        raise BadInput("it has neither text nor attachments.")
    if line.agent and line.direction != OUT:
        raise BadInput('only a line with "direction": "out" is of an agent.')
    who, name = customer(line.customer)
    said = ChatMessage(
        text=line.text,
        name="" if line.direction == OUT else name,
        at=utc(line.at),
        direction=line.direction,
        author=line.agent,
    )
    return Contact(
        channel=line.channel,
        said=said,
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
        raise BadInput(f"it is nested more than {DEEPEST} levels deep.")
    if isinstance(value, list):
        return [_clean(one, levels - 1) for one in value]
    return {storable(key): _clean(one, levels - 1) for key, one in value.items()}


def customer(given: Customer | str | None) -> tuple[Identity | None, str]:
    """The one identity and the name of a customer; None for nobody. BadInput for none or several."""
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
            "a customer is named by one of email, phone and identity; "
            "`ticketctl customer link` gives him more of them."
        )
    return found[0], " ".join(given.name.split())


def id_of(given: str | int | None) -> str:
    """An id of another program as text, "" for none."""
    return "" if given is None else str(given).strip()


def utc(at: datetime | None) -> datetime | None:
    """A time in UTC, to the second; BadInput for one without a zone."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise BadInput(f"the time {at.isoformat()} needs a zone, as …Z - at `$.at`.")
    try:
        return at.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise BadInput(f"the time {at.isoformat()} is none in UTC - at `$.at`.") from None


def _file(given: Attachment) -> NewAttachment:
    try:
        return NewAttachment(filename(given.name), given.type, b64decode(given.data, validate=True))
    except ValueError:
        raise BadInput(
            f"the content of {given.name!r} is not base64 - at `$.attachments`."
        ) from None
