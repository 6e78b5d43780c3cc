"""Calls a bridge with one line: runs its program, or posts to its URL, within limits of time and output."""

import http.client
import os
import selectors
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

SENT, RETRY, FAILED = "sent", "retry", "failed"
SECONDS = 30.0
MOST_BYTES = 64 * 1024  # of a bridge's output; the rest is read and dropped
SHOWN = 300  # characters of its words in the outbox

# What is final; docs/operator/channels.md has the same tables. Everything else may be mended, so it is tried again.
FINAL_EXITS = frozenset({os.EX_DATAERR, os.EX_NOUSER, os.EX_NOPERM})
FINAL_STATUSES = frozenset({400, 404, 410, 413, 415, 422})


class BridgeResult(NamedTuple):
    """What became of a line: a state, the bridge's words or ours, and its output."""

    state: str
    reply: str
    output: bytes = b""


def run(
    command: tuple[str, ...], folder: str, line: bytes, headers: Mapping[str, str]
) -> BridgeResult:
    """Run a program of the folder with the line as standard input, and `webhook-id` as WEBHOOK_ID.

    It and its children are killed when it takes too long.
    """
    program = str(Path(folder) / command[0])
    with tempfile.TemporaryFile() as given:
        given.write(line)
        given.seek(0)
        try:
            process = subprocess.Popen(
                [program, *command[1:]],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environ(headers),
                start_new_session=True,  # a group of its own, so that its children end with it
            )
        except (OSError, ValueError) as trouble:
            why = getattr(trouble, "strerror", None) or trouble
            return BridgeResult(RETRY, f"{program} cannot be run: {why}")
    try:
        output, words = _outputs(process, time.monotonic() + SECONDS)
    except TimeoutError:
        return BridgeResult(RETRY, f"{command[0]} did not finish within {SECONDS:.0f} s")
    code = process.returncode
    reply = f"{command[0]} exited with {code}{_said(words)}"
    if code == 0:
        return BridgeResult(SENT, reply, output)
    return BridgeResult(FAILED if code in FINAL_EXITS else RETRY, reply)


def _environ(headers: Mapping[str, str]) -> dict[str, str]:
    """What a bridge is started with: none of our settings, some of which are secret."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("TICKETCTL_")}
    return ours | {name.upper().replace("-", "_"): value for name, value in headers.items()}


def _outputs(process: "subprocess.Popen[bytes]", end: float) -> tuple[bytes, bytes]:
    """Wait for the program; the beginnings of its standard output and error. TimeoutError if it takes too long."""
    with process:
        try:
            return _read(process, end)
        except BaseException:  # leave no process behind, neither the program nor its children
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise


def _read(process: "subprocess.Popen[bytes]", end: float) -> tuple[bytes, bytes]:
    assert process.stdout and process.stderr
    kept = {process.stdout: b"", process.stderr: b""}
    with selectors.DefaultSelector() as ready:
        for stream in kept:
            ready.register(stream, selectors.EVENT_READ)
        while ready.get_map():
            events = ready.select(max(0.0, end - time.monotonic()))
            if not events:
                raise TimeoutError
            for key, _ in events:
                piece = os.read(key.fd, 65_536)
                if not piece:
                    ready.unregister(key.fileobj)
                stream = next(one for one in kept if one is key.fileobj)
                kept[stream] = (kept[stream] + piece)[:MOST_BYTES]
    try:
        process.wait(max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return kept[process.stdout], kept[process.stderr]


def post(url: str, line: bytes, headers: Mapping[str, str]) -> BridgeResult:
    """Post the line to a URL. Redirects are not followed, because they would send it to another server."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    late = threading.Timer(SECONDS, _hang_up, [connection])
    late.daemon = True
    late.start()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, line, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        body = response.read(MOST_BYTES)
        reply = f"{response.status} {response.reason}".strip()
    except (OSError, http.client.HTTPException) as trouble:
        return BridgeResult(RETRY, f"{host} does not answer: {_why(trouble)}")
    finally:
        late.cancel()
        connection.close()
    if response.status // 100 == 2:
        return BridgeResult(SENT, reply, body)
    state = FAILED if response.status in FINAL_STATUSES else RETRY
    return BridgeResult(state, reply + _said(body))


def _hang_up(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)


def _said(words: bytes) -> str:
    text = " ".join(words.decode("utf-8", "replace").split())
    return f": {text[:SHOWN]}" if text else ""


def _why(trouble: Exception) -> str:
    if isinstance(trouble, TimeoutError):
        return f"nothing came within {SECONDS:.0f} s"
    return str(getattr(trouble, "strerror", None) or trouble or type(trouble).__name__).rstrip(".")
