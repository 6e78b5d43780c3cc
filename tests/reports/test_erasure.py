"""Erasing a customer changes no figure of any report: texts and names go, numbers stay (F-R40). A purge is told."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.reports.chance import TOML, Busy
from tests.reports.conftest import made
from tests.support.desk import DeskFixture
from ticketctl import clock
from ticketctl.actions.customers.erase import erase
from ticketctl.actions.jobs import purge, surveys
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.reply import reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.undo.cancel import cancel
from ticketctl.domain.base.records import Actor
from ticketctl.reports.formats import formatting
from ticketctl.reports.formats.write import encode
from ticketctl.reports.kinds.registry import NAMES
from ticketctl.store.desk.surveys import figures
from ticketctl.store.queues import outbox

SURVEY = """
[[survey]]
name = "csat"
delay = "0s"
"""
TEXTS = ("subject", "comment")  # of rows; they go with the person
REPORTS = [name for name in NAMES if name != "mail"]  # which tells what the queues are like now


def all_reports(helpdesk: DeskFixture, by: tuple[str, ...] = ()) -> list[Any]:
    """Every report of the month, compared, without texts of people."""
    found = []
    for name in REPORTS:
        report = made(helpdesk, name, words="2026-03", by=by, compare=True)
        one = json.loads(encode([report], "json"))
        for row in one["rows"]:
            row.update(dict.fromkeys(TEXTS))
        found.append(one)
    return found


def erase_carl(helpdesk: DeskFixture) -> None:
    customer = helpdesk.ticket(1).customer.id
    helpdesk.do(lambda work: erase(work, customer), "root", "admin")


@pytest.mark.parametrize("seed", [1])
def test_no_figure_changes_when_the_customer_is_erased_F_R40(
    helpdesk: DeskFixture, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpdesk.apply(TOML + SURVEY)
    Busy(helpdesk, seed).live(80)
    helpdesk.apply(TOML + SURVEY)
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(helpdesk.at))
    list(surveys.send(helpdesk.db))
    before = [all_reports(helpdesk), all_reports(helpdesk, ("segment", "priority"))]
    erase_carl(helpdesk)
    assert [all_reports(helpdesk), all_reports(helpdesk, ("segment", "priority"))] == before


def test_an_answer_and_a_survey_in_the_queue_are_withdrawn_and_counted_F_R40(
    helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpdesk.apply(TOML + SURVEY)
    number, quiet = helpdesk.open(), helpdesk.open()
    helpdesk.do(lambda work: reply(work, number, "Try this."))
    helpdesk.do(lambda work: resolve(work, number, comment="done"))
    helpdesk.do(lambda work: reply(work, quiet, "Never mind."), group="oops")
    (oops,) = (row.id for row in helpdesk.outbox("reply") if row.ticket == quiet)
    helpdesk.db.write(lambda tx: cancel(tx, Actor("ana", "ana"), oops))
    helpdesk.do(lambda work: resolve(work, quiet, comment="done"))
    for _ in range(2):  # a customer gets one survey a day
        helpdesk.at += timedelta(days=1)
        monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(helpdesk.at))
        list(surveys.send(helpdesk.db))
    before = all_reports(helpdesk)
    sent = helpdesk.read(lambda tx: figures(tx))
    assert sent["csat"].sent == 2
    erase_carl(helpdesk)
    assert all_reports(helpdesk) == before
    assert helpdesk.read(lambda tx: figures(tx)) == sent
    assert {row.state for row in helpdesk.read(outbox.listing) if row.kind != "notification"} == {
        "cancelled"
    }
    assert not list(surveys.send(helpdesk.db))
    assert [one.delivery for one in helpdesk.messages(number) if one.direction == "out"] == [None]
    assert [one.delivery for one in helpdesk.messages(quiet) if one.direction == "out"] == [
        "cancelled"
    ]


def test_a_report_says_that_tickets_of_its_period_were_purged_F_R40(helpdesk: DeskFixture) -> None:
    helpdesk.open()
    helpdesk.do(lambda work: close(work, 1, comment="done"))
    helpdesk.later(days=40)
    helpdesk.do(lambda work: purge.some(work, helpdesk.at - timedelta(days=10)), "root", "admin")
    march = made(helpdesk, "volume", words="2026-03")
    assert march.counts["created"] == 0
    told = "tickets closed before 2026-04-08 08:00 were deleted and are not counted"
    assert dict(formatting.head(march))["Purged"] == told
    april = made(helpdesk, "volume", words="2026-04-09..2026-04-17")
    assert "Purged" not in dict(formatting.head(april))
    assert "Purged" in dict(
        formatting.head(made(helpdesk, "volume", words="2026-04", compare=True))
    )
