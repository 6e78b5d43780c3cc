"""assign, take, comment, resolve, close, reopen, wait, spam, link, merge."""

from datetime import timedelta
from typing import Any

import pytest

from ticketctl.actions.tickets.assign import assign, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import Changes, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.link import link, unlink
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam, unspam
from ticketctl.actions.tickets.wait import wait
from ticketctl.domain.base.records import Participant
from ticketctl.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from ticketctl.store.tickets import links, tickets

ONE_AGENT = """
[desk]
domain = "help.example"
"""


@pytest.mark.parametrize(
    ("verb", "run"),
    [
        ("edit", lambda w, n: edit(w, n, Changes(priority="high"), comment=" \n")),
        ("assign", lambda w, n: assign(w, n, "ben")),
        ("escalate", lambda w, n: escalate(w, n, comment="\t")),
        ("resolve", lambda w, n: resolve(w, n)),
        ("close", lambda w, n: close(w, n)),
        ("reopen", lambda w, n: reopen(w, n)),
    ],
)
def test_a_verb_that_needs_a_comment_changes_nothing_without_F_Q35(
    house: Any, verb: str, run: Any
) -> None:
    number = house.open()
    before = house.ticket(number)
    with pytest.raises(Refused, match=f'{verb} needs a comment: give -m "why".'):
        house.do(lambda w: run(w, number))
    assert house.ticket(number) == before


def test_rules_and_the_gateway_bring_their_own_reasons_F_Q35(house: Any) -> None:
    number = house.open()
    house.do(lambda w: close(w, number), "gateway")
    assert house.ticket(number).status == "closed"


def test_assigning_three_tickets_makes_three_events_and_three_notices_F_T8(house: Any) -> None:
    numbers = [house.open(subject=f"S{n}") for n in range(3)]
    sent = len(house.outbox())
    for number in numbers:
        house.do(lambda w, n=number: assign(w, n, "ben", comment="x"), group="g1")
        (event,) = house.events(number, "assigned")
        assert (event.field, event.old, event.new, event.comment, event.group) == (
            "owner",
            None,
            "ben",
            "x",
            "g1",
        )
    assert [row.to for row in house.outbox()[sent:]] == [("ben@help.example",)] * 3


def test_assigning_to_oneself_sends_no_notification_L16(house: Any) -> None:
    number = house.open()
    sent = len(house.outbox())
    house.do(lambda w: take(w, number))
    assert house.ticket(number).owner == "ana"
    assert len(house.outbox()) == sent


def test_only_managers_and_agents_of_the_segment_may_own_F_Q22(house: Any) -> None:
    number = house.open()
    with pytest.raises(Refused, match="ida is neither manager nor agent of segment support"):
        house.do(lambda w: assign(w, number, "ida", comment="x", force=True))
    with pytest.raises(NotFound, match='no agent "zoe"'):
        house.do(lambda w: assign(w, number, "zoe", comment="x"))
    house.do(lambda w: assign(w, number, "ida", comment="x", force=True), "root", "admin")
    assert house.ticket(number).owner == "ida"


def test_a_second_taker_needs_to_steal_F_Q23(house: Any) -> None:
    number = house.open()
    house.do(lambda w: take(w, number))
    with pytest.raises(Conflict, match=f"ticket {number} is already Ana's; use --steal."):
        house.do(lambda w: take(w, number), "ben")
    house.do(lambda w: take(w, number, steal=True), "ben")
    assert house.ticket(number).owner == "ben"


def test_an_admin_may_take_a_ticket_of_any_segment_F_Q23(house: Any) -> None:
    number = house.open(mailbox="billing@help.example")
    house.do(lambda w: take(w, number, steal=True), "root", "admin")
    assert house.ticket(number).owner == "root"


def test_taking_what_is_mine_changes_nothing(house: Any) -> None:
    number = house.open()
    assert house.do(lambda w: take(w, number))
    before = house.ticket(number)
    assert not house.do(lambda w: take(w, number))
    assert house.ticket(number) == before


def test_a_desk_without_agents_has_the_os_user_as_its_one_agent(house: Any) -> None:
    house.apply(ONE_AGENT)
    number = house.open()
    house.do(lambda w: take(w, number), "carla")
    assert house.ticket(number).owner == "carla"
    with pytest.raises(NotFound, match="defines no agents"):
        house.do(lambda w: assign(w, number, "zoe", comment="x"), "carla")


def test_an_agent_of_another_segment_has_no_access_F_A37(house: Any) -> None:
    number = house.open()
    with pytest.raises(NotAllowed, match=f"ticket {number} belongs to segment support"):
        house.do(lambda w: comment(w, number, "hello"), "ida")


def test_a_comment_notifies_only_the_agents_it_mentions_F_A24(house: Any) -> None:
    number = house.open()
    sent = len(house.outbox())
    house.do(lambda w: comment(w, number, "@ben. can you? not @nobody, nor x@ana nor @ana"))
    (notice,) = house.outbox()[sent:]
    assert (notice.to, notice.data["event"]) == (("ben@help.example",), "comment")


def test_a_comment_without_words_is_refused(house: Any) -> None:
    number = house.open()
    with pytest.raises(Refused):
        house.do(lambda w: comment(w, number, " \n"))


@pytest.mark.parametrize("verb", [resolve, close])
def test_the_customer_is_told_of_the_resolution_once_F_Q1(house: Any, verb: Any) -> None:
    number = house.open()
    house.do(lambda w: verb(w, number, comment="new drum", reply_text="It prints again."))
    (mail,) = house.outbox("resolution")
    assert mail.to == ("carl@customer.example",)
    assert mail.data["text"] == "It prints again."
    ticket = house.ticket(number)
    assert ticket.resolved_at == ticket.closed_loop_at == house.at
    assert ticket.awaiting == "nobody"


def test_closing_what_was_resolved_says_nothing_again_F_Q1(house: Any) -> None:
    number = house.open()
    house.do(lambda w: resolve(w, number, comment="x"))
    house.do(lambda w: close(w, number, comment="x"))
    assert len(house.outbox("resolution")) == 1
    assert house.ticket(number).closed_at == house.at


@pytest.mark.parametrize("verb", [resolve, close])
def test_a_closing_message_is_a_reply_in_the_conversation_F_Q1(house: Any, verb: Any) -> None:
    number = house.open()
    house.do(lambda w: verb(w, number, comment="new drum", reply_text="It prints again."))
    (mail,) = house.outbox("resolution")
    said = house.messages(number)[-1]
    assert (said.direction, said.class_, said.author) == ("out", "human", "ana")
    assert (said.text, said.delivery) == ("It prints again.", "queued")
    assert (mail.message, mail.message_id) == (said.n, said.message_id)
    assert house.ticket(number).first_reply_at == house.at
    assert [one.new for one in house.events(number, "replied")] == [said.n]
    house.do(lambda w: close(w, number, comment="x") if verb is resolve else None)
    assert len(house.outbox("resolution")) == 1


def test_words_at_the_close_reach_a_customer_who_was_told_of_the_resolution_F_Q1(
    house: Any,
) -> None:
    number = house.open()
    house.do(lambda w: resolve(w, number, comment="x"))
    assert len(house.messages(number)) == 1
    house.do(lambda w: close(w, number, comment="x", reply_text="All the best."))
    assert house.outbox("resolution")[-1].data["text"] == "All the best."
    assert house.messages(number)[-1].text == "All the best."


def test_after_a_reopening_the_next_resolution_is_sent_again_F_Q1(house: Any) -> None:
    number = house.open()
    house.do(lambda w: resolve(w, number, comment="x"))
    house.do(lambda w: reopen(w, number, comment="not yet"))
    assert house.ticket(number).resolved_at is None
    house.do(lambda w: resolve(w, number, comment="x"))
    assert len(house.outbox("resolution")) == 2


def test_no_notify_leaves_the_loop_open_F_Q1(house: Any) -> None:
    number = house.open()
    house.do(lambda w: close(w, number, comment="x"), notify=False)
    assert house.outbox("resolution") == []
    assert house.ticket(number).closed_loop_at is None


def test_a_field_required_at_the_close_is_asked_for_on_every_way_there(house: Any) -> None:
    required = '[[field]]\non = "ticket"\nname = "reason"\nrequired = "close"\n'
    house.apply(ONE_AGENT + required)
    number = house.open()
    for run in (
        lambda w: close(w, number, comment="x"),
        lambda w: resolve(w, number, comment="x"),
        lambda w: edit(w, number, Changes(status="closed"), comment="x"),
    ):
        with pytest.raises(Refused, match="field reason is required"):
            house.do(run)
    house.do(lambda w: close(w, number, comment="x", fields={"reason": "drum"}))
    assert house.ticket(number).fields == {"reason": "drum"}


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        (
            lambda w, n: reopen(w, n, comment="x"),
            "a ticket that is new cannot be changed by reopen",
        ),
        (lambda w, n: unspam(w, n), "a ticket that is new cannot be changed by unspam"),
        (lambda w, n: unmerge(w, n), "a ticket that is new cannot be changed by unmerge"),
    ],
)
def test_a_step_that_the_life_cycle_lacks_is_refused(house: Any, verb: Any, sentence: str) -> None:
    number = house.open()
    with pytest.raises(Refused, match=sentence):
        house.do(lambda w: verb(w, number))


def test_wait_until_a_time_to_come(house: Any) -> None:
    number = house.open()
    until = house.at + timedelta(days=1)
    with pytest.raises(BadInput):
        house.do(lambda w: wait(w, number, until=house.at))
    house.do(lambda w: wait(w, number, until=until))
    ticket = house.ticket(number)
    assert (ticket.status, ticket.wait_until, ticket.awaiting) == ("waiting", until, "customer")


def test_spam_and_back(house: Any) -> None:
    number = house.open()
    house.do(lambda w: close(w, number, comment="x"))
    house.do(lambda w: spam(w, number))
    assert (house.ticket(number).status, house.ticket(number).resolved_at) == ("spam", None)
    house.do(lambda w: unspam(w, number))
    assert house.ticket(number).status == "open"


def test_links_are_noted_on_both_sides_and_once(house: Any) -> None:
    a, b = house.open(), house.open(subject="Other")
    assert house.do(lambda w: link(w, a, "blocks", b))
    assert not house.do(lambda w: link(w, a, "blocks", b))
    assert [e.field for e in house.events(b, "linked")] == ["blocked by"]
    house.do(lambda w: unlink(w, a, "blocks", b))
    assert house.read(lambda tx: links.of(tx, a)) == []
    with pytest.raises(NotFound):
        house.do(lambda w: unlink(w, a, "blocks", b))
    with pytest.raises(Refused):
        house.do(lambda w: link(w, a, "blocks", a))
    with pytest.raises(BadInput, match='"loves" is no kind of link'):
        house.do(lambda w: link(w, a, "loves", b))


def test_merging_into_what_is_merged_follows_the_chain_D15(house: Any) -> None:
    a, b, c = (house.open(subject=f"S{n}") for n in range(3))
    house.do(lambda w: merge(w, b, c))
    assert house.do(lambda w: merge(w, a, b)) == c
    assert house.read(lambda tx: tickets.final(tx, a)) == c
    assert (house.ticket(a).status, house.ticket(a).merged_into) == ("merged", c)
    with pytest.raises(Conflict):
        house.do(lambda w: merge(w, c, a))
    with pytest.raises(Conflict, match=f"ticket {a} is merged into {c}: use that one"):
        house.do(lambda w: merge(w, a, c))
    with pytest.raises(Conflict):
        house.do(lambda w: comment(w, a, "lost?"))


def test_unmerge_puts_back_what_was_also_out_of_a_chain(house: Any) -> None:
    a, b, c = (house.open(subject=f"S{n}", author=f"p{n}@x.example") for n in range(3))
    house.do(lambda w: resolve(w, b, comment="x"), notify=False)
    before = [house.ticket(n) for n in (a, b)]
    house.do(lambda w: merge(w, a, b))
    house.do(lambda w: merge(w, b, c))
    assert {p.address for p in house.read(lambda tx: tickets.participants(tx, c))} == {
        "p0@x.example",
        "p1@x.example",
    }
    house.do(lambda w: unmerge(w, b))
    after = house.ticket(b)
    assert (after.status, after.merged_into) == ("open", None)  # a's question is still in it
    assert house.read(lambda tx: tickets.participants(tx, c)) == []
    assert house.read(lambda tx: tickets.final(tx, a)) == b
    assert [e.old for e in house.events(c, "unmerged")] == [b]
    house.do(lambda w: unmerge(w, a))
    assert (house.ticket(a).status, house.ticket(a).merged_into) == ("new", None)
    after = house.ticket(b)
    assert (after.status, after.resolved_at) == ("resolved", before[1].resolved_at)
    with pytest.raises(Refused):
        house.do(lambda w: unmerge(w, a))


def test_a_merge_lets_strangers_to_each_other_write_but_copies_neither(house: Any) -> None:
    a = house.open(
        author="dora@customer.example", others=(Participant("frank@partner.example", "", "cc"),)
    )
    b = house.open()
    house.do(lambda w: merge(w, a, b))
    found = house.read(lambda tx: tickets.participants(tx, b))
    assert {p.address: p.role for p in found} == {
        "dora@customer.example": "mailed",
        "frank@partner.example": "mailed",
    }


def test_a_version_that_is_gone_is_a_conflict_that_says_who(house: Any) -> None:
    number = house.open()
    seen = house.ticket(number).version
    house.do(lambda w: take(w, number))
    house.later(minutes=2)
    with pytest.raises(
        Conflict, match=f"ticket {number} was changed since you looked: Ana assigned it 2 min ago."
    ):
        house.do(lambda w: resolve(w, number, comment="x", if_version=seen), "ben")
    assert house.ticket(number).status == "new"


def test_history_counts_up_without_gaps(house: Any) -> None:
    number = house.open()
    house.do(lambda w: take(w, number))
    mail = house.incoming("more")
    house.do(lambda w: customer_message(w, number, mail), "gateway")
    assert [e.n for e in house.events(number)] == list(range(1, len(house.events(number)) + 1))
