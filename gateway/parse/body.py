"""Sorts the leaves of a mail into text and attachments (H9-H13, H28, J8, J9), decoding each once."""

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from gateway.parse import attachment_names, binary, html, invitation, signed, unpack
from gateway.parse.alternatives import Piece, choose
from gateway.parse.charsets import decode
from gateway.parse.clean_text import storable
from gateway.parse.flowed import unflow
from gateway.parse.head import split
from gateway.parse.headers import raw_text
from gateway.parse.limits import Limits
from gateway.parse.mail import Part
from gateway.parse.tnef import Unpacked
from gateway.parse.tree import Leaf, build, leaves

_TEXT_TYPES = {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"}
_SHOWN_IF_NAMED = {"text/plain", "text/html"}
_MESSAGES = {"message/rfc822", "message/global"}
# Signatures and copies of the text: kept, but hidden like inline images (J9).
_CLUTTER = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "text/x-amp-html",
}
_CID = re.compile(r"cid:([^\s\"'<>)]{1,998})", re.IGNORECASE)
_MAX_CALENDARS = 5  # that are described in the text
_MAX_NAMED = 5  # attachments beyond the limit
_ARMOUR = "-----BEGIN PGP MESSAGE-----"
_ENCRYPTED = "[This mail is encrypted and cannot be read here; its parts are attached.]"


class Body(Struct):
    """Text, HTML and attachments of a mail."""

    text: str
    html: str | None
    parts: tuple[Part, ...]
    defects: list[str]


class _Reader:
    """Collects text and attachments in one pass over the leaves."""

    def __init__(self, limits: Limits, likely: str | None) -> None:
        self.limits = limits
        self.likely = likely
        self.pieces: list[Piece] = []
        self.named: list[
            tuple[Piece, Part]
        ] = []  # texts with a file name: the text if there is no other
        self.spare: list[Piece] = []  # the body of a winmail.dat: the text if there is no other
        self.parts: list[Part] = []
        self.defects: list[str] = []
        self.calendars = 0
        self.notes: list[str] = []  # notes for the reader, before the text

    def take(self, leaf: Leaf) -> None:
        content, defect = leaf.entity.content()
        if defect:
            self.defects.append(f"Part {leaf.path}: {defect}")
        self._take_notes(leaf, content)
        text = is_text(leaf)
        if text and binary.is_binary(content, leaf.entity.params.get("charset")):
            self.parts.append(_part(leaf, content, self.limits, "application/octet-stream"))
            return
        inner = unpack.unpack(content, is_text=text)
        if inner is not None:
            content = inner[1]
            self._take_packed(leaf, inner[0])
            if not text and not inner[0].files:
                self.parts.append(_part(leaf, leaf.entity.content()[0], self.limits))
        if text:
            self._take_text(leaf, content)
        elif content:
            self.parts.append(_part(leaf, content, self.limits))
            if is_named_text(leaf) and len(content) <= self.limits.text_bytes:
                self.named.append((_piece(leaf, content, self.likely), self.parts[-1]))

    def take_named(self) -> list[Piece]:
        """Return the first text that has a file name, which is then no attachment; none if it is blank."""
        for piece, part in self.named:
            if piece.text.strip():
                self.parts.remove(part)
                return [piece]
        return []

    def listed(self) -> list[Part]:
        """Return the attachments within the limit; the others are named in a note (J4)."""
        most = self.limits.attachments
        beyond = self.parts[most:]
        if beyond:
            named = ", ".join(f"{part.name} ({part.size} bytes)" for part in beyond[:_MAX_NAMED])
            more = f" and {len(beyond) - _MAX_NAMED} more" if len(beyond) > _MAX_NAMED else ""
            self._note(f"[Not listed as attachments, only in the raw mail: {named}{more}.]")
        return self.parts[:most]

    def _take_notes(self, leaf: Leaf, content: bytes) -> None:
        entity = leaf.entity
        if leaf.parent == "encrypted" or (signed.is_smime(leaf) and signed.is_encrypted(content)):
            self._note(_ENCRYPTED)
        elif entity.type in invitation.TYPES and self.calendars < _MAX_CALENDARS:
            self.calendars += 1
            self._note(invitation.line(content, entity.params.get("charset")))
        elif entity.type == "message/partial":
            self._note("[This is one piece of a mail that was sent in several; it is attached.]")
        elif entity.type == "message/external-body":
            self._note("[A part of this mail lies elsewhere and was not fetched.]")

    def _note(self, note: str) -> None:
        if note and note not in self.notes:
            self.notes.append(note)

    def _take_text(self, leaf: Leaf, content: bytes) -> None:
        limit = self.limits.text_bytes
        self.pieces.append(_piece(leaf, content[:limit], self.likely))
        if len(content) > limit:
            self.parts.append(_part(leaf, content, self.limits))
            self.defects.append(f"Part {leaf.path}: the text is too long: cut, and attached whole.")

    def _take_packed(self, leaf: Leaf, inner: Unpacked) -> None:
        for number, file in enumerate(inner.files, 1):
            name = unpack.file_name(file)
            path = f"{leaf.path}.x{number}"
            self.parts.append(_listed(path, name, file.type, file.content, file.content_id))
        for text, is_html in ((inner.text, False), (inner.html, True)):
            if text.strip():
                self.spare.append(Piece(leaf.path, normal_text(text), is_html))


def read(found: list[Leaf], limits: Limits, likely: str | None = None) -> Body:
    """Read text, HTML and attachments of a mail's leaves; `likely`: the codec of text that declares none."""
    reader = _Reader(limits, likely)
    for leaf in found:
        reader.take(leaf)
    pieces = reader.pieces
    if not any(piece.text.strip() for piece in pieces):
        pieces = reader.spare or reader.take_named()
    shown = "\n".join(piece.text for piece in pieces if piece.is_html)
    text = _text(pieces, limits, reader.defects)
    if not text and len(found) == 1 and found[0].entity.type in _MESSAGES:
        text = _text_of_message(found[0], limits)
    parts = reader.listed()
    if _ARMOUR in text:
        reader.notes.append(_ENCRYPTED.replace("; its parts are attached", ""))
    text = "\n\n".join([*reader.notes, *([text] if text else [])])
    return Body(text, shown or None, _mark_inline(parts, shown), reader.defects)


def is_text(leaf: Leaf) -> bool:
    """Does a leaf belong to the text (H11, H12): without a file name, and not declared an attachment?"""
    entity = leaf.entity
    if entity.type.startswith("multipart/"):
        return True  # it has no parts, otherwise it would not be a leaf
    if entity.type not in _TEXT_TYPES or entity.disposition[0] == "attachment":
        return False
    if not leaf.parent or leaf.choice is not None:
        return True
    return not attachment_names.declared(entity.disposition[1], entity.params)


def is_named_text(leaf: Leaf) -> bool:
    """Is a leaf a text that has a file name, but is not declared an attachment?"""
    return leaf.entity.type in _SHOWN_IF_NAMED and leaf.entity.disposition[0] != "attachment"


def normal_text(text: str) -> str:
    """Normalise text: LF (H26), storable (H25, H31), no blank lines around it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return storable(text).strip("\n")


def _piece(leaf: Leaf, content: bytes, likely: str | None = None) -> Piece:
    entity = leaf.entity
    is_html = entity.type == "text/html"
    declared = entity.params.get("charset")
    if is_html and not declared:
        declared = html.declared_charset(content)
    text = normal_text(decode.decode(content, declared, likely))
    if entity.params.get("format", "").lower() == "flowed" and not is_html:
        text = unflow(text, entity.params.get("delsp", "").lower() == "yes").strip("\n")
    return Piece(leaf.choice, text, is_html)


def _text(pieces: list[Piece], limits: Limits, defects: list[str]) -> str:
    """Join the pieces in order, with one side of each alternative (H9)."""
    if sum(piece.text.count("<") for piece in pieces if piece.is_html) > limits.html_tags:
        limits = replace(limits, html_tags=0)  # the limit is for the mail, not for each part
    choices: dict[str, list[Piece]] = {}
    for piece in pieces:
        if piece.choice is not None:
            choices.setdefault(piece.choice, []).append(piece)
    texts: list[str] = []
    for piece in pieces:
        if piece.choice is None:
            texts.extend(_limited_texts([piece], limits, defects))
        elif piece.choice in choices:
            texts.extend(_limited_texts(choose(choices.pop(piece.choice)), limits, defects))
    return normal_text("\n\n".join(text for text in texts if text.strip()))


def _limited_texts(chosen: Iterable[Piece], limits: Limits, defects: list[str]) -> Iterable[str]:
    for piece in chosen:
        if not piece.is_html:
            yield piece.text
            continue
        text, defect = html.to_text(piece.text, limits)
        if defect:
            defects.append(defect)
        yield text


def _text_of_message(leaf: Leaf, limits: Limits) -> str:
    """Return the text of a mail that only consists of another mail (H13); one level deep."""
    inner = leaf.entity.content()[0]
    root, _ = build(inner, split(inner, limits), limits)
    pieces = [_piece(some, some.entity.content()[0]) for some in leaves(root) if is_text(some)]
    return _text(pieces, limits, [])


def _part(leaf: Leaf, content: bytes, limits: Limits, type_: str = "") -> Part:
    entity = leaf.entity
    type_ = type_ or entity.type
    name = attachment_names.declared(entity.disposition[1], entity.params)
    content_id = entity.field("content-id").strip()
    if not name:
        subject = b""
        if entity.type in _MESSAGES:
            subject = split(content, limits).first("subject")
        name = attachment_names.fallback(
            type_,
            entity.field("content-location"),
            content_id,
            entity.field("content-description"),
            raw_text(subject),
        )
    return _listed(leaf.path, name, type_, content, content_id)


def _listed(path: str, name: str, type_: str, content: bytes, content_id: str) -> Part:
    return Part(
        path=path,
        name=name,
        type=storable(type_),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        inline=type_ in _CLUTTER,
        content_id=storable(content_id.strip("<> ")) or None,
    )


def _mark_inline(parts: list[Part], shown: str) -> tuple[Part, ...]:
    """Mark parts as inline that the HTML shows by Content-ID (H28)."""
    if not any(part.content_id for part in parts):
        return tuple(parts)
    used = {unquote(found).lower() for found in _CID.findall(shown)}
    return tuple(
        replace(part, inline=True) if (part.content_id or "").lower() in used else part
        for part in parts
    )
