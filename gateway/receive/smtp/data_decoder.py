"""The end of DATA in a stream of chunks, whatever the lengths of its lines (A8, A9).

Only CRLF.CRLF ends a mail; a bare CR or LF is content and stays as it came (no smuggling). The dot that
RFC 5321 4.5.2 adds in front of a line is taken away once. No time is spent on single lines.
"""

_END = b"\r\n.\r\n"
_STUFFED = b"\r\n."
_PARTS_OF_END = tuple(_END[:length] for length in range(len(_END) - 1, 0, -1))


class Chunks:
    """One DATA phase: `feed` it what came, take the content it gives back."""

    def __init__(self) -> None:
        self.done = False
        self.rest = b""  # what came after the end: the next command of a pipelining client
        # DATA's own CRLF stands before the first line, so a mail of nothing (".CRLF") ends as any other does.
        self._held = b"\r\n"
        self._lead = 2

    def feed(self, chunk: bytes) -> bytes:
        """The content in `chunk`, dots unstuffed; up to four octets are held back until the next one."""
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
