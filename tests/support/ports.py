"""Ports for servers that a test starts later, or that nobody may listen at."""

import itertools
import os
import random
import socket

# Below the ports that Linux gives to connections: one of those may be in use by the time the server starts.
_FIRST, _EACH = 10_000, 1_400  # for each worker of a run
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16
_offsets = itertools.count(random.SystemRandom().randrange(_EACH))  # another run may be at work


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has just now, and that no other test is given soon."""
    while True:
        port = _FIRST + _worker * _EACH + next(_offsets) % _EACH
        with socket.socket() as probe:
            if _is_free(probe, port):
                return port


def _is_free(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
