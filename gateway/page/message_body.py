"""The body of a message as HTML: sanitised from its raw mail, or its text if there is no HTML.

The mail of somebody else, such as an agent who forwarded a customer's, may hold internal words: of it only the text
that was filed is shown.
"""

import html

from gateway.page import clean_html
from gateway.parse.mail import Mail
from gateway.parse.parse import parse, parts_bytes
from ticketctl.domain.base.records import Message
from ticketctl.safe import controls

MAX_IMAGES = 40
MAX_IMAGE_BYTES = 8 << 20  # bytes in one message


def body(message: Message, raw: bytes | None) -> str:
    """Return the body of a message. `raw`: the mail it came as, if it came by mail."""
    mail = parse(raw) if raw is not None else None
    if mail is None or raw is None or not _is_by(mail, message.author):
        return text(message.text)
    if not mail.html:
        return text(message.full_text)
    shown = clean_html.clean(mail.html, _images(mail, raw))
    if shown is None:
        return text(message.full_text)
    return f'<div class="mail" dir="auto">{shown}</div>'


def text(words: str) -> str:
    """Return text as HTML, with its line breaks."""
    return f'<div class="text" dir="auto">{html.escape(controls(words))}</div>'


def _is_by(mail: Mail, author: str) -> bool:
    return mail.sender is None or mail.sender.key == author


def _images(mail: Mail, raw: bytes) -> dict[str, str]:
    """Return the mail's own images by Content-ID, within limits."""
    wanted = [
        part
        for part in mail.parts
        if part.content_id and part.type in clean_html.IMAGES and part.size <= clean_html.MAX_IMAGE
    ][:MAX_IMAGES]
    found: dict[str, str] = {}
    room = MAX_IMAGE_BYTES
    contents = parts_bytes(raw, [part.path for part in wanted])
    for part in wanted:
        address = clean_html.image(part.type, contents[part.path])
        room -= part.size
        if address and room >= 0:
            found[(part.content_id or "").lower()] = address
    return found
