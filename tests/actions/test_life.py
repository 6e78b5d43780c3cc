"""Whatever is done in whatever order, a ticket stays in order (property test of the life cycle)."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.desk import DeskFixture
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import outbound
from ticketctl.actions.tickets.assign import assign, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.receive_mail import (
    customer_message,
    expert_answer,
    quiet_message,
)
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reopen_window import may_join
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam, unspam
from ticketctl.actions.tickets.wait import wait
from ticketctl.domain.base import status
from ticketctl.errors import Conflict, Refused
from ticketctl.store.tickets import tickets

SECRET = "ZANZIBAR"
Step = Callable[[Work, int, Any], Any]

STEPS: dict[str, Step] = {
    "customer": lambda w, n, m: (
        customer_message(w, n, m) if may_join(w, tickets.get(w.tx, n)) else 0
    ),
    "machine": lambda w, n, m: quiet_message(w, n, m),
    "expert": lambda w, n, m: expert_answer(w, n, m),
    "take": lambda w, n, m: take(w, n, comment=SECRET, steal=True),
    "assign": lambda w, n, m: assign(w, n, "ben", comment=SECRET),
    "nobody": lambda w, n, m: assign(w, n, None, comment=SECRET),
    "comment": lambda w, n, m: comment(w, n, f"@ben {SECRET}"),
    "reply": lambda w, n, m: reply(w, n, "Try this."),
    "reply, waiting": lambda w, n, m: reply(w, n, "Try this.", Extras(status="waiting")),
    "reply, closed": lambda w, n, m: reply(w, n, "Done.", Extras(status="closed")),
    "wait": lambda w, n, m: wait(w, n, comment=SECRET),
    "escalate": lambda w, n, m: escalate(w, n, comment=SECRET, to=("expert@lab.example",)),
    "resolve": lambda w, n, m: resolve(w, n, comment=SECRET),
    "close": lambda w, n, m: close(w, n, comment=SECRET),
    "reopen": lambda w, n, m: reopen(w, n, comment=SECRET),
    "spam": lambda w, n, m: spam(w, n, comment=SECRET),
    "unspam": lambda w, n, m: unspam(w, n, comment=SECRET),
    "edit": lambda w, n, m: edit(
        w, n, TicketChanges(priority="high", segment="billing"), comment=SECRET
    ),
    "back": lambda w, n, m: edit(
        w, n, TicketChanges(priority="low", segment="support"), comment=SECRET
    ),
    "edit open": lambda w, n, m: edit(w, n, TicketChanges(status="open"), comment=SECRET),
    "merge": lambda w, n, m: merge(w, n, 1, comment=SECRET),
    "unmerge": lambda w, n, m: unmerge(w, n, comment=SECRET),
}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_any_sequence_of_verbs_keeps_a_ticket_in_order(
    sqlite_helpdesk: DeskFixture, steps: list[str]
) -> None:
    helpdesk = sqlite_helpdesk
    number = helpdesk.open()
    for step in steps:
        helpdesk.later(minutes=7)
        before, history = helpdesk.ticket(number), len(helpdesk.events(number))
        text = SECRET if step == "expert" else "More."
        given_mail = helpdesk.incoming(text, class_="auto" if step == "machine" else "human")
        try:
            done = helpdesk.do(
                lambda w, s=step, m=given_mail: STEPS[s](w, number, m), "root", "admin"
            )
        except (Refused, Conflict):
            assert helpdesk.ticket(number) == before
            continue
        after = helpdesk.ticket(number)
        in_order(helpdesk, after)
        assert after.version > before.version or not done
        assert len(helpdesk.events(number)) > history or after == before
    private(helpdesk, number)


def in_order(helpdesk: DeskFixture, ticket: Any) -> None:
    ended = ticket.status in status.ENDED
    assert (ticket.resolved_at is not None) == ended
    assert (ticket.closed_at is not None) == (ticket.status == status.CLOSED)
    assert ticket.wait_until is None or ticket.status == status.WAITING
    assert (ticket.merged_into is not None) == (ticket.status == status.MERGED)
    assert ticket.closed_loop_at is None or ended
    numbers = [event.n for event in helpdesk.events(ticket.id)]
    assert numbers == list(range(1, len(numbers) + 1))
    moves = [(e.old, e.new) for e in helpdesk.events(ticket.id) if e.field == "status"]
    assert all(one[1] == two[0] for one, two in pairwise(moves))
    assert not moves or moves[-1][1] == ticket.status


def private(helpdesk: DeskFixture, number: int) -> None:
    for row in helpdesk.outbox(*outbound.FOR_CUSTOMERS):
        if row.ticket == number:
            assert SECRET not in json.dumps([row.subject, row.data])


def test_the_steps_reach_every_status(sqlite_helpdesk: DeskFixture) -> None:
    helpdesk = sqlite_helpdesk
    helpdesk.open()
    number, seen = helpdesk.open(), set()
    path = ["customer", "reply", "wait", "escalate", "resolve", "close", "spam", "unspam", "merge"]
    seen.add(helpdesk.ticket(number).status)
    for step in path:
        given_mail = helpdesk.incoming()
        helpdesk.do(lambda w, s=step, m=given_mail: STEPS[s](w, number, m), "root", "admin")
        seen.add(helpdesk.ticket(number).status)
    assert seen == set(status.STATUSES)
