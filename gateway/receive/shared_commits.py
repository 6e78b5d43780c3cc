"""Shares commits: items that arrive while one commit runs go into the next one together.

One thread writes. An item's future resolves after its commit, so its result is durable (A1).
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
R = TypeVar("R")

log = logging.getLogger("ticketctl.gateway.smtp")

MAX_ITEMS = 100  # in a commit; with more, the first would wait too long for the last
MAX_WEIGHT = 32 * 2**20  # bytes of a commit, unless a single item is larger


class _Entry(NamedTuple, Generic[T, R]):
    """An item that waits for its commit, and the future of its result."""

    item: T
    future: Future[R] | asyncio.Future[R]
    loop: asyncio.AbstractEventLoop | None = None  # that of an asyncio future


class SharedCommits(Generic[T, R]):
    """Calls `commit` with the items that are waiting, in order; it returns one result for each."""

    def __init__(
        self, commit: Callable[[Sequence[T]], Sequence[R]], weight: Callable[[T], int]
    ) -> None:
        self._commit = commit
        self._weight = weight
        self._waiting: SimpleQueue[_Entry[T, R] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._began: float | None = None  # by time.monotonic(), while a commit runs

    def seconds(self) -> float:
        """How long the commit that runs has taken so far; 0 if none does."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    def submit(self, item: T) -> Future[R]:
        """Queue an item; RuntimeError after `close`."""
        future: Future[R] = Future()
        self._put(_Entry(item, future))
        return future

    def submit_in_loop(self, item: T) -> asyncio.Future[R]:
        """Queue an item from an event loop, which is woken once for all items of a commit."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._put(_Entry(item, future, loop))
        return future

    def _put(self, entry: _Entry[T, R]) -> None:
        with self._lock:
            if self._closed:
                raise RuntimeError("no commits after close")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
                self._thread.start()
            self._waiting.put(entry)

    def close(self) -> None:
        """Commit what is waiting, then stop. May be called twice."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._closed = True
            if thread is not None:
                self._waiting.put(None)
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        going = True
        while going:
            batch, going = self._gather()
            if batch:
                self._commit_batch(batch)

    def _gather(self) -> tuple[list[_Entry[T, R]], bool]:
        """Wait for one item, then take all others that are waiting; False once `close` was called."""
        batch: list[_Entry[T, R]] = []
        weight = 0
        while len(batch) < MAX_ITEMS and weight < MAX_WEIGHT:
            try:
                entry = self._waiting.get(block=not batch)
            except Empty:
                break
            if entry is None:
                return batch, False
            batch.append(entry)
            weight += self._weight(entry.item)
        return batch, True

    def _commit_batch(self, batch: list[_Entry[T, R]]) -> None:
        results: Sequence[R | Exception]
        self._began = time.monotonic()
        try:
            results = self._commit([entry.item for entry in batch])
            assert len(results) == len(batch), "one result for each item"
        except Exception as error:
            # The thread must go on, and no caller may wait for ever.
            log.exception("a shared commit failed")
            results = [error] * len(batch)
        self._began = None
        by_loop: dict[asyncio.AbstractEventLoop | None, list[tuple[_Entry[T, R], R | Exception]]]
        by_loop = {}
        for entry, result in zip(batch, results, strict=True):
            by_loop.setdefault(entry.loop, []).append((entry, result))
        for loop, some in by_loop.items():
            if loop is None:
                _resolve(some)
            else:
                loop.call_soon_threadsafe(_resolve, some)


def _resolve(results: Iterable[tuple[_Entry[T, R], R | Exception]]) -> None:
    for entry, result in results:
        if entry.future.done():
            continue
        if isinstance(result, Exception):
            entry.future.set_exception(result)
        else:
            entry.future.set_result(result)
