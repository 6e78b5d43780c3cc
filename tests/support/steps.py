"""Counts the steps of Python code, so that a test can tell linear from quadratic without a clock."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any


def steps(folder: Path, call: Callable[[], object]) -> int:
    """Return how many lines of the modules in a folder a call runs; a line counts each time it is reached.

    Calls and turns of loops count too. Work inside C functions does not: for patterns see test_linear_patterns.py.
    """
    count = 0
    inside = str(folder)

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if event == "call" and not frame.f_code.co_filename.startswith(inside):
            return None
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count
