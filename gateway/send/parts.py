"""Builds the MIME body of an outgoing mail: text and HTML, inline images, attachments (L10).

Most mails are text alone. Those are written here, because the standard library takes longer than everything else that
a mail needs; it builds the others.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from email import policy
from email.message import EmailMessage, MIMEPart
from typing import Any

from markupsafe import Markup, escape

from gateway.send import headers
from ticketctl import safe
from ticketctl.templating.render import MailText

LoadBlob = Callable[[str], bytes]
File = Mapping[str, Any]  # name, type, sha256; `inline` for an image in the HTML

# Always 7-bit, whatever the server offers: text that is not ASCII is quoted-printable or base64 (L10).
_POLICY = policy.SMTP.clone(cte_type="7bit")
_PLAIN_LINE = 78  # octets of a line that needs no encoding (RFC 5322 2.1.1)
_CRLF = b"\r\n"
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_RISKY_TYPES = ("multipart/", "message/")  # may not be encoded as base64
_IMAGE = Markup('<img src="cid:{}" alt="{}" style="max-width:100%;height:auto">')


class _Folded(str):
    """A header value in lines of our own; the standard library would fold an id inside, as encoded words."""

    name: str

    def fold(self, *, policy: object) -> str:
        return f"{self.name}: {self}\n".replace("\n", "\r\n")


def build(text: MailText, files: Sequence[File], load_blob: LoadBlob, message_id: str) -> bytes:
    """Build the body with its MIME headers.

    An inline image replaces `[name]` in the HTML; without such a place it becomes an attachment.
    """
    if files:
        return _with_files(text, files, load_blob, message_id).as_bytes()
    return b"MIME-Version: 1.0\r\n" + _texts(text, message_id)


def _texts(text: MailText, message_id: str) -> bytes:
    plain = _text_part("plain", text.text)
    if text.html is None:
        return plain
    boundary = _boundary(0, message_id)
    mark = b"--" + boundary.encode()
    head = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode()
    parts = [mark, plain, mark, _text_part("html", text.html), mark + b"--"]
    return head + _CRLF.join(parts) + _CRLF


def _text_part(subtype: str, text: str) -> bytes:
    """Build a part of text: as it is if it is ASCII in short lines, else in the shorter of the two encodings."""
    lines = text.encode().splitlines()
    encoding, body = "7bit", _CRLF.join(lines) + _CRLF
    if not body.isascii() or max(map(len, lines), default=0) > _PLAIN_LINE:
        encoding, plain = "quoted-printable", body
        body = binascii.b2a_qp(plain)
        if len(body) > len(plain) * 4 / 3:
            encoding, body = "base64", base64.encodebytes(plain).replace(b"\n", _CRLF)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + body


def _with_files(
    text: MailText, files: Sequence[File], load_blob: LoadBlob, message_id: str
) -> EmailMessage:
    html, images = _place_images(text.html, files, message_id.strip("<>"))
    body = EmailMessage(policy=_POLICY)
    body.set_content(text.text)
    if html is not None:
        body.add_alternative(html, subtype="html")
        *_, rich = body.iter_parts()
        for content_id, file in images.items():
            cid = f"<{content_id}>"
            _add(rich, rich.add_related, file, load_blob, cid=cid, disposition="inline")
            _replace(rich, "Content-ID", cid)
    del body["MIME-Version"]
    for file in files:
        if file not in images.values():
            _add(body, body.add_attachment, file, load_blob)
    _name_boundaries(body, message_id)
    body["MIME-Version"] = "1.0"
    return body


def _place_images(
    html: str | None, files: Sequence[File], message: str
) -> tuple[str | None, dict[str, File]]:
    """Put the images into the HTML; return it with the images by Content-ID (RFC 2392)."""
    images: dict[str, File] = {}
    if html is None:
        return None, images
    head, end, shown = html.rpartition("</head>")  # a title may name an image, too
    for n, file in enumerate(files, 1):
        place = escape(f"[{file['name']}]")
        if file.get("inline") and place in shown:
            content_id = f"{n}.{message}"
            shown = shown.replace(place, _IMAGE.format(content_id, file["name"]), 1)
            images[content_id] = file
    return head + end + shown, images


def _add(
    whole: MIMEPart, add: Callable[..., None], file: File, load_blob: LoadBlob, **how: str
) -> None:
    named = str(file.get("type", "")).lower()
    if not _TYPE.fullmatch(named) or named.startswith(_RISKY_TYPES):
        named = "application/octet-stream"
    maintype, _, subtype = named.partition("/")
    content = load_blob(file["sha256"])
    name = safe.filename(file["name"])
    add(content, maintype=maintype, subtype=subtype, filename=name, **how)
    _replace(whole, "Content-Type", f"{named};\n {headers.file_name(name)}")


def _replace(whole: MIMEPart, name: str, folded: str) -> None:
    """Replace a header of the last part."""
    *_, part = whole.iter_parts()
    value = _Folded(folded)
    value.name = name
    part.replace_header(name, value)


def _name_boundaries(body: EmailMessage, message_id: str) -> None:
    """Set boundaries that cannot occur in the content by chance, the same at every attempt."""
    for n, part in enumerate(part for part in body.walk() if part.is_multipart()):
        assert isinstance(part, MIMEPart)
        part.set_boundary(_boundary(n, message_id))


def _boundary(n: int, message_id: str) -> str:
    """Return the boundary of the part number `n` that has parts."""
    digest = hashlib.sha256(f"{n} {message_id}".encode()).hexdigest()
    return f"=_{digest[:40]}"
