"""Is every byte of every leaf of a mail either text that is shown or a file that is listed?"""

import re

from gateway.parse import body, head, signed, tree, unpack
from gateway.parse.charsets import decode
from gateway.parse.clean_text import storable
from gateway.parse.limits import DEFAULT
from gateway.parse.mail import Mail

_WORD = re.compile(r"[A-Za-z0-9]{4,}")
_STUB = 3  # words of a plain text that much more HTML replaces


def lost(raw: bytes, mail: Mail) -> list[str]:
    """Return the paths of the leaves that are neither listed nor shown."""
    root, _ = tree.build(raw, head.split(raw, DEFAULT), DEFAULT)
    listed = {part.path for part in mail.parts}
    packed = {path.partition(".x")[0] for path in listed}
    shown = set(_WORD.findall(mail.text)) | set(_WORD.findall(mail.html or ""))
    squeezed = "".join(mail.text.split())
    if "Not listed as attachments" in mail.text:
        return []
    found: list[str] = []
    for leaf in signed.unwrap(tree.leaves(root), DEFAULT):
        content = leaf.entity.content()[0]
        text = body.is_text(leaf) or body.is_named_text(leaf)
        if not content or leaf.path in listed or (leaf.path in packed and not text):
            continue
        inner = unpack.unpack(content, is_text=text)
        content = inner[1] if inner else content
        words = _WORD.findall(storable(decode.decode(content, leaf.entity.params.get("charset"))))
        is_stub = leaf.choice is not None and len(content.split()) <= _STUB
        # A flowed text joins words over two lines.
        missing = [word for word in set(words) - shown if word not in squeezed]
        if not text or (missing and not is_stub):
            found.append(leaf.path)
    return found
