"""Pauses after failures of a mail server (B9): 5 s, doubling up to 15 min, with jitter."""

import random

FIRST, MAX = 5.0, 900.0  # seconds
_JITTER = 0.25  # at most this much of the pause is added


class Backoff:
    """Counts failures in a row. `chance` is the source of jitter."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()
        self._failures = 0

    def failed(self) -> float:
        """Count a failure; return the seconds to wait."""
        pause = min(FIRST * 2.0**self._failures, MAX)
        self._failures = min(self._failures + 1, 16)
        return self._spread(pause)

    def refused(self) -> float:
        """Return the seconds to wait after a refused login: 15 minutes or more, as another try may lock the account."""
        return self._spread(MAX)

    def reset(self) -> None:
        """Start again after a success."""
        self._failures = 0

    def _spread(self, pause: float) -> float:
        return pause * (1 + _JITTER * self._chance.random())
