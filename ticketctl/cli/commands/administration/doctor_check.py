"""The result of a check of `ticketctl doctor`."""

from typing import NamedTuple


class Check(NamedTuple):
    """What one check found. `code` is the exit code of a failure."""

    name: str
    state: str  # ok | warn | fail
    sentence: str
    code: int = 0
