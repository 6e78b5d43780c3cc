"""Takes the contents of parts out of a body, which the MIME parser would read line by line, and puts them back."""

import re

_BLANK_LINE = re.compile(rb"\n\r?\n")
_MARK = b"TicketctlContentNo"
_STAND_IN = re.compile(_MARK + rb"[0-9]{1,9}x")
_MIN = 200  # bytes; fewer are parsed as quickly

Contents = dict[bytes, bytes]


def take_out(body: bytes) -> tuple[bytes, Contents]:
    """Return the body with a line in place of each content, and the contents by that line.

    What stands between a blank line and the next line that begins with `--` is no header and delimits no part.
    """
    contents: Contents = {}
    if _MARK in body:
        return body, contents
    pieces: list[bytes] = []
    at = 0
    while (blank := _BLANK_LINE.search(body, at)) is not None:
        start = blank.end()
        end = body.find(b"\n--", start - 1)
        end = len(body) if end < 0 else end
        content = body[start:end].rstrip(b"\r\n")
        if len(content) < _MIN or b"\r--" in content:
            pieces.append(body[at:end])
            at = end
        else:
            line = b"%s%dx" % (_MARK, len(contents))
            contents[line] = content
            pieces += [body[at:start], line]
            at = start + len(content)
    return b"".join([*pieces, body[at:]]), contents


def put_back(body: bytes, contents: Contents) -> bytes:
    """Return a part of the body as it was."""
    if not contents or _MARK not in body:
        return body
    whole = contents.get(body)  # mostly so, and then no copy is made
    if whole is not None:
        return whole
    return _STAND_IN.sub(lambda line: contents[line[0]], body)
