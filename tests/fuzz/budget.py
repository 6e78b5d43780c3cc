"""What nasty mails cost: `python tests/fuzz/budget.py [COUNT [BYTES]]`, 2000 mails of a megabyte if nothing is said.

Each is taken in and filed by a worker as the gateway has it, on SQLite. Prints the dearest mail of every shape, in
seconds of processor, and what became of them; ends with 1 where one took more than five seconds.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))

from gateway.intake.worker import Worker
from tests.support import nasty
from ticketctl import clock
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.settings.table import Settings
from ticketctl.store.db import migrate
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox

SECONDS = 5.0


def main(count: int, size: int) -> int:
    """Feed and measure; the exit code."""
    dearest: dict[str, tuple[float, int]] = {}
    fates: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/desk.db"
        migrate.upgrade(url)
        db = Database(url)
        worker = Worker(db, Settings())
        for number in range(count):
            shape = list(nasty.SHAPES)[number % len(nasty.SHAPES)]
            raw = nasty.SHAPES[shape](Random(f"{shape} {number}"), size)
            seconds, fate = _cost(db, worker, raw)
            fates[fate] += 1
            dearest[shape] = max(dearest.get(shape, (0.0, 0)), (seconds, number))
        db.dispose()
    for shape, (seconds, number) in sorted(dearest.items(), key=lambda one: -one[1][0]):
        print(f"{seconds:6.2f} s  {shape} (mail {number})")
    print(", ".join(f"{many} {fate}" for fate, many in fates.most_common()))
    return 1 if max(seconds for seconds, _ in dearest.values()) > SECONDS else 0


def _cost(db: Database, worker: Worker, raw: bytes) -> tuple[float, str]:
    arrival = ReceivedMail(
        raw=raw,
        via="pipe",
        envelope_from=None,
        recipients={"support@localhost": ("support@localhost",)},
    )
    row = db.write(lambda tx: inbox.accept(tx, arrival, clock.now())[0])
    start = time.process_time()
    worker.drain()
    seconds = time.process_time() - start
    with db.read() as tx:
        filed = inbox.get(tx, row)
    unread = any("too long to read" in reason.text for reason in filed.reasons)
    return seconds, "unread" if unread else filed.verdict or filed.state


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:3]]
    sys.exit(main(*(numbers + [2000, 1_000_000][len(numbers) :])))
