"""What one mail may cost (H24). Every limit is applied before anything looks closer."""

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """Upper bounds of one mail; what is beyond them is cut, and a defect of the mail says so."""

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
    html_tags: int = 50_000  # a tag costs some 30 microseconds


DEFAULT = Limits()

# The tree parser tries every open boundary on every line, so a mail of very many lines may not nest as deep:
# lines times depth stays below this, which keeps the worst megabyte within seconds (H2).
_LINES_TIMES_DEPTH = 2_000_000
_LEAST_DEPTH = 5


def depth_for(raw: bytes, limits: Limits) -> int:
    """How deep the parts of this very mail may nest."""
    lines = max(raw.count(b"\n"), raw.count(b"\r")) + 1
    return min(limits.depth, max(_LEAST_DEPTH, _LINES_TIMES_DEPTH // lines))
