"""Rules: when they fire, what each step does, what is logged, and that nothing they do blocks a mail or a verb."""

from typing import Any

import pytest

from tests.store.actions.conftest import DESK, House
from ticketctl.actions import after, append
from ticketctl.actions.edit import Changes, edit
from ticketctl.actions.work import Work
from ticketctl.store import links, ratings, rule_log

REFUND = """
[[rule]]
name = "refund words"
on = "message"
when = "subject:refund"
then = ["type:billing", "segment:billing"]
otherwise = ["tag:other"]
"""


def lines(house: House, number: int) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """The log of a ticket, oldest first; of an update without its undo group."""
    found = house.read(lambda tx: rule_log.lines(tx, number=number))
    return [(x.rule, x.event.partition("/")[0], x.branch, x.did) for x in reversed(found)]


def rule(name: str, on: str, when: str, *then: str, otherwise: tuple[str, ...] = ()) -> str:
    """A rule as the desk's file has it."""
    listed = (
        f"{key} = [{', '.join(map(repr, steps))}]"
        for key, steps in (("then", then), ("otherwise", otherwise))
    )
    return "\n".join(
        ("[[rule]]", f"name = {name!r}", f"on = {on!r}", f"when = {when!r}", *listed, "")
    )


def change(house: House, number: int, **changes: Any) -> None:
    house.do(lambda w: edit(w, number, Changes(**changes), comment="because"))


def answer(house: House, number: int, given: int, scale: str = "1-5", **more: Any) -> int:
    """The customer answers a survey about a ticket; the answer's number."""

    def add(work: Work) -> int:
        id, new = ratings.add(
            work.tx, ticket=number, customer=1, survey="csat" if scale == "1-5" else "nps",
            scale=scale, rating=given, at=work.at, via="mail", **more,
        )  # fmt: skip
        if new:
            after.rated(work, number, id)
        return id

    return house.do(add, "gateway")


def opened(house: House) -> list[int]:
    """The tickets that the default rule has opened."""
    return sorted(
        int(word.did[0].split()[1])
        for word in house.read(lambda tx: rule_log.lines(tx, rule="detractor"))
        if word.did
    )


def test_Q3_a_rule_on_subject_words_sets_type_and_segment(house: House) -> None:
    house.apply(DESK + REFUND)
    ticket = house.ticket(house.open(subject="I want a refund"))
    assert (ticket.type, ticket.segment, ticket.source_segment) == ("billing", "billing", "support")
    assert ticket.owner == "ida"  # the sole manager there (Q34)
    told = house.events(ticket.id, "type", "segment")
    assert {(event.actor, event.comment) for event in told} == {("rule", "rule refund words")}
    (notice,) = house.outbox("notification")  # of the new ticket, and not of each step besides
    assert notice.to == ("ida@help.example",)


def test_Q7_each_branch_does_its_steps_once_and_both_are_logged(house: House) -> None:
    house.apply(DESK + REFUND)
    meeting, other = house.open(subject="refund"), house.open(subject="printer")
    assert house.ticket(other).tags == ("other",)
    assert house.ticket(meeting).tags == ()
    assert lines(house, meeting) == [
        ("refund words", f"message {meeting}", "then", ("type billing", "segment billing"))
    ]
    assert lines(house, other) == [
        ("refund words", f"message {other}", "otherwise", ("tag other",))
    ]


def test_a_later_mail_is_an_event_of_its_own(house: House) -> None:
    house.apply(DESK + rule("noisy", "message", "", "comment:again"))
    number = house.open()
    mail = house.incoming("Hello?")
    house.do(lambda w: append.customer_message(w, number, mail), "gateway")
    assert [one.text for one in house.comments(number)] == ["again", "again"]
    assert [x[1] for x in lines(house, number)] == [f"message {number}"] * 2


def test_Q4_a_rule_that_is_switched_off_has_no_effect(house: House) -> None:
    house.apply(DESK + REFUND + "enabled = false\n")
    number = house.open(subject="refund")
    assert (house.ticket(number).type, lines(house, number)) == (None, [])


def test_Q6_an_added_rule_fires_on_the_next_matching_event(house: House) -> None:
    before = house.open(subject="refund")
    house.apply(DESK + REFUND)
    assert house.ticket(before).type is None
    assert house.ticket(house.open(subject="refund")).type == "billing"


def test_later_rules_see_what_earlier_ones_changed(house: House) -> None:
    house.apply(
        DESK
        + rule("one", "created", "", "tag:a")
        + rule("two", "created", "tag:a", "priority:high")
        + rule("three", "message", "priority:high", "important:yes")
        + rule("four", "created", "is:important", "tag:too-early")
    )
    ticket = house.ticket(house.open())
    assert (ticket.tags, ticket.priority, ticket.important) == (("a",), "high", True)


# ---- answers to surveys ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "scale", "tickets"),
    [(0, "0-10", 1), (6, "0-10", 1), (7, "0-10", 0), (10, "0-10", 0), (2, "1-5", 1), (3, "1-5", 0)],
)
def test_Q5_a_detractor_opens_a_ticket_by_default(
    sqlite_house: House, given: int, scale: str, tickets: int
) -> None:
    number = sqlite_house.open()
    answer(sqlite_house, number, given, scale)
    assert len(opened(sqlite_house)) == tickets


def test_Q2_a_detractor_ticket_has_segment_owner_answer_and_link(house: House) -> None:
    number = house.open(mailbox="billing@help.example")
    house.later(days=1)
    rating = answer(house, number, 2, "0-10", comment="too slow")
    ticket = house.ticket(opened(house)[0])
    assert (ticket.segment, ticket.owner, ticket.type) == ("billing", "ida", "detractor")
    assert (ticket.response_id, ticket.customer.email) == (rating, "carl@customer.example")
    assert ticket.subject == "Detractor: Printer is broken"
    assert house.comments(ticket.id)[0].text == (
        f"rule detractor, about ticket {number} (nps: 2 of 10): too slow"
    )
    assert [x.ticket for x in house.read(lambda tx: links.of(tx, ticket.id))] == [number]
    assert house.outbox("notification")[-1].to == ("ida@help.example",)


def test_Q2_a_segment_of_several_gives_a_detractor_to_somebody(house: House) -> None:
    answer(house, house.open(), 1)
    assert house.ticket(opened(house)[0]).owner in ("ana", "ben")


def test_Q9_the_same_answer_twice_is_one_ticket(house: House) -> None:
    number = house.open()
    first = answer(house, number, 1, answer_id="a-1")
    assert answer(house, number, 1, answer_id="a-1") == first
    assert answer(house, number, 1) == first
    assert len(opened(house)) == 1
    assert answer(house, number, 5) != first
    assert len(opened(house)) == 1


def test_Q5_the_default_rule_may_be_changed_and_switched_off(house: House) -> None:
    house.apply(DESK + rule("detractor", "survey", "rating<=3 survey:csat", "tag:unhappy"))
    number = house.open()
    answer(house, number, 3)
    assert house.ticket(number).tags == ("unhappy",)
    assert house.read(lambda tx: rule_log.lines(tx))[0].did == ("tag unhappy",)
    house.apply(DESK + rule("detractor", "survey", "", "ticket:x") + "enabled = false\n")
    answer(house, number, 1)
    assert len(house.read(lambda tx: rule_log.lines(tx))) == 1


def test_Q3_a_rating_opens_a_linked_ticket(house: House) -> None:
    house.apply(DESK + rule("low", "survey", "rating<=2", "ticket:call back"))
    answer(house, house.open(), 2)
    assert house.ticket(2).subject == "Call back: Printer is broken"
    assert house.ticket(2).type == "call back"
