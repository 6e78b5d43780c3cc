"""Parses and screens a mail. Needs no database, so a worker may be killed here without losing anything."""

import socket
from fnmatch import fnmatchcase

from msgspec.structs import replace

from gateway.auth.relays import is_trusted
from gateway.intake.analysed_mail import AnalysedMail
from gateway.parse.mail import WHOLE, Mail, Part
from gateway.parse.parse import parse, parse_head
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.screen import screen
from ticketctl.domain.base import size
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import InboxRow
from ticketctl.settings.table import Gateway, Settings

ONLY_HEAD = (
    "[This mail of {size} is too large: only its head is here, the mail stays in its folder.]"
)
TOO_COSTLY = (
    "[This mail takes too long to read: only its head is here, the whole mail is attached.]"
)
_MAX_NAMED = 5  # attachments that are left out


def analyse(row: InboxRow, raw: bytes, settings: Settings, instance: str) -> AnalysedMail:
    """Parse and screen a mail."""
    mail = parse(raw)
    head_only = row.size > len(raw)
    if head_only:
        shown = replace(mail, text=ONLY_HEAD.format(size=size.show(row.size)), parts=())
    else:
        shown = without_unwanted(mail, settings.gateway)
    return AnalysedMail(
        row, shown, screen(mail, _envelope(row, settings, instance), raw), head_only
    )


def analyse_head(row: InboxRow, raw: bytes, settings: Settings, instance: str) -> AnalysedMail:
    """Parse and screen only the head of a mail that takes too long to read, and attach the whole mail.

    Its text is for a person: it gives no commands and gets no automatic answer.
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
    return AnalysedMail(row, shown, quiet, head_only=row.size > len(raw), too_costly=True)


def _envelope(row: InboxRow, settings: Settings, instance: str) -> ScreenEnvelope:
    return ScreenEnvelope(
        envelope_from=row.envelope_from,
        recipients=row.recipients,
        remote=row.remote,
        authenticated=bool(row.authenticated),
        trusted=from_relay(row, settings),
        instance=instance,
        own_hosts=(socket.gethostname(),),
    )


def without_unwanted(mail: Mail, gateway: Gateway) -> Mail:
    """Leave out attachments that are too large or blocked, and name them in the text (J4, J6)."""
    unwanted = {part.path: why for part in mail.parts if (why := _unwanted(part, gateway))}
    if not unwanted:
        return mail
    some = [part for part in mail.parts if part.path in unwanted]
    named = ", ".join(
        f"{p.name} ({size.show(p.size)}, {unwanted[p.path]})" for p in some[:_MAX_NAMED]
    )
    more = f" and {len(some) - _MAX_NAMED} more" if len(some) > _MAX_NAMED else ""
    note = f"[Not listed as attachments, only in the raw mail: {named}{more}.]"
    parts = tuple(part for part in mail.parts if part.path not in unwanted)
    return replace(mail, text=f"{note}\n\n{mail.text}".rstrip(), parts=parts)


def _unwanted(part: Part, gateway: Gateway) -> str:
    if part.size > gateway.max_attachment_size:
        return "too large"
    name = part.name.lower()
    blocked = any(fnmatchcase(name, one.lower()) for one in gateway.blocked_attachments)
    return "blocked" if blocked else ""


def from_relay(row: InboxRow, settings: Settings) -> bool:
    """Did a trusted relay deliver it? Mail by IMAP or a pipe always came through one."""
    return row.via in ("imap", "pipe") or is_trusted(row.remote, settings.gateway.trusted_relays)
