"""kill -9 of any part under load: what was acknowledged is filed once and answered, without anybody's help."""

import random
import time
from collections.abc import Callable, Sequence

import psutil

from .conftest import PATIENCE, House, check_filed_once, check_sent
from .senders import Mail, Senders

PARTS = ("doors", "intake1", "intake2", "send")


def kill_all_in_turn(house: House, senders: Senders, chance: random.Random) -> None:
    """Every part once at a random moment while mail comes in, in random order, and one of them twice."""
    for name in (*chance.sample(PARTS, len(PARTS)), chance.choice(PARTS)):
        house.until(senders.enough(chance.randint(3, 8)), "mail comes in")
        time.sleep(chance.uniform(0, 0.2))
        house.until(lambda name=name: house.kill(name), f"{name} runs again")


def check(house: House, acknowledged: Sequence[Mail]) -> None:
    house.until(house.idle, "everything is filed and sent")
    assert house.stop() == 0
    check_filed_once(house, acknowledged)
    check_sent(house, acknowledged)


def test_nothing_is_lost_or_doubled_when_parts_are_killed(
    db_url: str, house: Callable[..., House]
) -> None:
    home = house(db_url)
    home.catch()
    home.start()
    with Senders(home.port) as senders:
        kill_all_in_turn(home, senders, random.Random(20260309))
    assert not [code for code, _ in senders.refusals if code >= 500]
    check(home, senders.acknowledged)


def test_nothing_is_lost_or_doubled_when_the_supervisor_is_killed(
    db_url: str, house: Callable[..., House]
) -> None:
    home = house(db_url, "intake_workers = 1")
    home.catch()
    home.start()
    with Senders(home.port) as senders:
        home.until(senders.enough(10), "mail comes in")
        orphans = home.kill_supervisor()
        alive = psutil.wait_procs(orphans, timeout=PATIENCE)[1]
        assert not alive, "the parts outlive their supervisor"
        home.start()
        home.until(senders.enough(5), "mail comes in again")
    check(home, senders.acknowledged)
