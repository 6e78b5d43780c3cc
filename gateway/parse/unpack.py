"""Unpacks files inside a leaf: winmail.dat (H14) and uuencoded blocks of a text (H15)."""

from gateway.parse import attachment_names, tnef, uuencode
from gateway.parse.charsets import decode
from gateway.parse.tnef import PackedFile, Unpacked


def unpack(content: bytes, *, is_text: bool) -> tuple[Unpacked, bytes] | None:
    """Return the content, and the remaining bytes of a text; None if nothing is packed inside."""
    if content.startswith(tnef.SIGNATURE):
        found = tnef.unpack(content)
        known = found is not None and (found.files or found.text or found.html)
        return (found, b"") if found is not None and known else None
    if is_text and b"begin" in content:
        blocks = uuencode.files(content)
        files = [PackedFile(name=decode.decode(one.name), content=one.content) for one in blocks]
        return (Unpacked(files=files), uuencode.without_files(content, blocks)) if files else None
    return None


def file_name(file: PackedFile) -> str:
    """Return a safe name for a packed file."""
    return attachment_names.safe(file.name) or attachment_names.fallback(
        file.type, "", file.content_id, "", ""
    )
