"""Parses the MIME tree by the standard library's parser (compat32) within limits, and walks over its leaves.

Attached messages are leaves, so that their bytes stay exact (H13). Parts deeper than the limit are leaves too (H24).
"""

import re
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32, Policy, compat32
from functools import cached_property
from typing import Any, NamedTuple, cast

from msgspec.structs import replace

from gateway.parse import boundaries, params, part_contents, transfer
from gateway.parse.head import Head
from gateway.parse.headers import raw_text
from gateway.parse.limits import Limits, depth_for
from gateway.parse.part_contents import Contents

_DASHED = re.compile(rb"(?:\A|(?<=[\r\n]))--([^\r\n]{1,250})(?=[\r\n])")
_MAX_BOUNDARY = 200  # RFC 2046 section 5.1.1 allows 70
_MULTIPART_WITHOUT_SUBTYPE = {"multipart": "multipart/mixed", "text": "text/plain"}


class TooManyParts(Exception):
    """There are more parts than the limit; `root` is the tree so far."""

    def __init__(self, root: "Entity") -> None:
        super().__init__()
        self.root = root


class Entity(Message):
    """A node of the tree. Headers are looked up once; the body is exactly the bytes that came in."""

    def __init__(
        self,
        policy: "Policy[Any]" = compat32,
        deepest: int = 50,
        most: int = 1000,
        contents: Contents | None = None,
    ) -> None:
        super().__init__(cast(Compat32, policy))
        self.deepest, self.most = deepest, most
        self.contents = contents or {}
        self.depth = 0
        self.root = self
        self.count = 1
        self.own_body: bytes | None = None

    def attach(self, payload: "Entity") -> None:  # type: ignore[override]
        """Add a part; the parser calls this, and depth and number are limited here."""
        root = self.root
        if root.count >= self.most:
            raise TooManyParts(root)
        root.count += 1
        payload.root, payload.depth = root, self.depth + 1
        super().attach(payload)

    def get_content_type(self) -> str:
        """Return the type for the parser: everything but a multipart within the depth is a leaf."""
        return self.type if self.is_branch else "application/octet-stream"

    def get_content_maintype(self) -> str:
        """Return the part of `get_content_type` before the slash."""
        return "multipart" if self.is_branch else "application"

    def get_boundary(self, failobj: object = None) -> Any:
        """Return the boundary, by our own tolerant parser in linear time."""
        return self.params.get("boundary", "").rstrip() or failobj

    @cached_property
    def is_branch(self) -> bool:
        """Shall the parser look for parts inside?"""
        return self.type.startswith("multipart/") and self.depth < self.deepest

    @cached_property
    def fields(self) -> dict[str, list[str]]:
        """Return raw values by lower-case name."""
        found: dict[str, list[str]] = {}
        for name, value in self.raw_items():
            found.setdefault(name.lower(), []).append(value)
        return found

    def field(self, name: str) -> str:
        """Return the first value that is not blank, with 8-bit bytes decoded by H6; `name` in lower case."""
        values = self.fields.get(name, ())
        value = next((value for value in values if value.strip()), "")
        return value if value.isascii() else raw_text(value.encode("ascii", "surrogateescape"))

    @cached_property
    def _content_type(self) -> tuple[str, dict[str, str]]:
        for value in self.fields.get("content-type", ()):
            text = raw_text(value.encode("ascii", "surrogateescape"))
            word, found = params.parse(text)
            word = _MULTIPART_WITHOUT_SUBTYPE.get(word, word)
            if "/" in word:
                return word, found
            if found.get("name"):
                return "application/octet-stream", found
        return self.get_default_type(), {}

    @property
    def type(self) -> str:
        """Return type and subtype in lower case, from the first usable Content-Type (H30)."""
        return self._content_type[0]

    @property
    def params(self) -> dict[str, str]:
        """Return the parameters of Content-Type."""
        return self._content_type[1]

    @cached_property
    def disposition(self) -> tuple[str, dict[str, str]]:
        """Return the value and the parameters of Content-Disposition."""
        value = self.field("content-disposition")
        return params.parse(value) if value else ("", {})

    def children(self) -> "list[Entity]":
        """Return the parts of a branch; none for a leaf."""
        payload = vars(self).get("_payload")  # get_payload() would decode it
        return payload if isinstance(payload, list) and self.own_body is None else []

    def take_over(self, other: "Entity") -> "list[Entity]":
        """Take the parts of another multipart as one's own; return them."""
        children = other.children()
        self.root.count += other.count - 1
        for part in other.walk():
            part.depth, part.root = part.depth + self.depth, self.root
        if children:
            vars(self)["_payload"] = children
            self.defects.clear()
        return children

    def body(self) -> bytes:
        """Return the bytes of a leaf, still transfer-encoded."""
        if self.own_body is not None:
            return self.own_body
        payload = vars(self).get("_payload")
        if not isinstance(payload, str):
            return b""
        return part_contents.put_back(payload.encode("ascii", "surrogateescape"), self.contents)

    def content(self) -> tuple[bytes, str | None]:
        """Return the decoded bytes of a leaf, and a defect or ""."""
        encoding = self.field("content-transfer-encoding")
        return transfer.decode(self.body(), encoding, is_text=self.type.startswith("text/"))


class Leaf(NamedTuple):
    """A leaf of the tree, and its position."""

    path: str
    entity: Entity
    choice: str | None  # path of the outermost multipart/alternative around it
    first: bool  # first child of its multipart, or the mail itself
    parent: str  # subtype of its multipart, or an empty string


def build(raw: bytes, head: Head, limits: Limits) -> tuple[Entity, list[str]]:
    """Build the tree of a mail with a parsed head; return it with the defects of its structure."""
    fields = [(name, value) for name, value in head.fields if name.startswith("content-")]
    root = _entity(fields)
    body = raw[head.body :]
    if not root.is_branch:
        root.own_body = body
        return root, []
    decoded = _decoded_whole(root, body)
    parsed, defects = _parse(root, fields, body if decoded is None else decoded, limits)
    _decode_inner(parsed, limits, defects)
    return parsed, defects


def _parse(
    root: Entity, fields: list[tuple[str, bytes]], body: bytes, limits: Limits
) -> tuple[Entity, list[str]]:
    """Parse the body of a multipart with these MIME fields."""
    fields, defects = _with_true_boundary(root, fields, body)
    boundary = _entity(fields).get_boundary("").encode("utf-8", "surrogateescape")
    body, contents = part_contents.take_out(body)
    deepest = depth_for(body, limits)
    body = boundaries.rename(body, boundary, limits) if boundary else body
    lines = b"".join(b"%s: %s\n" % (name.encode(), value) for name, value in fields)
    factory = _factory(deepest, limits.parts, contents)
    try:
        parsed = BytesParser(factory, policy=compat32).parsebytes(lines + b"\n" + body)
    except TooManyParts as cut:
        parsed = cut.root
        defects.append(f"More than {limits.parts} parts: the rest is only in the raw mail.")
    return cast(Entity, parsed), defects


def _decoded_whole(entity: Entity, body: bytes) -> bytes | None:
    """Return the decoded body of a multipart that is base64 or quoted-printable as a whole; None if it is not."""
    encoding = entity.field("content-transfer-encoding").strip().lower()
    mark = b"--" + entity.get_boundary("").encode("utf-8", "surrogateescape")
    if not encoding.startswith(("base64", "quoted-printable")) or len(mark) == 2 or mark in body:
        return None
    decoded = transfer.decode(body, encoding)[0]
    return decoded if mark in decoded else None


def _decode_inner(root: Entity, limits: Limits, defects: list[str]) -> None:
    """Read the parts of inner multiparts that are encoded as a whole."""
    waiting = [root]
    while waiting:
        entity = waiting.pop()
        children = entity.children()
        if not children and entity.is_branch:
            decoded = _decoded_whole(entity, entity.body())
            if decoded is not None:
                within = replace(
                    limits, depth=limits.depth - entity.depth, parts=limits.parts - root.count
                )
                fields = [("content-type", entity.field("content-type").encode("utf-8", "replace"))]
                parsed, found = _parse(entity, fields, decoded, within)
                defects += ["A multipart is encoded as a whole: decoded.", *found]
                children = entity.take_over(parsed)
        waiting.extend(children)


def _factory(deepest: int, most: int, contents: Contents) -> Callable[..., Message]:
    def entity(policy: "Policy[Any]" = compat32) -> Entity:
        return Entity(policy, deepest, most, contents)

    return entity


def _entity(fields: list[tuple[str, bytes]]) -> Entity:
    entity = Entity()
    for name, value in fields:
        entity.set_raw(name, value.decode("ascii", "surrogateescape"))
    return entity


def _with_true_boundary(
    root: Entity, fields: list[tuple[str, bytes]], body: bytes
) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Replace the boundary in the MIME fields by the one that the body uses, if the declared one is absent (H23)."""
    boundary = root.get_boundary("")
    if boundary and b"--" + boundary.encode("utf-8", "surrogateescape") in body:
        return fields, []
    used, end = _used_boundary(body)
    if not used or b"content-" not in body[end : end + 500].lower():
        return fields, ["A multipart mail without parts: taken as text."]
    value = b'%s; boundary="%s"' % (root.type.encode(), used.replace(b'"', b'\\"'))
    kept = [(name, old) for name, old in fields if name != "content-type"]
    return [("content-type", value), *kept], ["The boundary of the head is not that of the parts."]


def _used_boundary(body: bytes) -> tuple[bytes, int]:
    """Return what follows the dashes of the first line that may be a boundary, and where that line ends."""
    for found in _DASHED.finditer(body):
        boundary = found[1].rstrip(b" \t")
        plain = boundary[:1] not in b"-" and not boundary[:1].isspace()
        if boundary and len(boundary) <= _MAX_BOUNDARY and (plain or len(boundary.split()) == 1):
            return boundary, found.end()
    return b"", 0


def leaves(root: Entity) -> list[Leaf]:
    """Yield every leaf in order. Paths are as in IMAP: `1` for a mail without parts, else `1`, `2.1` …"""
    found: list[Leaf] = []
    waiting: list[tuple[str, Entity, str | None, bool, str]] = [("", root, None, True, "")]
    while waiting:
        path, entity, choice, first, parent = waiting.pop()
        children = entity.children()
        if not children:
            found.append(Leaf(path or "1", entity, choice, first, parent))
            continue
        subtype = entity.type.partition("/")[2]
        if choice is None and subtype == "alternative":
            choice = path or "0"
        prefix = path + "." if path else ""
        waiting.extend(
            (f"{prefix}{number}", child, choice, number == 1, subtype)
            for number, child in reversed(list(enumerate(children, 1)))
        )
    return found


def structure_defects(root: Entity) -> list[str]:
    """Return the defects that the parser found, as text."""
    names = sorted({type(d).__name__ for part in root.walk() for d in part.defects})
    return [_WORDS[name] for name in names if name in _WORDS]


_WORDS = {
    "StartBoundaryNotFoundDefect": "A multipart has no parts: taken as text.",
    "NoBoundaryInMultipartDefect": "A multipart names no boundary: taken as text.",
    "CloseBoundaryNotFoundDefect": "The last boundary is missing.",
    "MissingHeaderBodySeparatorDefect": "A part has no blank line after its head.",
}
