"""`report mail` of a past day tells what was known at its end, whatever became of its mail since (sla.md §4)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

import msgspec
import pytest
from sqlalchemy import select

from tests.reports.conftest import made
from tests.support.desk import DeskFixture
from ticketctl import clock
from ticketctl.actions.customers.erase import erase
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.errors import Conflict
from ticketctl.reports.formats import json
from ticketctl.store.db.database import Tx
from ticketctl.store.db.schema import mail_state
from ticketctl.store.privacy import wipe
from ticketctl.store.queues import inbox, outbox, sending

T = TypeVar("T")

MONDAY = datetime(2026, 3, 9, tzinfo=UTC)


class Mails:
    """Mail that comes and goes on a desk whose clock the test sets."""

    def __init__(self, helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk, self.patch, self.count = helpdesk, monkeypatch, 0
        self.at(MONDAY)

    def at(self, when: datetime) -> None:
        self.desk.at = when
        self.patch.setenv(clock.VARIABLE, clock.rfc3339(when))

    def write(self, step: Callable[[Tx], T]) -> T:
        return self.desk.db.write(step)

    def report(self, words: str) -> str:
        return msgspec.json.encode(json.shape(made(self.desk, "mail", words=words))).decode()

    def figures(self, words: str) -> dict[str, object]:
        found = made(self.desk, "mail", words=words).total.figures
        return {name: value for name, value in found.items() if value}

    def comes(self) -> int:
        self.count += 1
        mail = ReceivedMail(
            raw=b"%d" % self.count, via="smtp", envelope_from="carl@customer.example",
            recipients={"support@help.example": ("support@help.example",)},
        )  # fmt: skip
        return self.write(lambda tx: inbox.accept(tx, mail, self.desk.at))[0]

    def is_filed(self, id: int, verdict: str = "new") -> None:
        self.write(
            lambda tx: inbox.finish(
                tx, id, verdict=verdict, class_="human", ticket=None, message=None, reasons=(), message_id=None,
            )
        )  # fmt: skip

    def is_held(self, id: int) -> None:
        self.write(lambda tx: inbox.hold(tx, id, f"cannot be read on {self.desk.at:%A}"))

    def is_written(self) -> int:
        self.count += 1
        mail = outbox.NewMail(
            kind="reply", mailbox="support@help.example", to=("a@x.example", "b@x.example"), subject="Hi",
            message_id=f"<{self.count}@help.example>", language="en", data={}, at=self.desk.at,
        )  # fmt: skip
        return self.write(lambda tx: outbox.queue(tx, mail))

    def is_tried(self, id: int, *results: str, again: bool = False) -> None:
        """Send a mail; what is still queued is tried `again` in an hour, or given up."""

        def settle(tx: Tx) -> None:
            for one, state in zip(outbox.deliveries(tx, id), results, strict=True):
                if one.state == "queued":
                    outbox.settle_delivery(tx, one.id, state, f"{state} {self.count}", self.desk.at)
            retry_at = self.desk.at + timedelta(hours=1) if again else None
            sending.settle(tx, id, retry_at=retry_at, error="450 later" if again else "550 no")

        self.write(settle)

    def bounces(self, id: int) -> None:
        one = self.write(lambda tx: outbox.deliveries(tx, id))[0]
        self.write(lambda tx: outbox.mark_bounced(tx, one.id, "5.1.1 unknown", self.desk.at))


@pytest.fixture
def mails(helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch) -> Mails:
    return Mails(helpdesk, monkeypatch)


def test_incoming_mail_counts_as_what_it_was_then(mails: Mails) -> None:
    filed, held, late = mails.comes(), mails.comes(), mails.comes()
    mails.is_filed(filed)
    mails.is_held(held)
    then = {"received": 3, "accepted": 1, "held": 1, "unfiled": 1}
    assert mails.figures("2026-03-09") == then
    mails.at(MONDAY + timedelta(days=1))
    mails.is_held(late)
    mails.write(lambda tx: inbox.retry(tx, held))
    mails.at(MONDAY + timedelta(days=2))
    mails.is_filed(held)
    mails.write(lambda tx: inbox.drop(tx, late))
    assert mails.figures("2026-03-09") == then
    # What is stuck counts at the end of a day, whenever it came.
    [row] = made(mails.desk, "mail", words="2026-03-10").rows
    assert (row["id"], row["why"]) == (late, "cannot be read on Tuesday")


def test_outgoing_mail_counts_as_what_it_was_then(mails: Mails) -> None:
    sent, failed, waits = mails.is_written(), mails.is_written(), mails.is_written()
    mails.is_tried(sent, "sent", "sent")
    mails.is_tried(failed, "sent", "failed")
    mails.at(MONDAY + timedelta(hours=30))
    then = mails.figures("2026-03-09")
    assert then == {"sent": 1, "failed": 1, "waiting": 1, "oldest_waiting": 86400}
    mails.bounces(sent)
    mails.write(lambda tx: outbox.retry(tx, failed))
    mails.is_tried(waits, "sent", "sent")
    assert mails.figures("2026-03-09") == then
    assert mails.figures("2026-03-10") == {"waiting": 1, "oldest_waiting": 30 * 3600}


def test_erasing_a_mail_leaves_the_days_before(mails: Mails) -> None:
    held, failed, waits = mails.comes(), mails.is_written(), mails.is_written()
    mails.is_held(held)
    mails.is_tried(failed, "uncertain", "sent")
    mails.at(MONDAY + timedelta(days=1))
    then = mails.figures("2026-03-09")
    mails.write(lambda tx: wipe.wipe_inbox(tx, [held]))
    mails.write(lambda tx: wipe.wipe_outbox(tx, [failed, waits]))
    assert mails.figures("2026-03-09") == then
    rows = made(mails.desk, "mail", words="2026-03-09").rows
    assert [(row["state"], row["why"]) for row in rows] == [("held", ""), ("uncertain", "")]
    assert mails.figures("2026-03-10") == {}


def test_why_a_mail_had_failed_names_nobody_who_was_erased(mails: Mails) -> None:
    mails.desk.open(author="dora@customer.example")
    carl = mails.desk.ticket(mails.desk.open()).customer.id
    row = mails.desk.outbox()[0].id
    refused = "550 carl@customer.example is unknown"

    def fails(tx: Tx) -> None:
        for one in outbox.deliveries(tx, row):
            outbox.settle_delivery(tx, one.id, "failed", refused, mails.desk.at)
        sending.settle(tx, row, retry_at=None, error=refused)

    mails.write(fails)
    mails.write(lambda tx: outbox.retry(tx, row))
    mails.desk.do(lambda work: erase(work, carl), "root", "admin")
    [why] = mails.write(lambda tx: tx.execute(select(mail_state.c.why)).scalars())
    assert "carl" not in why and why.startswith("550 ")


def random_step(mails: Mails, chance: Random) -> None:
    """Anything that may happen to a mail; what its state does not allow is refused and changes nothing."""
    one = chance.choice(mails.write(inbox.listing)).id
    out = chance.choice(mails.write(outbox.listing))
    results = chance.choices(("sent", "failed", "uncertain", "queued"), k=2)
    steps: list[Callable[[], object]] = [
        mails.comes,
        mails.is_written,
        lambda: mails.is_filed(one, chance.choice(("new", "duplicate", "spam", "bounce"))),
        lambda: mails.is_held(one),
        lambda: mails.write(lambda tx: inbox.retry(tx, one)),
        lambda: mails.write(lambda tx: inbox.drop(tx, one)),
        lambda: out.state == "queued" and mails.is_tried(out.id, *results, again=chance.random() < 0.5),
        lambda: mails.write(lambda tx: outbox.retry(tx, out.id)),
        lambda: mails.write(lambda tx: outbox.cancel(tx, out.id)),
        lambda: mails.bounces(out.id),
    ]  # fmt: skip
    try:
        chance.choice(steps)()
    except Conflict:
        return


@pytest.mark.parametrize("seed", range(3))
def test_no_day_changes_afterwards(mails: Mails, seed: int) -> None:
    chance = Random(seed)
    then: dict[str, str] = {}
    mails.comes()
    mails.is_written()
    for day in range(8):
        start = MONDAY + timedelta(days=day)
        for hour in range(24):
            mails.at(start + timedelta(hours=hour))
            random_step(mails, chance)
        mails.at(start + timedelta(days=1))
        then[f"{start:%Y-%m-%d}"] = mails.report(f"{start:%Y-%m-%d}")
    assert {day: mails.report(day) for day in then} == then
    assert any("550 no" in one for one in then.values())
