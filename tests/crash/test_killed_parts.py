"""kill -9 of any part under load: what was acknowledged is filed once and answered, without anybody's help."""

import random
import time
from collections.abc import Callable, Sequence

import psutil

from tests.support.running_gateway import PATIENCE, RunningGateway, check_filed_once, check_sent
from tests.support.senders import Mail, Senders

PARTS = ("doors", "intake1", "intake2", "send")


def kill_all_in_turn(running: RunningGateway, senders: Senders, chance: random.Random) -> None:
    """Every part once at a random moment while mail comes in, in random order, and one of them twice."""
    for name in (*chance.sample(PARTS, len(PARTS)), chance.choice(PARTS)):
        running.until(senders.enough(chance.randint(3, 8)), "mail comes in")
        time.sleep(chance.uniform(0, 0.2))
        running.until(lambda name=name: running.kill(name), f"{name} runs again")


def check(running: RunningGateway, acknowledged: Sequence[Mail]) -> None:
    running.until(running.idle, "everything is filed and sent")
    assert running.stop() == 0
    check_filed_once(running, acknowledged)
    check_sent(running, acknowledged)


def test_nothing_is_lost_or_doubled_when_parts_are_killed(
    db_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(db_url)
    running.catch()
    running.start()
    with Senders(running.port) as senders:
        kill_all_in_turn(running, senders, random.Random(20260309))
    assert not [code for code, _ in senders.refusals if code >= 500]
    check(running, senders.acknowledged)


def test_nothing_is_lost_or_doubled_when_the_supervisor_is_killed(
    db_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(db_url, "intake_workers = 1")
    running.catch()
    running.start()
    with Senders(running.port) as senders:
        running.until(senders.enough(10), "mail comes in")
        orphans = running.kill_supervisor()
        alive = psutil.wait_procs(orphans, timeout=PATIENCE)[1]
        assert not alive, "the parts outlive their supervisor"
        running.start()
        running.until(senders.enough(5), "mail comes in again")
    check(running, senders.acknowledged)
