"""An HTTP client for shops: one GET at a time, repeated within limits while the server is unavailable."""

import http.client
import ssl
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct

from gateway.shared.connection_trouble import why
from ticketctl.errors import ShopTrouble

TRIES = 5
SECONDS = 30  # for each step of a request
MAX_PAUSE = 60.0
MAX_BYTES = 32 * 2**20
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})


class HttpResponse(Struct, frozen=True):
    """A response of the server."""

    status: int
    reason: str
    headers: dict[str, str]  # names in lower case
    body: bytes


class Server:
    """A server by its origin (`https://shop.example`), with the headers of every request.

    Redirects are not followed, because they would send the token to another server.
    """

    def __init__(
        self, origin: str, headers: dict[str, str], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.origin = origin
        self._parts = urlsplit(origin)
        self._headers = headers
        self._sleep = sleep

    def get(self, target: str) -> HttpResponse:
        """Return the response to `GET target`, a path with a query; retry while the server is busy or away.

        ShopTrouble after the last attempt; the caller handles any other status.
        """
        for n in range(1, TRIES):
            try:
                answer = self._once(target)
            except (OSError, http.client.HTTPException):
                self._sleep(2.0 ** (n - 1))
                continue
            if answer.status not in _AGAIN:
                return answer
            self._sleep(_pause(answer, n))
        try:
            return self._once(target)
        except (OSError, http.client.HTTPException) as trouble:
            raise ShopTrouble(f"{self.origin} does not answer: {why(trouble, SECONDS)}.") from None

    def _once(self, target: str) -> HttpResponse:
        connection = self._connection()
        try:
            connection.request("GET", target, headers=self._headers)
            response = connection.getresponse()
            body = response.read(MAX_BYTES + 1)
            if len(body) > MAX_BYTES:
                raise ShopTrouble(f"{self.origin} answers more than {MAX_BYTES >> 20} MiB at once.")
            headers = {name.lower(): value for name, value in response.getheaders()}
            return HttpResponse(response.status, response.reason, headers, body)
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=SECONDS)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)


def _pause(answer: HttpResponse, n: int) -> float:
    """Return the seconds that the server asks for (RFC 9110 10.2.3), else twice as long each time."""
    try:
        wish = float(answer.headers.get("retry-after", ""))
    except ValueError:
        wish = 2.0 ** (n - 1)
    return min(max(wish, 0.0), MAX_PAUSE) if wish == wish else MAX_PAUSE
