"""Makes the JSON line of an answer (docs/json.md), and signs it as Standard Webhooks does."""

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ticketctl.clock import rfc3339
from ticketctl.domain.base import identity
from ticketctl.domain.base.records import OutboxRow
from ticketctl.errors import Refused

NO_SECRET = "there is no secret to sign with: set secret_file in its [[channel]] of config.toml."
_PREFIX = "whsec_"
SHORTEST = 16  # octets of a secret


def compose(row: OutboxRow, load_blob: Callable[[str], bytes], text: str, language: str) -> bytes:
    """The line of a row of the outbox, with its line end, for a text and its language (words.py)."""
    data = row.data
    line = {
        "id": data["id"],
        "channel": row.channel,
        "direction": "out",
        "kind": data.get("template", "reply"),
        "automatic": data.get("automatic", False),  # an older row has neither
        "ticket": row.ticket,
        "message": row.message,
        "at": rfc3339(row.created_at),
        "subject": row.subject,
        "text": text,
        "author_name": data["author_name"],
        "customer": {
            "name": data["customer_name"],
            "identity": str(identity.parse(row.to[0])),
        },
        "thread": data["thread"],
        "in_reply_to": data["in_reply_to"],
        "permalink": data["permalink"],
        "visibility": data["visibility"],
        "language": language,
        "survey": _survey(data),
        "attachments": [_attachment(one, load_blob) for one in data["attachments"]],
    }
    return msgspec.json.encode(line) + b"\n"


def _survey(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """The survey that is asked, and its scale; None in any other answer."""
    if "survey" not in data:
        return None
    return {"name": data["survey"], "lowest": data["lowest"], "highest": data["highest"]}


def _attachment(given: Mapping[str, Any], load_blob: Callable[[str], bytes]) -> dict[str, str]:
    content = b64encode(load_blob(given["sha256"])).decode()
    return {"name": given["name"], "type": given["type"], "data": content}


def signature(secret: str, id: str, timestamp: int, line: bytes) -> str:
    """The value of webhook-signature: a version and an HMAC-SHA256. Refused for a secret that is no base64."""
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < SHORTEST:
        raise Refused(
            "the secret of a bridge must be base64 of 16 bytes or more: make one with `openssl rand -base64 32`."
        )
    signed = b"%s.%d.%s" % (id.encode(), timestamp, line)
    return f"v1,{b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"
