"""Parses bytes into Mail. `parse` is the list of steps, each in a file of its own; none raises for any bytes (H2)."""

import re
from collections import defaultdict
from collections.abc import Collection

from gateway.parse import (
    addresses,
    author,
    body,
    content_hash,
    dates,
    head,
    headers,
    mail_charset,
    message_ids,
    signed,
    tree,
    unpack,
)
from gateway.parse.clean_text import storable
from gateway.parse.head import Head
from gateway.parse.limits import DEFAULT, Limits
from gateway.parse.mail import WHOLE, Address, Mail, Part
from gateway.parse.tree import Leaf
from ticketctl.write_guard import never_in_a_write

_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\s*(?:[,;]|\Z)")
_LIST_HEADERS = (
    "list-id",
    "list-post",
    "x-beenthere",
    "mailing-list",
    "x-mailing-list",
    "x-original-from",
    "x-mailfrom",
)


@never_in_a_write
def parse(raw: bytes, limits: Limits = DEFAULT) -> Mail:
    """Parse a mail, whatever the bytes are; what cannot be parsed is left out and noted in `defects`."""
    top = head.split(raw, limits)
    root, defects = tree.build(raw, top, limits)
    leaves = signed.unwrap(tree.leaves(root), limits)
    likely = mail_charset.likely([value for _, value in top.fields], leaves)
    contents = body.read(leaves, limits, likely)
    fields = _Fields(top, root.params.get("charset"), likely, limits)
    people = [fields.mailboxes(name) for name in ("from", "to", "cc")]
    subject = fields.line("subject")
    reply_to = fields.mailboxes("reply-to")
    references = message_ids.scan(fields.line("references"))
    return Mail(
        headers=fields.decoded,
        from_=people[0],
        sender=author.author(people[0], fields.mailboxes("sender"), reply_to, fields.list_marks()),
        reply_to=reply_to,
        to=people[1],
        cc=people[2],
        delivered_to=fields.delivered_to(),
        subject=subject,
        message_id=message_ids.message_id(fields.line("message-id")),
        in_reply_to=message_ids.in_reply_to(fields.line("in-reply-to")),
        references=references,
        date=dates.stated(fields.line("date")),
        language=fields.language(),
        text=contents.text,
        html=contents.html,
        parts=contents.parts,
        content_type=storable(root.type),
        content_hash=content_hash.content_hash(
            people, fields.line("date"), subject, contents.text, contents.parts
        ),
        defects=tuple(top.defects + defects + tree.structure_defects(root) + contents.defects),
    )


@never_in_a_write
def parse_head(raw: bytes) -> Mail:
    """Parse only the head of a mail."""
    return parse(raw[: head.split(raw, DEFAULT).body])


def part_bytes(raw: bytes, path: str, limits: Limits = DEFAULT) -> bytes:
    """Return the decoded bytes of the part with this path; KeyError if there is none."""
    return parts_bytes(raw, [path], limits)[path]


@never_in_a_write
def parts_bytes(raw: bytes, paths: Collection[str], limits: Limits = DEFAULT) -> dict[str, bytes]:
    """Return the decoded bytes of several parts, parsing the mail once; KeyError if one is missing."""
    if set(paths) <= {WHOLE}:
        return dict.fromkeys(paths, raw)
    top = head.split(raw, limits)
    root, _ = tree.build(raw, top, limits)
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        wanted[path.partition(".x")[0]].append(path)
    found: dict[str, bytes] = {}
    for leaf in signed.unwrap(tree.leaves(root), limits):
        if leaf.path in wanted:
            found |= _contents(leaf, wanted[leaf.path])
    return {path: found[path] for path in paths}


def _contents(leaf: Leaf, paths: list[str]) -> dict[str, bytes]:
    """Return the bytes of a leaf and of the files packed inside it, by path."""
    content = leaf.entity.content()[0]
    found = {leaf.path: content}
    if paths != [leaf.path]:
        inner = unpack.unpack(content, is_text=body.is_text(leaf))
        files = inner[0].files if inner else ()
        found |= {f"{leaf.path}.x{n}": file.content for n, file in enumerate(files, 1)}
    return found


class _Fields:
    """The values of the head, each decoded once."""

    def __init__(self, top: Head, charset: str | None, likely: str | None, limits: Limits) -> None:
        self.limits = limits
        self.raw = [(name, headers.raw_text(value, charset, likely)) for name, value in top.fields]
        self.decoded = tuple((name, headers.text(value)) for name, value in self.raw)

    def line(self, name: str) -> str:
        """Return the first decoded value that is not blank (H30), or ""."""
        return next((value for header, value in self.decoded if header == name and value), "")

    def mailboxes(self, name: str) -> tuple[Address, ...]:
        """Return the mailboxes of every header with this name."""
        found: tuple[Address, ...] = ()
        for header, value in self.raw:
            if header == name and len(found) < self.limits.addresses:
                found += addresses.parse(value, self.limits.addresses - len(found))
        return found

    def list_marks(self) -> dict[str, tuple[Address, ...]]:
        """Return the addresses in headers of mailing lists, by header name; only those present."""
        present = {header for header, _ in self.decoded}
        return {name: self.mailboxes(name) for name in _LIST_HEADERS if name in present}

    def delivered_to(self) -> tuple[str, ...]:
        """Return the addresses, in lower case, that earlier servers delivered the mail to."""
        names = ("delivered-to", "x-original-to", "envelope-to")
        found = (address.key for name in names for address in self.mailboxes(name))
        return tuple(dict.fromkeys(found))

    def language(self) -> str | None:
        """Return the first language tag of Content-Language or Accept-Language, in lower case."""
        for name in ("content-language", "accept-language"):
            if tag := _LANGUAGE.match(self.line(name)):
                return tag[1].lower()
        return None


__all__ = ["Mail", "Part", "parse", "parse_head", "part_bytes", "parts_bytes"]
