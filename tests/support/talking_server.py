"""A mail server on loopback that says anything: each command, and the end of the mail, is answered as a test tells."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Reply = bytes | Callable[[socket.socket], None]

GOOD = {"greeting": b"220 hi\r\n", "EHLO": b"250 hi\r\n", "DATA": b"354 go on\r\n"}
PIPELINING = b"250-hi\r\n250-PIPELINING\r\n250 SIZE\r\n"


class TalkingServer:
    """`replies` by the name of a command; `dot` is the end of the mail. `heard` counts what came, also `text` lines."""

    def __init__(self, replies: dict[str, Reply], door: socket.socket) -> None:
        self._replies = replies
        self._door = door
        self._line: socket.socket | None = None
        self.port: int = door.getsockname()[1]
        self.heard: Counter[str] = Counter()

    def serve(self) -> None:
        """Serve one connection after the other until the door is shut."""
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            try:
                self._talk(line)
            except OSError:
                continue  # it was hung up on, as it should be

    def stop(self) -> None:
        """Hang up, and take no more connections."""
        self._door.shutdown(socket.SHUT_RDWR)
        if self._line is not None:
            with suppress(OSError):  # the client was faster
                hang_up(self._line)

    def _talk(self, line: socket.socket) -> None:
        self.heard["connection"] += 1
        self._line = line
        with line, line.makefile("rb") as lines:
            self._answer(line, "greeting")
            inside = False
            for said in lines:
                name = "dot" if said == b".\r\n" and inside else said[:4].strip().upper().decode()
                if inside and name != "dot":
                    self.heard["text"] += 1
                    continue
                self.heard[name] += 1
                inside = self._answer(line, name) == GOOD["DATA"]

    def _answer(self, line: socket.socket, name: str) -> Reply:
        reply = self._replies.get(name, GOOD.get(name, b"250 ok\r\n"))
        if callable(reply):
            reply(line)
        else:
            line.sendall(reply)
        return reply


@contextmanager
def server(**replies: Reply) -> Iterator[TalkingServer]:
    """A running server."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        one = TalkingServer(replies, door)
        thread = threading.Thread(target=one.serve, daemon=True)
        thread.start()
        yield one
        one.stop()
    thread.join(5)


def hang_up(line: socket.socket) -> None:
    """Close the connection without a word."""
    line.shutdown(socket.SHUT_RDWR)


def at_second(reply: Reply, usual: bytes = b"250 ok\r\n") -> Callable[[socket.socket], None]:
    """The usual reply, except at the second time."""
    times = iter(range(1, 1000))

    def answer(line: socket.socket) -> None:
        if next(times) != 2:
            line.sendall(usual)
        elif callable(reply):
            reply(line)
        else:
            line.sendall(reply)

    return answer
