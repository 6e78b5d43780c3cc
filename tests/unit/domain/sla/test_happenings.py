"""Happenings from history: the whole story and single steps are the same, and what was undone never happened."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.domain.sla.tale import GOLD
from tests.unit.domain.sla.worked import MADRID, at
from ticketctl.domain.base.records import Event, Person, Ticket
from ticketctl.domain.definition import definition as d
from ticketctl.domain.sla import happenings
from ticketctl.domain.sla.advance import AGENT, CUSTOMER, advance, fold
from ticketctl.domain.sla.policy import Policy, of, parts
from ticketctl.domain.sla.sla_clock import Clock

START = at("2026-03-09T08:10")
NEW = Ticket(
    id=1, subject="x", status="new", priority="medium", important=False, kind="private",
    channel="email", mailbox="", segment="support", source_segment="support", owner=None, type=None,
    tags=(), customer=Person(1, "Carl", "carl@customer.example"), created_at=START, updated_at=START,
    resolved_at=None, closed_at=None, wait_until=None, last_customer_at=None, messages_count=1,
    comments_count=0, awaiting="agent", escalation_level=0, merged_into=None, language=None,
    fields={}, version=1, policy="gold", policy_version=1,
)  # fmt: skip
DESK = replace(
    d.DEFAULT, calendars=(MADRID,), slas=(GOLD, replace(GOLD, name="silver", calendar="")), version=1
)  # fmt: skip


def book(reference: str) -> Policy:
    return of(DESK, parts(reference)[0])


class History:
    """A ticket and its lines of history, written as the verbs write them, an undo group a call."""

    def __init__(self) -> None:
        self.ticket = NEW
        self.lines: list[Event] = []
        self.heard: set[int] = set()
        self.clocks: tuple[Clock, ...] = ()
        self._group = 0
        self._messages = 1
        self.did(START, ("created", None, None))

    def did(self, when: datetime, *what: tuple[str, str | None, Any], actor: str = "ana") -> str:
        """Write lines (type, field, new), bring the ticket along, move the stored clocks."""
        self._group += 1
        group = f"g{self._group}"
        for type, field, new in what:
            self._line(when, actor, group, type, field, new)
        done = [line for line in self.lines if line.group == group]
        happened = happenings.happening(self.ticket, done, self.heard)
        if happened:
            self.clocks = advance(self.clocks, happened, book)
        return group

    def _line(
        self, when: datetime, actor: str, group: str, type: str, field: str | None, new: Any
    ) -> None:
        old = None
        if field == "policy":
            old = f"{self.ticket.policy}@1"
            self.ticket = replace(self.ticket, policy=new.partition("@")[0])
        elif field == "message":
            self._messages += 1
            new = self._messages
        elif field and field != "comment":
            old = getattr(self.ticket, field)
            self.ticket = replace(self.ticket, **{field: new})
        if type == "message":
            self.heard.add(new)
        if type == "replied" and actor == "ana" and self.ticket.first_reply_at is None:
            self.ticket = replace(self.ticket, first_reply_at=when)
        self.lines.append(
            Event(
                n=len(self.lines) + 1, ticket=1, at=when, actor=actor, os_user="", type=type,
                field=field, old=old, new=new, comment=None, group=group,
            )
        )  # fmt: skip

    @property
    def folded(self) -> tuple[Clock, ...]:
        """The clocks by the whole story."""
        return fold(happenings.happenings(self.ticket, self.lines, self.heard), book)


def later(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


ANSWER = ("replied", "message", None)
MESSAGE = ("message", "message", None)


def status(new: str) -> tuple[str, str, str]:
    return ("status", "status", new)


def test_the_story_tells_who_wrote_and_what_changed() -> None:
    history = History()
    history.did(later(10), ("commented", "comment", 1))
    history.did(later(150), ANSWER, status("waiting"))
    history.did(later(1500), MESSAGE, status("open"), actor="gateway")
    history.did(later(1600), ("priority", "priority", "high"), ("assigned", "owner", "ben"))
    told = happenings.happenings(history.ticket, history.lines, history.heard)
    assert [(one.at, one.was, one.now.status, one.said, one.by) for one in told] == [
        (START, None, "new", "", None),
        (later(150), "new", "waiting", AGENT, "ana"),
        (later(1500), "waiting", "open", CUSTOMER, None),
        (later(1600), "open", "open", "", None),
    ]
    assert [one.now.answered for one in told] == [False, True, True, True]
    assert (told[2].now.priority, told[3].now.priority, told[3].now.owner) == ("medium", "high", "ben")  # fmt: skip
    assert history.folded == history.clocks


@pytest.mark.parametrize("actor", ["gateway", "rule"])
def test_a_word_of_no_person_answers_nobody(actor: str) -> None:
    history = History()
    history.did(later(5), ANSWER, actor=actor)
    assert [clock.state for clock in history.folded] == ["running", "running"]


def test_automatic_mail_starts_no_cycle() -> None:
    history = History()
    history.did(later(5), ANSWER)
    history.did(later(10), MESSAGE, actor="gateway")
    history.heard.clear()  # it was a vacation notice
    assert [clock.kind for clock in history.folded] == ["first", "resolve"]


def test_a_ticket_that_begins_with_an_agents_message_is_answered_at_its_creation() -> None:
    history = History()
    history.ticket = replace(history.ticket, first_reply_at=START)
    (created,) = happenings.happenings(history.ticket, history.lines, ())
    assert created.now.answered


def undone(history: History, when: datetime, line: Event, was: Any, new: Any) -> None:
    """Take a line back as undo does: a line of the same group, from what was there to what it puts there."""
    n = len(history.lines) + 1
    history.lines.append(replace(line, n=n, type=happenings.UNDONE, old=was, new=new, at=when))
    if line.field != "message":
        history.ticket = replace(history.ticket, **{str(line.field): new})


def test_what_was_undone_never_happened() -> None:
    plain, history = History(), History()
    history.did(later(30), ANSWER, status("resolved"))
    answer, end = history.lines[-2:]
    undone(history, later(40), end, "resolved", "new")
    undone(history, later(40), answer, None, answer.new)
    history.ticket = replace(history.ticket, first_reply_at=None)
    assert history.folded == plain.folded


def test_an_undo_of_a_part_leaves_the_rest() -> None:
    history = History()
    history.did(later(30), ("priority", "priority", "critical"), status("waiting"))
    undone(history, later(40), history.lines[-1], "waiting", "new")
    first, resolve = history.folded
    assert (first.target, resolve.state) == (3_600, "running")


def test_an_undo_over_another_s_change_is_a_change_itself() -> None:
    history = History()
    history.did(later(10), ("assigned", "owner", "ana"))
    history.did(later(20), ("assigned", "owner", "ben"))
    undone(history, later(30), history.lines[1], "ben", None)
    told = happenings.happenings(history.ticket, history.lines, ())
    assert [one.now.owner for one in told] == [None, "ana", "ben", None]


def test_what_others_changed_and_changed_back_did_happen_before_the_undo() -> None:
    history = History()
    history.did(later(10), status("resolved"))
    history.did(later(20), status("open"))
    history.did(later(30), status("resolved"))
    undone(history, later(50), history.lines[1], "resolved", "new")
    told = happenings.happenings(history.ticket, history.lines, ())
    assert [one.now.status for one in told] == ["new", "resolved", "open", "resolved", "new"]


def test_a_ticket_that_was_split_off_counts_from_its_first_message() -> None:
    history = History()
    history.ticket = replace(history.ticket, created_at=later(-60))
    (created,) = happenings.happenings(history.ticket, history.lines, ())
    assert created.at == later(-60)


STATUSES = ("open", "waiting", "escalated", "resolved", "closed", "spam", "merged")
steps = st.one_of(
    st.just((ANSWER,)),
    st.just((MESSAGE,)),
    st.just((("commented", "comment", 1),)),
    st.sampled_from(STATUSES).map(lambda new: (status(new),)),
    st.sampled_from(STATUSES).map(lambda new: (ANSWER, status(new))),
    st.just((MESSAGE, status("open"))),
    st.sampled_from(("low", "high", "critical")).map(lambda new: (("priority", "priority", new),)),
    st.sampled_from((None, "ana", "ben")).map(lambda new: (("assigned", "owner", new),)),
    st.sampled_from(("gold@1", "silver@1")).map(lambda new: (("policy", "policy", new),)),
    st.just((("segment", "segment", "billing"), ("assigned", "owner", None))),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2_000), steps), max_size=12))
def test_the_whole_story_gives_the_clocks_that_the_steps_gave(
    happened: list[tuple[int, tuple[tuple[str, str | None, Any], ...]]],
) -> None:
    history, minutes = History(), 0
    for wait, what in happened:
        minutes += wait
        history.did(later(minutes), *what)
    assert history.folded == history.clocks
    assert len({(clock.kind, clock.cycle) for clock in history.clocks}) == len(history.clocks)
    for clock in history.clocks:
        assert (clock.state in ("running", "paused")) == clock.active
        assert (clock.since is None) == (clock.state != "running")
        if clock.active:
            assert history.ticket.status in ("new", "open", "waiting", "escalated")
