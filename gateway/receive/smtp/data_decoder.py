"""Decodes message data that comes in chunks, and finds its end (A8, A9).

Only CRLF.CRLF ends a mail; a bare CR or LF is content and unchanged, which prevents SMTP smuggling. Dots that were
added at the start of lines (RFC 5321 4.5.2) are removed. Lines may have any length.
"""

_END = b"\r\n.\r\n"
_STUFFED = b"\r\n."
_PARTS_OF_END = tuple(_END[:length] for length in range(len(_END) - 1, 0, -1))


class DataDecoder:
    """Decodes the data of one mail: give chunks to `feed`, which returns content."""

    def __init__(self) -> None:
        self.done = False
        self.rest = b""  # what follows the end: the next command of a pipelining client
        # The CRLF of the DATA command counts as before the first line, so that an empty mail (".CRLF") ends too.
        self._held = b"\r\n"
        self._lead = 2

    def feed(self, chunk: bytes) -> bytes:
        """Return the content in `chunk`; up to four bytes are kept back until the next one."""
        text = self._held + chunk
        end = text.find(_END)
        if end >= 0:
            self.done, self.rest, self._held = True, text[end + len(_END) :], b""
            text = text[: end + 2]
        else:
            self._held = next((part for part in _PARTS_OF_END if text.endswith(part)), b"")
            text = text[: len(text) - len(self._held)]
        if not text:
            return b""
        content, self._lead = text.replace(_STUFFED, b"\r\n")[self._lead :], 0
        return content
