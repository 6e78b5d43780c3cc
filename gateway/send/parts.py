"""The MIME body of an outgoing mail: text and HTML, the images shown in the HTML, and files after them (L10)."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from email import policy
from email.message import EmailMessage, MIMEPart
from typing import Any

from markupsafe import Markup, escape

from ticketctl import safe
from ticketctl.templating.render import MailText

LoadBlob = Callable[[str], bytes]
File = Mapping[str, Any]  # name, type, sha256, and `inline` where it is an image for the HTML

# 7-bit on the wire whatever the server offers: quoted-printable or base64 where the text is more than ASCII (L10).
_POLICY = policy.SMTP.clone(cte_type="7bit")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_RISKY_TYPES = ("multipart/", "message/")  # cannot be carried as base64
_IMAGE = Markup('<img src="cid:{}" alt="{}" style="max-width:100%">')


def build(
    text: MailText, files: Sequence[File], load_blob: LoadBlob, message_id: str
) -> EmailMessage:
    """The body with its MIME headers. An image stands in the HTML where that says `[name]`; without such a place
    it goes with the files. The text says `[name]` there too."""
    html, images = _placed(text.html, files, message_id.strip("<>"))
    body = EmailMessage(policy=_POLICY)
    body.set_content(text.text)
    if html is not None:
        body.add_alternative(html, subtype="html")
        *_, rich = body.iter_parts()
        for content_id, file in images.items():
            _add(rich.add_related, file, load_blob, cid=f"<{content_id}>", disposition="inline")
    del body["MIME-Version"]
    for file in files:
        if file not in images.values():
            _add(body.add_attachment, file, load_blob)
    _name_boundaries(body, message_id)
    body["MIME-Version"] = "1.0"
    return body


def _placed(
    html: str | None, files: Sequence[File], message: str
) -> tuple[str | None, dict[str, File]]:
    """The HTML with its images in their places, and these by Content-ID (RFC 2392)."""
    images: dict[str, File] = {}
    for n, file in enumerate(files, 1):
        place = escape(f"[{file['name']}]")
        if html is not None and file.get("inline") and place in html:
            content_id = f"{n}.{message}"
            html = html.replace(place, _IMAGE.format(content_id, file["name"]), 1)
            images[content_id] = file
    return html, images


def _add(add: Callable[..., None], file: File, load_blob: LoadBlob, **how: str) -> None:
    named = str(file.get("type", "")).lower()
    if not _TYPE.fullmatch(named) or named.startswith(_RISKY_TYPES):
        named = "application/octet-stream"
    maintype, _, subtype = named.partition("/")
    content = load_blob(file["sha256"])
    name = safe.filename(file["name"])
    add(content, maintype=maintype, subtype=subtype, filename=name, **how)


def _name_boundaries(body: EmailMessage, message_id: str) -> None:
    """Boundaries that no content can hold by chance, the same at every try."""
    for n, part in enumerate(part for part in body.walk() if part.is_multipart()):
        assert isinstance(part, MIMEPart)
        digest = hashlib.sha256(f"{n} {message_id}".encode()).hexdigest()
        part.set_boundary(f"=_{digest[:40]}")
