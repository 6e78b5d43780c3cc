"""Python programs in processes of their own, which import no more than they need."""

import os
import subprocess
import sys

from tests.support.sources import ROOT


def at_once(program: str, *words: str, count: int) -> list[str]:
    """Run a program so many times at once; what each printed. All must end well."""
    command, environ = (
        [sys.executable, "-c", program, *words],
        {**os.environ, "PYTHONPATH": str(ROOT)},
    )
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)
        for _ in range(count)
    ]
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * count
    return said
