"""How long to stay away from a mail server that fails (B9): 5 s, doubling to 15 min, never all hosts at once."""

import random

FIRST, MOST = 5.0, 900.0  # seconds
_JITTER = 0.25  # at most this much of the pause is added


class Backoff:
    """Counts failures in a row; `chance` gives numbers from 0 to 1."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()
        self._failures = 0

    def failed(self) -> float:
        """Seconds to wait after one more failure."""
        pause = min(FIRST * 2.0**self._failures, MOST)
        self._failures = min(self._failures + 1, 16)
        return self._spread(pause)

    def refused(self) -> float:
        """Seconds to wait after a refused login: at least 15 minutes, since another try may lock the account."""
        return self._spread(MOST)

    def reset(self) -> None:
        """It works again."""
        self._failures = 0

    def _spread(self, pause: float) -> float:
        return pause * (1 + _JITTER * self._chance.random())
