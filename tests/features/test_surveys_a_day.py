"""A customer gets one survey a day at most, and an unhappy one a manager (F-C11, F-Q2, F-Q5)."""

from datetime import timedelta

import pytest

from tests.actions.test_detractor import answer, opened
from tests.support.desk import DESK, DeskFixture
from ticketctl import clock
from ticketctl.actions.customers.absence import away
from ticketctl.actions.jobs import surveys
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.store.db.database import Database
from ticketctl.store.queues import outbox

SURVEYS = '\n[[survey]]\nname = "csat"\ndelay = "1h"\n\n[[survey]]\nname = "nps"\nscale = "0-10"\ndelay = "1h"\n'
NOON = clock.parse("2026-03-09T12:00:00Z")


@pytest.fixture
def asking(db: Database, monkeypatch: pytest.MonkeyPatch) -> DeskFixture:
    """A desk with two surveys; Carl has two resolved tickets, Dora one."""
    made = DeskFixture(db, DESK + SURVEYS)
    for author in ("carl@customer.example", "carl@customer.example", "dora@customer.example"):
        number = made.open(author=author)
        made.do(lambda w, n=number: resolve(w, n, comment="done"), notify=False)
    monkeypatch.setenv("TICKETCTL_NOW", clock.rfc3339(NOON))
    return made


def sent(desk: DeskFixture, monkeypatch: pytest.MonkeyPatch, hours: float) -> list[str]:
    """Who is asked so many hours after noon, by which survey and about which ticket."""
    monkeypatch.setenv("TICKETCTL_NOW", clock.rfc3339(NOON + timedelta(hours=hours)))
    return [f"{x.to.partition('@')[0]} {x.survey} {x.ticket}" for x in surveys.send(desk.db)]


@pytest.mark.postgres
def test_a_customer_gets_one_survey_a_day_whatever_it_is_about(
    asking: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sent(asking, monkeypatch, 0) == ["carl csat 1", "dora csat 3"]
    assert sent(asking, monkeypatch, 23.9) == []
    assert sent(asking, monkeypatch, 24) == ["carl csat 2", "dora nps 3"]
    assert sent(asking, monkeypatch, 48) == ["carl nps 1"]
    assert sent(asking, monkeypatch, 72) == ["carl nps 2"]
    assert sent(asking, monkeypatch, 96) == []


def test_a_survey_that_was_cancelled_does_not_count(
    asking: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(asking, monkeypatch, 0)
    (row,) = asking.outbox("survey", to="carl@customer.example")
    asking.db.write(lambda tx: outbox.cancel(tx, row.id))
    assert sent(asking, monkeypatch, 1) == ["carl csat 2"]


def test_a_trial_without_effect_names_each_customer_that_may_be_asked(asking: DeskFixture) -> None:
    found = list(surveys.send(asking.db, dry_run=True))
    assert {one.to for one in found} == {"carl@customer.example", "dora@customer.example"}


def test_F_Q2_a_detractor_goes_to_the_manager_with_the_fewest_tickets(db: Database) -> None:
    desk = DeskFixture(db)
    owners = []
    for n in range(1, 5):
        answer(desk, desk.open(author=f"c{n}@customer.example"), 1)
        owners.append(desk.ticket(opened(desk)[-1]).owner)
    assert owners == ["eva", "root", "eva", "root"]
    assert desk.outbox("notification")[-1].to == ("root@help.example",)


def test_F_Q2_a_manager_who_is_away_gets_none(db: Database) -> None:
    desk = DeskFixture(db)
    desk.do(lambda w: away(w, "eva", None, "ill"), "eva", "manager")
    answer(desk, desk.open(), 1)
    assert desk.ticket(opened(desk)[-1]).owner == "root"


def test_F_Q2_routing_that_is_named_gives_a_detractor_to_an_agent(db: Database) -> None:
    desk = DeskFixture(
        db, DESK.replace('agents = ["ana", "ben"]', 'agents = ["ana", "ben"]\nrouting = "load"')
    )
    answer(desk, desk.open(), 1)
    assert desk.ticket(opened(desk)[-1]).owner in ("ana", "ben")


def test_F_Q2_without_a_manager_at_work_an_agent_gets_it(db: Database) -> None:
    desk = DeskFixture(db, DESK.replace('managers = ["eva", "root"]\n', ""))
    answer(desk, desk.open(), 1)
    assert desk.ticket(opened(desk)[-1]).owner in ("ana", "ben")
