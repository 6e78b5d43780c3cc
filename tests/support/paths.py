"""Where the tests' own data lives, the mails that are not in the repository, and a folder in memory."""

import os
import shutil
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
DATA = TESTS / "data"
CORPUS = TESTS.parents[1] / "shared" / "corpus"
KINDS = TESTS.parents[1] / "shared" / "kinds"
FAULTS = TESTS.parents[1] / "shared" / "faults"

_SHARED_MEMORY = "/dev/shm"
_ROOM = 2_000_000_000  # bytes; a run takes a quarter of it


def in_memory() -> str | None:
    """A folder whose files are in memory; None where there is none with room."""
    if not os.access(_SHARED_MEMORY, os.W_OK):
        return None
    return _SHARED_MEMORY if shutil.disk_usage(_SHARED_MEMORY).free > _ROOM else None
