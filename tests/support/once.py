"""What is made once in a run of the tests, whichever worker wants it first."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path


def once(base: Path, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` fills once, for all workers to read or copy; `base`: the folder of this worker's tests.

    Another worker that wants it meanwhile waits. What fails is tried again by the next.
    """
    top = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = top / name, top / f"{name}.done"
    with (top / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
