"""Shares commits: items that arrive while one commit runs go into the next one together.

One thread writes. An item's future resolves after its commit, so its result is durable (A1).
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

log = logging.getLogger("ticketctl.gateway.smtp")

MAX_ITEMS = 100  # in a commit; with more, the first would wait too long for the last
MAX_WEIGHT = 32 * 2**20  # bytes of a commit, unless a single item is larger


class SharedCommits(Generic[T, R]):
    """Calls `commit` with the items that are waiting, in order; it returns one result for each."""

    def __init__(
        self, commit: Callable[[Sequence[T]], Sequence[R]], weight: Callable[[T], int]
    ) -> None:
        self._commit = commit
        self._weight = weight
        self._waiting: SimpleQueue[tuple[T, Future[R]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, item: T) -> Future[R]:
        """Queue an item; RuntimeError after `close`."""
        future: Future[R] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("no commits after close")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
                self._thread.start()
            self._waiting.put((item, future))
        return future

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

    def _gather(self) -> tuple[list[tuple[T, Future[R]]], bool]:
        """Wait for one item, then take all others that are waiting; False once `close` was called."""
        batch: list[tuple[T, Future[R]]] = []
        weight = 0
        while len(batch) < MAX_ITEMS and weight < MAX_WEIGHT:
            try:
                entry = self._waiting.get(block=not batch)
            except Empty:
                break
            if entry is None:
                return batch, False
            batch.append(entry)
            weight += self._weight(entry[0])
        return batch, True

    def _commit_batch(self, batch: list[tuple[T, Future[R]]]) -> None:
        try:
            results = self._commit([item for item, _ in batch])
            for (_, future), result in zip(batch, results, strict=True):
                future.set_result(result)
        except Exception as error:
            # The thread must go on, and no caller may wait for ever.
            log.exception("a shared commit failed")
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
