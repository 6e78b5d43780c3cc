"""Takes long runs of base64 out of a body, which the MIME parser would read line by line, and puts them back."""

import re

_RUN = re.compile(rb"\n((?:[A-Za-z0-9+/=]{16,998}+\r?\n){16,}+)")
_MARK = b"TicketctlRunOfBase64No"
_STAND_IN = re.compile(_MARK + rb"[0-9]{1,9}x")
_MIN_BODY = 20_000  # bytes; less is parsed as quickly as searched

Runs = dict[bytes, bytes]


def take_out(body: bytes) -> tuple[bytes, Runs]:
    """Return the body with one line in place of each run, and the runs by that line.

    To the parser the lines of a run are all alike: they are no headers, and delimit no part.
    """
    runs: Runs = {}
    if len(body) < _MIN_BODY or _MARK in body:
        return body, runs
    pieces: list[bytes] = []
    at = 0
    for found in _RUN.finditer(body):
        run = found[1].rstrip(b"\r\n")
        line = b"%s%dx" % (_MARK, len(runs))
        runs[line] = run
        pieces += [body[at : found.start(1)], line]
        at = found.start(1) + len(run)
    return b"".join([*pieces, body[at:]]), runs


def put_back(body: bytes, runs: Runs) -> bytes:
    """Return a part of the body as it was."""
    return _STAND_IN.sub(lambda line: runs[line[0]], body) if runs and _MARK in body else body
