"""Fetches a small file from the web."""

import time
from typing import TYPE_CHECKING

from gateway.shared.connection_trouble import why
from ticketctl.domain.base import values
from ticketctl.errors import BadInput, WebTrouble

if TYPE_CHECKING:
    from http.client import HTTPResponse

SECONDS = 20  # for the whole file
MAX_BYTES = 10 * 2**20
_CHUNK = 64 * 2**10


def download(address: str) -> bytes:
    """The content at an address (`values.web_address`), over redirects to such addresses. WebTrouble says why not."""
    import http.client
    import urllib.error
    import urllib.request

    class Redirects(urllib.request.HTTPRedirectHandler):
        """Follows redirects to where `apply` would let an address point."""

        def redirect_request(self, *request: object) -> urllib.request.Request | None:
            try:
                values.web_address(str(request[-1]))
            except BadInput as wrong:
                raise WebTrouble(f"it redirects, and {wrong.sentence}") from None
            return super().redirect_request(*request)  # type: ignore[arg-type]

    opener = urllib.request.build_opener(Redirects)
    request = urllib.request.Request(address, headers={"User-Agent": "ticketctl"})
    end = time.monotonic() + SECONDS
    try:
        with opener.open(request, timeout=SECONDS) as response:
            return _read(response, end)
    except urllib.error.HTTPError as answer:
        answer.close()
        raise WebTrouble(f"the server answers {answer.code} {answer.reason}.") from None
    except urllib.error.URLError as trouble:
        raise WebTrouble(f"{why(trouble.reason, SECONDS)}.") from None
    except (OSError, http.client.HTTPException) as trouble:
        raise WebTrouble(f"{why(trouble, SECONDS)}.") from None


def _read(response: "HTTPResponse", end: float) -> bytes:
    parts, size = [], 0
    while part := response.read1(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise WebTrouble(f"it is larger than {MAX_BYTES >> 20} MiB.")
        if time.monotonic() > end:
            raise WebTrouble(f"it has not come within {SECONDS} s.")
    if response.length:
        raise WebTrouble("the connection broke before its end.")
    return b"".join(parts)
