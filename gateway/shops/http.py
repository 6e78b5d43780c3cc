"""One GET at a time to one server, with patience: a shop that is busy or unwell is asked again, within limits."""

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct

from ticketctl.errors import ShopTrouble

TRIES = 5
SECONDS = 30  # for each step of a request
LONGEST_PAUSE = 60.0
MOST_BYTES = 32 * 2**20
_AGAIN = frozenset({408, 429, 500, 502, 503, 504})


class Response(Struct, frozen=True):
    """What a server answered."""

    status: int
    reason: str
    headers: dict[str, str]  # names in lower case
    body: bytes


class Server:
    """A server by its origin (`https://shop.example`), and what every request to it says.

    Redirections are not followed: they would carry the token elsewhere.
    """

    def __init__(
        self, origin: str, headers: dict[str, str], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.origin = origin
        self._parts = urlsplit(origin)
        self._headers = headers
        self._sleep = sleep

    def get(self, target: str) -> Response:
        """The answer to `GET target`, a path with its query; asked again while the server is busy, unwell or away.

        ShopTrouble after the last try; any other status is the caller's to judge.
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
            raise ShopTrouble(f"{self.origin} does not answer: {_why(trouble)}.") from None

    def _once(self, target: str) -> Response:
        connection = self._connection()
        try:
            connection.request("GET", target, headers=self._headers)
            response = connection.getresponse()
            body = response.read(MOST_BYTES + 1)
            if len(body) > MOST_BYTES:
                raise ShopTrouble(
                    f"{self.origin} answers more than {MOST_BYTES >> 20} MiB at once."
                )
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Response(response.status, response.reason, headers, body)
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=SECONDS)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)


def _pause(answer: Response, n: int) -> float:
    """As long as the server wishes (RFC 9110, 10.2.3, in seconds), else twice as long each time."""
    try:
        wish = float(answer.headers.get("retry-after", ""))
    except ValueError:
        wish = 2.0 ** (n - 1)
    return min(max(wish, 0.0), LONGEST_PAUSE) if wish == wish else LONGEST_PAUSE


def _why(trouble: Exception) -> str:
    if isinstance(trouble, TimeoutError):
        return f"nothing came in {SECONDS} s"
    if isinstance(trouble, socket.gaierror):
        return "there is no such host"
    return str(getattr(trouble, "strerror", None) or trouble or type(trouble).__name__).rstrip(".")
