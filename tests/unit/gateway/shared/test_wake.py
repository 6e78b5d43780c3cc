"""Parts of the gateway wake each other by pipes that they inherit; without a supervisor nothing is open."""

import os
import threading
from collections.abc import Iterator

import pytest

from gateway.shared.wake import Wake

LONG = 60.0  # a wait that nobody sits out


@pytest.fixture
def wake() -> Iterator[Wake]:
    one = Wake()
    ends = one.open()
    yield one
    for end in ends:
        os.close(end)


def test_a_part_that_was_rung_for_does_not_wait(wake: Wake) -> None:
    wake.ring()
    wake.wait(threading.Event(), LONG)


def test_a_part_that_waits_is_woken(wake: Wake) -> None:
    rung = threading.Timer(0.05, wake.ring)
    rung.start()
    wake.wait(threading.Event(), LONG)
    rung.join()


def test_ringing_never_waits_for_a_part_that_works(wake: Wake) -> None:
    for _ in range(100_000):  # more than the pipe holds
        wake.ring()
    wake.wait(threading.Event(), LONG)


def test_a_part_that_is_told_to_stop_does_not_wait(wake: Wake) -> None:
    stop = threading.Event()
    stop.set()
    wake.wait(stop, LONG)


def test_without_a_supervisor_ringing_does_nothing_and_waiting_ends_with_stop() -> None:
    alone, stop = Wake(), threading.Event()
    alone.ring()
    threading.Timer(0.05, stop.set).start()
    alone.wait(stop, LONG)


def test_ringing_when_nobody_is_left_does_nothing() -> None:
    one = Wake()
    ears, rope = one.open()
    os.close(ears)
    one.ring()
    os.close(rope)
