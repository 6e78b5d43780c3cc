"""Who gets a ticket, as a pure choice: by turn, load or skill, never somebody who is away or full."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ticketctl.domain.base.condition import EVERYTHING, Where, either, negation
from ticketctl.domain.base.records import Actor, Person, Ticket
from ticketctl.domain.definition.definition import Definition
from ticketctl.domain.loading.load import parse
from ticketctl.domain.rules import access, routing
from ticketctl.domain.rules.routing import Candidate, choose, has

AT = datetime(2026, 3, 9, 8, tzinfo=UTC)
STRATEGIES = ("round-robin", "load", "skill")
SKILLS = ("billing", "billing:2", "billing:3", "lang:cs", "lang:es", "outage")

DESK = parse("""
[desk]
language = "en"

[[agent]]
name = "ana"
email = "ana@help.example"
skills = ["lang:cs", "billing:2"]

[[agent]]
name = "ben"
email = "ben@help.example"
skills = ["outage"]

[[agent]]
name = "eva"
email = "eva@help.example"

[[segment]]
name = "support"
managers = ["eva"]
agents = ["ana"]

[[segment]]
name = "billing"
managers = ["eva"]

[[segment]]
name = "open"

[[type]]
name = "invoice"
skills = ["billing:2"]
""")

TICKET = Ticket(
    id=1,
    subject="Printer",
    status="new",
    priority="medium",
    important=False,
    kind="private",
    channel="email",
    mailbox="support@help.example",
    segment="support",
    source_segment="support",
    owner=None,
    type=None,
    tags=(),
    customer=Person(1, "Carl", "carl@customer.example"),
    created_at=AT,
    updated_at=AT,
    resolved_at=None,
    closed_at=None,
    wait_until=None,
    last_customer_at=None,
    messages_count=1,
    comments_count=0,
    awaiting="agent",
    escalation_level=0,
    merged_into=None,
    language=None,
    fields={},
    version=1,
)

candidate_lists = st.lists(
    st.builds(
        Candidate,
        name=st.sampled_from([f"agent{n}" for n in range(6)]),
        skills=st.lists(st.sampled_from(SKILLS), max_size=3).map(tuple),
        load=st.integers(0, 4),
        weight=st.integers(0, 9),
        capacity=st.none() | st.integers(1, 4),
        turn=st.integers(0, 9),
        away=st.sampled_from(["", "", "is away"]),
    ),
    unique_by=lambda one: one.name,
    max_size=6,
)


def eligible(one: Candidate, strategy: str, needs: Sequence[str]) -> bool:
    room = one.capacity is None or one.load < one.capacity
    able = strategy != "skill" or all(has(one.skills, need) for need in needs)
    return not one.away and room and able


@settings(max_examples=100)
@given(
    candidates=candidate_lists,
    strategy=st.sampled_from(STRATEGIES),
    needs=st.lists(st.sampled_from(SKILLS), max_size=2),
    earlier=st.none() | st.just("agent1"),
)
def test_an_able_agent_is_chosen_if_any_and_no_other_ever_F_T13(
    candidates: list[Candidate], strategy: str, needs: list[str], earlier: str | None
) -> None:
    able = {one.name: one for one in candidates if eligible(one, strategy, needs)}
    choice = choose(candidates, strategy, needs=needs, earlier=earlier)
    assert (choice.name in able) if able else (choice.name is None)
    if earlier in able:
        assert choice.name == earlier
    elif able and strategy == "round-robin":
        assert able[str(choice.name)].turn == min(one.turn for one in able.values())
    elif able:
        assert able[str(choice.name)].load == min(one.load for one in able.values())


@settings(max_examples=50)
@given(agents=st.integers(1, 6), tickets=st.integers(0, 40))
def test_round_robin_is_fair_within_one_F_T9(agents: int, tickets: int) -> None:
    candidates = [Candidate(name=f"agent{n}") for n in range(agents)]
    given_out: Counter[str] = Counter({one.name: 0 for one in candidates})
    for turn in range(1, tickets + 1):
        name = choose(candidates, "round-robin").name
        assert name
        given_out[name] += 1
        candidates = [replace(one, turn=turn) if one.name == name else one for one in candidates]
    assert max(given_out.values()) - min(given_out.values()) <= 1


def test_the_fewest_open_tickets_then_the_lighter_ones_then_the_turn_F_T10() -> None:
    ana = Candidate(name="ana", load=3)
    ben = Candidate(name="ben", load=1, weight=3, turn=2)
    cid = Candidate(name="cid", load=1, weight=3, turn=1)
    dan = Candidate(name="dan", load=1, weight=1, turn=9)
    assert choose([ana, ben], "load").name == "ben"
    assert choose([ana, ben, cid], "load").name == "cid"
    assert choose([ana, ben, cid, dan], "load").name == "dan"


def test_each_agent_passed_over_has_a_reason_F_T10() -> None:
    ana = Candidate(name="ana", away="is away until 2026-03-10 09:00")
    ben = Candidate(name="ben", load=20, capacity=20)
    cid = Candidate(name="cid")
    assert choose([ana, ben], "load") == routing.Choice(
        None,
        "no agent is available: ana is away until 2026-03-10 09:00, ben is full (20 of 20)",
    )
    assert choose([cid], "skill", needs=("lang:cs", "billing")).reason == (
        "no agent is available: cid lacks lang:cs, billing"
    )
    assert choose([], "load").reason == "no agent is available: the segment has no agents"


@pytest.mark.parametrize(
    ("skill", "need", "meets"),
    [
        ("billing", "billing", True),
        ("billing:2", "billing", True),
        ("billing:2", "billing:2", True),
        ("billing:10", "billing:9", True),
        ("billing:1", "billing:2", False),
        ("billing", "billing:1", True),
        ("billing", "billing:2", False),
        ("billing:cz", "billing:1", False),
        ("lang:cs", "lang:cs", True),
        ("lang:CS", "lang:cs", True),
        ("lang:es", "lang:cs", False),
        ("Outage", "outage", True),
        ("outages", "outage", False),
    ],
)
def test_a_skill_meets_a_need_by_name_and_level_F_T11(skill: str, need: str, meets: bool) -> None:
    assert has([skill], need) is meets


@pytest.mark.parametrize(
    ("changes", "needs"),
    [
        ({}, ()),
        ({"language": "en-GB"}, ()),
        ({"language": "cs"}, ("lang:cs",)),
        ({"language": "pt-BR"}, ("lang:pt",)),  # also where nobody speaks it
        ({"type": "invoice"}, ("billing:2",)),
        ({"type": "outage"}, ("outage",)),  # not declared, but somebody knows it
        ({"type": "delivery"}, ()),
        ({"tags": ("outage", "vip")}, ("outage",)),
        ({"tags": ("billing:3",)}, ("billing:3",)),
        ({"type": "outage", "tags": ("Outage",), "language": "cs"}, ("outage", "Outage", "lang:cs")),
    ],
)  # fmt: skip
def test_what_a_ticket_asks_for_F_T11(changes: dict[str, object], needs: tuple[str, ...]) -> None:
    assert routing.needs(DESK, replace(TICKET, **changes)) == needs


def test_owners_of_a_segment_are_its_managers_and_agents_F_Q33() -> None:
    assert routing.owners(DESK, "support") == ("eva", "ana")
    assert routing.owners(DESK, "open") == ("ana", "ben", "eva")
    assert routing.owners(DESK, "gone") == ("ana", "ben", "eva")


def test_routing_chooses_among_agents_and_among_managers_where_there_are_none() -> None:
    support, billing, _ = DESK.segments
    assert routing.routed_to(support) == ("ana",)
    assert routing.routed_to(billing) == ("eva",)


@pytest.mark.parametrize(
    ("actor", "segment", "owner", "sees"),
    [
        (Actor("ana"), "support", None, True),
        (Actor("ana"), "billing", None, False),
        (Actor("ana"), "billing", "ana", True),
        (Actor("ana"), "open", "eva", True),
        (Actor("ana"), "gone", None, True),
        (Actor("eva", role="manager"), "billing", None, True),
        (Actor("ben"), "support", None, False),
        (Actor("root", role="admin"), "billing", None, True),
    ],
)
def test_a_ticket_is_seen_by_its_segment_its_owner_and_admins_F_A37(
    actor: Actor, segment: str, owner: str | None, sees: bool
) -> None:
    assert access.sees(DESK, actor, replace(TICKET, segment=segment, owner=owner)) is sees


def test_the_condition_names_the_segments_that_are_hidden_F_A37() -> None:
    assert access.visible(DESK, Actor("eva")) == EVERYTHING
    assert access.visible(Definition(settings=DESK.settings, mailboxes=(), segments=DESK.segments),
                          Actor("anybody")) == EVERYTHING  # fmt: skip
    assert access.visible(DESK, Actor("ben")) == either(
        (negation(Where("segment", "=", ("support", "billing"))), Where("owner", "=", ("ben",)))
    )
