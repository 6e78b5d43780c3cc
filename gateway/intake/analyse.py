"""A mail understood as far as the mail itself goes: parsed and screened. Needs no database.

Whoever does it may be killed at any time; nothing is lost but the work.
"""

import socket
from fnmatch import fnmatchcase

from msgspec.structs import replace

from gateway.auth.relays import is_trusted
from gateway.intake.verdict import Prepared
from gateway.parse.mail import WHOLE, Mail, Part
from gateway.parse.parse import parse, parse_head
from gateway.receive.pipe import NULL_SENDER
from gateway.screen.envelope import Envelope
from gateway.screen.screen import screen
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import InboxRow
from ticketctl.settings.table import Gateway, Settings

ONLY_HEAD = "[This mail of {size} is larger than what is taken: only its head is here, it stays in its folder.]"
TOO_COSTLY = "[This mail takes too long to read: only its head is here, the whole mail is attached as it came.]"
_NAMED = 5  # attachments beyond the limit


def prepare(
    row: InboxRow,
    raw: bytes,
    settings: Settings,
    instance: str,
) -> Prepared:
    """Parse and screen."""
    mail = parse(raw)
    cut = row.size > len(raw)
    if cut:
        shown = replace(mail, text=ONLY_HEAD.format(size=megabytes(row.size)), parts=())
    else:
        shown = within(mail, settings.gateway)
    return Prepared(row, shown, screen(mail, _envelope(row, settings, instance), raw), cut)


def unread(row: InboxRow, raw: bytes, settings: Settings, instance: str) -> Prepared:
    """A mail that takes too long to read, as far as its head tells, with all of it attached.

    It commands nothing, and no machine answers it: what it says is for a person.
    """
    mail = parse_head(raw)
    screening = screen(mail, _envelope(row, settings, instance))
    source = Part(
        path=WHOLE,
        name="mail.eml",
        type="application/octet-stream",
        size=len(raw),
        sha256=row.sha256,
        inline=False,
    )
    shown = replace(mail, text=TOO_COSTLY, parts=(source,), content_hash=row.sha256)
    quiet = replace(
        screening,
        flags=replace(screening.flags, may_ack=False),
        hits=(*screening.hits, reason("too-costly")),
    )
    return Prepared(row, shown, quiet, cut=row.size > len(raw), unread=True)


def _envelope(row: InboxRow, settings: Settings, instance: str) -> Envelope:
    return Envelope(
        envelope_from=_envelope_from(row),
        recipients=row.recipients,
        remote=row.remote,
        authenticated=bool(row.authenticated),
        trusted=from_relay(row, settings),
        instance=instance,
        own_hosts=(socket.gethostname(),),
    )


def within(mail: Mail, gateway: Gateway) -> Mail:
    """The mail without attachments that are too large or of a kind nobody wants; its text names them (J4, J6)."""
    beyond = {part.path: why for part in mail.parts if (why := _unwanted(part, gateway))}
    if not beyond:
        return mail
    some = [part for part in mail.parts if part.path in beyond]
    named = ", ".join(f"{p.name} ({megabytes(p.size)}, {beyond[p.path]})" for p in some[:_NAMED])
    more = f" and {len(some) - _NAMED} more" if len(some) > _NAMED else ""
    note = f"[Not listed as attachments, only in the raw mail: {named}{more}.]"
    parts = tuple(part for part in mail.parts if part.path not in beyond)
    return replace(mail, text=f"{note}\n\n{mail.text}".rstrip(), parts=parts)


def _unwanted(part: Part, gateway: Gateway) -> str:
    if part.size > gateway.max_attachment_size:
        return "too large"
    name = part.name.lower()
    blocked = any(fnmatchcase(name, one.lower()) for one in gateway.blocked_attachments)
    return "not wanted here" if blocked else ""


def megabytes(count: int) -> str:
    """Bytes for people: 0.4 MB, 2100.0 MB."""
    return f"{count / 1e6:.1f} MB"


def _envelope_from(row: InboxRow) -> str | None:
    """The envelope sender; None where no door saw one, "" for a null sender."""
    if row.via in ("imap", "pipe"):
        return {"": None, NULL_SENDER: ""}.get(row.envelope_from, row.envelope_from)
    return row.envelope_from


def from_relay(row: InboxRow, settings: Settings) -> bool:
    """Did one of our own relays hand it over? A mailbox of ours and a local pipe are behind one."""
    return row.via in ("imap", "pipe") or is_trusted(row.remote, settings.gateway.trusted_relays)
