"""Identifies a mail by its content (C4), whatever way it came; other text gives another hash (C5)."""

import hashlib
from collections.abc import Iterable, Sequence

from gateway.parse.clean_text import blanks_to_one
from gateway.parse.mail import Address, Part


def content_hash(
    people: Iterable[Sequence[Address]], date: str, subject: str, text: str, parts: Sequence[Part]
) -> str:
    """Return the SHA-256 of From, To and Cc (`people`), Date as written, subject, text and attachments' hashes.

    Received, Delivered-To and X- headers depend on the route and are left out, as is white space.
    """
    facts = [" ".join(sorted(address.key for address in some)) for some in people]
    facts += [blanks_to_one(date), blanks_to_one(subject), blanks_to_one(text)]
    facts += sorted(part.sha256 for part in parts)
    return hashlib.sha256("\0".join(facts).encode("utf-8", "replace")).hexdigest()
