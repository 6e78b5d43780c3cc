"""Reports row by row: who was not answered, who came back content, what was open then, what is left out."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from tests.reports.conftest import made
from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.tickets import open_ticket
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.undo import undo
from ticketctl.errors import BadInput
from ticketctl.reports.figures.frame import checked_by
from ticketctl.reports.model import Cell
from ticketctl.store.db import schema
from ticketctl.store.desk import ratings


def figures(helpdesk: DeskFixture, name: str, **how: Any) -> dict[str, Cell]:
    return made(helpdesk, name, **how).total.figures


def answer(helpdesk: DeskFixture, ticket: int, who: str = "ana") -> None:
    helpdesk.do(lambda work: reply(work, ticket, "Try this."), who)


def rate(
    helpdesk: DeskFixture, ticket: int, rating: int, *, scale: str = "1-5", survey: str = "csat"
) -> None:
    one = helpdesk.ticket(ticket)
    helpdesk.db.write(
        partial(
            ratings.add, ticket=ticket, customer=one.customer.id, survey=survey, scale=scale, rating=rating,
            at=helpdesk.at, via="command", segment=one.segment, owner=one.owner,
        )
    )  # fmt: skip


def test_coverage_lists_customers_without_an_answer_F_C5(helpdesk: DeskFixture) -> None:
    first, second, third = (helpdesk.open() for _ in range(3))
    answer(helpdesk, first)
    answer(helpdesk, second)
    report = made(helpdesk, "coverage")
    assert report.total.figures["answered_rate"] == report.total.figures["coverage"] == 0.6667
    assert [row["ticket"] for row in report.rows] == [third]


def test_recovery_is_of_those_who_rated_again_F_Q39(helpdesk: DeskFixture) -> None:
    people = [helpdesk.open(author=f"c{n}@x.example", message_id=f"<c{n}@x>") for n in range(3)]
    for ticket in people:
        rate(helpdesk, ticket, 2)
    helpdesk.later(hours=1)
    rate(helpdesk, people[0], 5)
    rate(helpdesk, people[1], 3, survey="later")
    report = made(helpdesk, "recovery")
    values = report.total.figures
    assert (values["detractors"], values["rated_again"], values["recovered"]) == (3, 2, 1)
    assert (values["recovery"], values["recovered_rate"]) == (0.5, 0.3333)
    assert [row["next_rating"] for row in report.rows] == [5, 3, None]


def test_promoters_less_detractors(helpdesk: DeskFixture) -> None:
    for rating in (10, 9, 8, 6):
        ticket = helpdesk.open(author=f"n{rating}@x.example")
        rate(helpdesk, ticket, rating, scale="0-10", survey="nps")
    values = figures(helpdesk, "csat")
    assert (values["nps_ratings"], values["nps"], values["csat"]) == (4, 0.25, None)


def test_the_backlog_shows_who_must_act_F_T2(helpdesk: DeskFixture) -> None:
    mine, free, waiting = helpdesk.open(), helpdesk.open(), helpdesk.open()
    helpdesk.do(lambda work: assign(work, mine, "ana", comment="hers"))
    helpdesk.do(lambda work: wait(work, waiting, comment="for him"))
    helpdesk.later(hours=8)
    values = figures(helpdesk, "backlog")
    assert (values["backlog"], values["load"], values["unassigned"], values["awaiting_agent"]) == (
        3,
        2,
        2,
        2,
    )
    assert (values["age_8h_24h"], values["age_under_8h"], values["oldest"]) == (3, 0, 8 * 3600)
    by_agent = made(helpdesk, "backlog", by=("agent",)).groups
    assert [(group.by["agent"], group.figures["load"]) for group in by_agent] == [
        ("ana", 1),
        ("unassigned", 1),
    ]
    assert free


def test_a_past_backlog_is_what_it_was_then(helpdesk: DeskFixture) -> None:
    moved, solved, spammed, merged = (helpdesk.open() for _ in range(4))
    helpdesk.do(lambda work: assign(work, moved, "ana", comment="hers"))
    helpdesk.do(
        lambda work: edit(work, merged, TicketChanges(segment="billing"), comment="so", force=True),
        "root",
        "admin",
    )
    helpdesk.later(days=1)
    then = made(helpdesk, "backlog", words="2026-03-09", by=("agent", "segment"))
    helpdesk.do(lambda work: assign(work, moved, "ben", comment="his", steal=True))
    helpdesk.do(lambda work: resolve(work, solved, comment="done"))
    helpdesk.do(lambda work: spam(work, spammed, comment="junk"))
    helpdesk.do(lambda work: merge(work, merged, moved, comment="same"), "root", "admin")
    answer(helpdesk, moved, "ben")
    later = made(helpdesk, "backlog", words="2026-03-09", by=("agent", "segment"))
    assert [(one.by, one.figures) for one in later.groups] == [
        (one.by, one.figures) for one in then.groups
    ]
    assert later.total.figures["backlog"] == 4
    assert figures(helpdesk, "backlog")["backlog"] == 1


def test_spam_merged_and_internal_tickets_count_nowhere(helpdesk: DeskFixture) -> None:
    kept, junk, twin = (helpdesk.open() for _ in range(3))
    helpdesk.open(author="ana@help.example")
    helpdesk.do(lambda work: spam(work, junk, comment="junk"))
    helpdesk.do(lambda work: merge(work, twin, kept, comment="same"))
    report = made(helpdesk, "volume")
    assert report.total.figures["created"] == 1
    assert report.counts == {"created": 1, "resolved": 0, "left_out": 3}


def test_answers_given_before_a_merge_count_where_the_words_are(helpdesk: DeskFixture) -> None:
    first, middle, last = (helpdesk.open() for _ in range(3))
    for ticket in (first, last):
        answer(helpdesk, ticket)
    helpdesk.do(lambda work: merge(work, first, middle, comment="same"))
    helpdesk.do(lambda work: merge(work, middle, last, comment="same"))
    helpdesk.do(lambda work: resolve(work, last, comment="done"))
    helpdesk.later(minutes=1)
    assert figures(helpdesk, "resolution")["touches"] == 2.0
    helpdesk.do(lambda work: unmerge(work, middle, comment="not the same"))
    assert figures(helpdesk, "resolution")["touches"] == 1.0


def test_a_ticket_that_an_agent_began_with_an_answer_has_no_first_response(
    helpdesk: DeskFixture,
) -> None:
    said = open_ticket.Draft(
        customer="carl@x.example", subject="Hello", comment="we call him", status="open"
    )
    ticket = helpdesk.do(lambda work: open_ticket.by_hand(work, said))
    assert figures(helpdesk, "response")["first_responses"] == 0
    helpdesk.later(minutes=5)
    answer(helpdesk, ticket)
    assert figures(helpdesk, "response")["frt_average"] == 300


def test_responses_are_of_who_answered_and_resolutions_of_the_owner_then(
    helpdesk: DeskFixture,
) -> None:
    ticket = helpdesk.open()
    helpdesk.do(lambda work: assign(work, ticket, "ana", comment="hers"))
    helpdesk.later(minutes=10)
    answer(helpdesk, ticket, "ben")
    helpdesk.do(lambda work: resolve(work, ticket, comment="done"))
    helpdesk.do(lambda work: assign(work, ticket, "ben", comment="after", steal=True))
    report = made(helpdesk, "agents")
    found = {
        g.by["agent"]: (g.figures["first_responses"], g.figures["resolved"]) for g in report.groups
    }
    assert found == {"ana": (0, 1), "ben": (1, 0)}


def test_what_was_undone_never_happened(helpdesk: DeskFixture) -> None:
    ticket = helpdesk.open()
    helpdesk.do(lambda work: resolve(work, ticket, comment="done"), group="first")
    helpdesk.do(undo, "ana", group="first")
    assert figures(helpdesk, "resolution")["resolved"] == 0
    helpdesk.later(hours=1)
    helpdesk.do(lambda work: resolve(work, ticket, comment="done"))
    values = figures(helpdesk, "resolution")
    assert (values["resolved"], values["reopened"], values["ttr_average"]) == (1, 0, 3600)


def test_pauses_and_reopenings_do_not_count_in_the_time_to_resolution(
    helpdesk: DeskFixture,
) -> None:
    ticket = helpdesk.open()
    for hours, verb in ((1, wait), (2, resolve), (4, reopen), (8, close)):
        helpdesk.later(hours=hours)
        helpdesk.do(partial(verb, ticket_id=ticket, comment="so"))
    values = figures(helpdesk, "resolution")
    assert (values["ttr_average"], values["ttr_gross_average"]) == (9 * 3600, 15 * 3600)
    assert values["reopenings_per_ticket"] == 1.0


def test_an_end_that_did_not_stand_has_no_time_but_counts_as_resolved(
    helpdesk: DeskFixture,
) -> None:
    ticket = helpdesk.open()
    helpdesk.do(lambda work: resolve(work, ticket, comment="done"))
    helpdesk.do(lambda work: reopen(work, ticket, comment="not done"))
    values = figures(helpdesk, "resolution")
    assert (values["resolved"], values["ttr_average"], values["reopen_rate"]) == (1, None, 1.0)


def test_real_time_is_around_the_clock(helpdesk: DeskFixture) -> None:
    helpdesk.apply(
        DESK
        + """
[[calendar]]
name = "nine"
timezone = "UTC"
hours = { mon = ["09:00-10:00"] }

[[sla]]
name = "nine"
calendar = "nine"
targets = { default = { first = "1h" } }
"""
    )
    ticket = helpdesk.open()  # at eight
    helpdesk.later(hours=3)
    answer(helpdesk, ticket)
    assert figures(helpdesk, "response")["frt_average"] == 3600
    assert figures(helpdesk, "response", clock="real")["frt_average"] == 3 * 3600


@pytest.mark.parametrize(("second", "month"), [(59, "2026-03"), (60, "2026-04")])
def test_a_month_ends_at_midnight_of_the_desk_on_the_31st_of_March(
    helpdesk: DeskFixture, second: int, month: str
) -> None:
    helpdesk.apply(
        DESK.replace('name = "Help"\n', 'name = "Help"\ntimezone = "Europe/Madrid"\n', 1)
    )
    helpdesk.at = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
    helpdesk.later(seconds=second)
    helpdesk.open()
    now = datetime(2026, 5, 1, tzinfo=UTC)
    created = {
        words: made(helpdesk, "volume", now, words=words).total.figures["created"]
        for words in ("2026-03", "2026-04")
    }
    assert created == {"2026-03": 0, "2026-04": 0} | {month: 1}


def test_groups_cross_and_totals_count_a_ticket_once(helpdesk: DeskFixture) -> None:
    for segment in ("support", "billing"):
        helpdesk.open(mailbox=f"{segment}@help.example")
    report = made(helpdesk, "volume", by=("segment", "priority"))
    assert [group.by for group in report.groups] == [
        {"segment": "billing", "priority": "medium"},
        {"segment": "support", "priority": "medium"},
    ]
    assert report.total.figures["created"] == 2


def test_only_the_tickets_of_a_query_are_counted(helpdesk: DeskFixture) -> None:
    first = helpdesk.open()
    helpdesk.open(mailbox="billing@help.example")
    report = made(helpdesk, "coverage", where="segment:support")
    assert [row["ticket"] for row in report.rows] == [first]
    assert report.query == "segment:support"


def test_an_unknown_group_is_refused() -> None:
    assert checked_by(["source-segment", "agent"]) == ("source_segment", "agent")
    with pytest.raises(BadInput, match="source-segment"):
        checked_by(["mood"])


def test_two_periods_are_compared(helpdesk: DeskFixture) -> None:
    helpdesk.open()
    helpdesk.later(days=1)
    helpdesk.open()
    helpdesk.open()
    report = made(helpdesk, "volume", words="today", compare=True)
    assert report.previous is not None
    assert (report.total.figures["created"], report.previous.total.figures["created"]) == (2, 1)


def test_the_operator_sees_what_mail_is_stuck(helpdesk: DeskFixture) -> None:
    helpdesk.open()
    helpdesk.db.write(
        lambda tx: tx.execute(update(schema.outbox).values(state="failed", error="550 no"))
    )
    values = figures(helpdesk, "mail")
    assert values["failed"] == len(helpdesk.outbox())
    assert made(helpdesk, "mail").rows[0]["why"] == "550 no"
    with pytest.raises(BadInput):
        made(helpdesk, "mail", where="is:open")
