"""Finds the charset of what a mail leaves undeclared: once for all its headers and texts (H3, H6)."""

from collections.abc import Sequence

from gateway.parse import html
from gateway.parse.charsets import names
from gateway.parse.charsets.decode import is_undeclared
from gateway.parse.charsets.detection import detect
from gateway.parse.tree import Leaf

_MAX_TEXTS = 20  # that are examined


def likely(values: Sequence[bytes], leaves: Sequence[Leaf]) -> str | None:
    """Return the codec that the mail's texts declare, else the one detected over raw headers and texts together.

    None if all is ASCII or UTF-8, or nothing is known.
    """
    raw = [value for value in values if not _is_utf8(value)]
    texts = [leaf for leaf in leaves if leaf.entity.type.startswith("text/")][:_MAX_TEXTS]
    declared = _declared(texts)
    if raw and declared:
        return declared
    for leaf in texts:
        if is_undeclared(leaf.entity.params.get("charset")):
            content = leaf.entity.content()[0]
            if not _is_utf8(content) and not (
                leaf.entity.type == "text/html" and html.declared_charset(content)
            ):
                raw.append(content)
    return detect(b"\n".join(raw)) if raw else None


def _declared(texts: Sequence[Leaf]) -> str | None:
    for leaf in texts:
        name = leaf.entity.params.get("charset")
        if name and not is_undeclared(name):
            codec = names.codec(name)
            return codec if codec not in ("utf-8", "utf-7") else None
    return None


def _is_utf8(content: bytes) -> bool:
    if content.isascii():
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
