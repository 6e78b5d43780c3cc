"""Which leaves are the text, which are attachments (H9-H13, H28, J8, J9); each is decoded once."""

import hashlib
import re
from collections.abc import Iterable

from msgspec import Struct

from . import charset, html, names, uuencode
from .flowed import unflow
from .head import split
from .headers import raw_text
from .limits import Limits
from .mail import Part
from .strings import storable
from .tree import Leaf, build, leaves

_TEXT_TYPES = {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"}
_MESSAGES = {"message/rfc822", "message/global"}
# Signatures and doubles of the text are no attachments a reader looks for (J9).
_CLUTTER = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "text/x-amp-html",
}
_CID = re.compile(r"cid:([^\s\"'<>)]{1,998})", re.IGNORECASE)
_STUB_WORDS = 3  # H9


class Body(Struct):
    """What the leaves of a mail come to."""

    text: str
    html: str | None
    parts: tuple[Part, ...]
    defects: list[str]


class _Piece(Struct):
    """One leaf of text: what it says, and to which choice of alternatives it belongs."""

    choice: str | None
    text: str
    is_html: bool


def read(found: list[Leaf], limits: Limits) -> Body:
    """Text, HTML and attachments of a mail's leaves."""
    defects: list[str] = []
    pieces: list[_Piece] = []
    parts: list[Part] = []
    for leaf in found:
        content, defect = leaf.entity.content()
        if defect:
            defects.append(f"Part {leaf.path}: {defect}")
        if is_text(leaf):
            if len(content) <= limits.text_bytes:
                pieces.append(_piece(leaf, content))
                parts.extend(_uuencoded(leaf, content, pieces[-1]))
                continue
            pieces.append(_piece(leaf, content[: limits.text_bytes]))
            defects.append(f"Part {leaf.path}: the text is too long: cut, and attached as a whole.")
        if content and leaf.entity.type not in _CLUTTER:
            parts.append(_part(leaf, content, limits))
    shown = "\n".join(piece.text for piece in pieces if piece.is_html)
    text = _text(pieces, limits, defects)
    if not text and len(found) == 1 and found[0].entity.type in _MESSAGES:
        text = _text_of_message(found[0], limits)
    return Body(text, shown or None, _inline_marked(parts, shown), defects)


def is_text(leaf: Leaf) -> bool:
    """Whether a leaf belongs to the text (H11, H12): text without file name, not declared an attachment."""
    entity = leaf.entity
    if entity.type.startswith("multipart/"):
        return True  # it has no parts, or it would be no leaf
    if entity.type not in _TEXT_TYPES or entity.disposition[0] == "attachment":
        return False
    if not leaf.parent or leaf.choice is not None:
        return True
    return not names.declared(entity.disposition[1], entity.params)


def normal_text(text: str) -> str:
    """LF lines (H26), storable (H25, H31), without blank lines around."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return storable(text).strip("\n")


def _piece(leaf: Leaf, content: bytes) -> _Piece:
    entity = leaf.entity
    is_html = entity.type == "text/html"
    declared = entity.params.get("charset")
    if is_html and not declared:
        declared = html.declared_charset(content)
    text = normal_text(charset.decode(content, declared))
    if entity.params.get("format", "").lower() == "flowed" and not is_html:
        text = unflow(text, entity.params.get("delsp", "").lower() == "yes").strip("\n")
    return _Piece(leaf.choice, text, is_html)


def _text(pieces: list[_Piece], limits: Limits, defects: list[str]) -> str:
    """The pieces in order, of each choice only one side (H9)."""
    said: list[str] = []
    done: set[str] = set()
    for piece in pieces:
        if piece.choice is None:
            chosen = [piece]
        elif piece.choice in done:
            continue
        else:
            done.add(piece.choice)
            chosen = _chosen([other for other in pieces if other.choice == piece.choice])
        said.extend(_said(chosen, limits, defects))
    return normal_text("\n\n".join(text for text in said if text.strip()))


def _said(chosen: Iterable[_Piece], limits: Limits, defects: list[str]) -> Iterable[str]:
    for piece in chosen:
        if not piece.is_html:
            yield piece.text
            continue
        text, defect = html.to_text(piece.text, limits)
        if defect:
            defects.append(defect)
        yield text


def _chosen(pieces: list[_Piece]) -> list[_Piece]:
    """Plain text unless it is blank, or a stub beside much more HTML."""
    plain = [piece for piece in pieces if not piece.is_html]
    rich = [piece for piece in pieces if piece.is_html]
    words = sum(len(piece.text.split(None, _STUB_WORDS + 1)) for piece in plain)
    if not rich or words > _STUB_WORDS:
        return plain
    if words == 0:
        return rich
    rich_words = sum(len(html.stripped(piece.text).split()) for piece in rich)
    return rich if rich_words >= 10 * words else plain


def _text_of_message(leaf: Leaf, limits: Limits) -> str:
    """The text of a mail that is nothing but another one (H13); one level, no further."""
    inner = leaf.entity.content()[0]
    head = split(inner, limits)
    root, _ = build(inner, head, limits)
    pieces = [_piece(some, some.entity.content()[0]) for some in leaves(root) if is_text(some)]
    return _text(pieces, limits, [])


def _part(leaf: Leaf, content: bytes, limits: Limits) -> Part:
    entity = leaf.entity
    name = names.declared(entity.disposition[1], entity.params)
    content_id = entity.field("content-id").strip()
    if not name:
        subject = b""
        if entity.type in _MESSAGES:
            subject = split(content, limits).first("subject")
        name = names.fallback(
            entity.type,
            entity.field("content-location"),
            content_id,
            entity.field("content-description"),
            raw_text(subject),
        )
    return _listed(leaf.path, name, entity.type, content, content_id)


def _listed(path: str, name: str, type_: str, content: bytes, content_id: str = "") -> Part:
    return Part(
        path=path,
        name=name,
        type=storable(type_),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        inline=False,
        content_id=storable(content_id.strip("<> ")) or None,
    )


def _uuencoded(leaf: Leaf, content: bytes, piece: _Piece) -> Iterable[Part]:
    """Files uuencoded inside a text (H15): listed, and taken out of the text."""
    if piece.is_html or b"begin" not in content:
        return
    files = uuencode.files(content)
    if not files:
        return
    rest: list[bytes] = []
    at = 0
    for number, file in enumerate(files, 1):
        rest.append(content[at : file.start])
        at = file.end
        name = names.safe(raw_text(file.name)) or "file"
        yield _listed(f"{leaf.path}.u{number}", name, "application/octet-stream", file.content)
    rest.append(content[at:])
    piece.text = _piece(leaf, b"".join(rest)).text


def _inline_marked(parts: list[Part], shown: str) -> tuple[Part, ...]:
    """Parts the HTML shows in place by their Content-ID are inline (H28)."""
    used = {found.lower() for found in _CID.findall(shown)} if "cid:" in shown.lower() else set()
    if not used:
        return tuple(parts)
    return tuple(
        Part(**{name: getattr(part, name) for name in part.__struct_fields__} | {"inline": True})
        if part.content_id and part.content_id.lower() in used
        else part
        for part in parts
    )
