"""Chance that is the same in every run: else one run in some thousand fails, by a token that has a word in it."""

import os
import random

from ticketctl.store.db import meta
from ticketctl.store.db.database import Database

# Of every desk that tests copy: addresses and signed ids are made from them.
SECRETS = {"key": "7c" * 32, "instance": "2f1d6c1e-0b7a-4c53-8d6f-5a0e91c4b7d3"}

_real = os.urandom
_chance = random.Random()


def take_over() -> None:
    """Draw the random bytes of this process from the names of its tests; processes that it forks draw real ones."""
    os.urandom = _chance.randbytes
    os.register_at_fork(after_in_child=_give_back)


def begin(name: str) -> None:
    """Begin a test: what it draws depends on its name alone."""
    _chance.seed(name)
    random.seed(name)


def put_secrets(url: str) -> None:
    """Give a migrated desk the secrets of all desks of the tests instead of its own."""
    db = Database(url)
    for name, value in SECRETS.items():
        db.write(lambda tx, name=name, value=value: meta.put(tx, name, value))  # type: ignore[misc]
    db.dispose()


def _give_back() -> None:
    os.urandom = _real
    random.seed()
