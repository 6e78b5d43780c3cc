"""Limits for parsing one mail (H24), applied before anything is parsed further."""

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """Upper bounds for one mail. What exceeds them is cut, and noted as a defect."""

    head_bytes: int = 1 << 20  # the whole header block
    header_bytes: int = 64 << 10  # one header, unfolded
    headers: int = 1000
    addresses: int = 1000  # of one header
    depth: int = 50  # multiparts inside multiparts
    parts: int = 1000
    attachments: int = 500  # listed; files packed inside others count (J4)
    text_bytes: int = 8 << 20  # of one text part; more is an attachment
    html_bytes: int = 5 << 20  # H33
    html_links: int = 5000  # H33
    html_tags: int = 50_000  # a tag takes about 30 microseconds


DEFAULT = Limits()

# The MIME parser tries every open boundary on every line, so a mail with very many lines may not nest as deep:
# lines times depth stays below this, so that the worst megabyte takes seconds (H2).
_LINES_TIMES_DEPTH = 2_000_000
_MIN_DEPTH = 5


def depth_for(raw: bytes, limits: Limits) -> int:
    """Return how deep the parts of this mail may nest."""
    lines = max(raw.count(b"\n"), raw.count(b"\r")) + 1
    return min(limits.depth, max(_MIN_DEPTH, _LINES_TIMES_DEPTH // lines))
