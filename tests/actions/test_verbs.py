"""assign, take, comment, resolve, close, reopen, wait, spam, link, merge."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.assign import assign, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
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
        ("edit", lambda w, n: edit(w, n, TicketChanges(priority="high"), comment=" \n")),
        ("assign", lambda w, n: assign(w, n, "ben")),
        ("escalate", lambda w, n: escalate(w, n, comment="\t")),
        ("resolve", lambda w, n: resolve(w, n)),
        ("close", lambda w, n: close(w, n)),
        ("reopen", lambda w, n: reopen(w, n)),
    ],
)
def test_a_verb_that_needs_a_comment_changes_nothing_without_F_Q35(
    helpdesk: DeskFixture, verb: str, run: Any
) -> None:
    number = helpdesk.open()
    before = helpdesk.ticket(number)
    with pytest.raises(Refused, match=f'{verb} needs a comment: give -m "why".'):
        helpdesk.do(lambda w: run(w, number))
    assert helpdesk.ticket(number) == before


def test_rules_and_the_gateway_bring_their_own_reasons_F_Q35(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: close(w, number), "gateway")
    assert helpdesk.ticket(number).status == "closed"


def test_assigning_three_tickets_makes_three_events_and_three_notices_F_T8(
    helpdesk: DeskFixture,
) -> None:
    numbers = [helpdesk.open(subject=f"S{n}") for n in range(3)]
    sent = len(helpdesk.outbox())
    for number in numbers:
        helpdesk.do(lambda w, n=number: assign(w, n, "ben", comment="x"), group="g1")
        (event,) = helpdesk.events(number, "assigned")
        assert (event.field, event.old, event.new, event.comment, event.group) == (
            "owner",
            None,
            "ben",
            "x",
            "g1",
        )
    assert [row.to for row in helpdesk.outbox()[sent:]] == [("ben@help.example",)] * 3


def test_assigning_to_oneself_sends_no_notification_L16(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    sent = len(helpdesk.outbox())
    helpdesk.do(lambda w: take(w, number))
    assert helpdesk.ticket(number).owner == "ana"
    assert len(helpdesk.outbox()) == sent


def test_only_managers_and_agents_of_the_segment_may_own_F_Q22(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    with pytest.raises(Refused, match="ida is neither manager nor agent of segment support"):
        helpdesk.do(lambda w: assign(w, number, "ida", comment="x", force=True))
    with pytest.raises(NotFound, match='no agent "zoe"'):
        helpdesk.do(lambda w: assign(w, number, "zoe", comment="x"))
    helpdesk.do(lambda w: assign(w, number, "ida", comment="x", force=True), "root", "admin")
    assert helpdesk.ticket(number).owner == "ida"


def test_a_second_taker_needs_to_steal_F_Q23(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: take(w, number))
    with pytest.raises(Conflict, match=f"ticket {number} is already Ana's; use --steal."):
        helpdesk.do(lambda w: take(w, number), "ben")
    helpdesk.do(lambda w: take(w, number, steal=True), "ben")
    assert helpdesk.ticket(number).owner == "ben"


def test_an_admin_may_take_a_ticket_of_any_segment_F_Q23(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(mailbox="billing@help.example")
    helpdesk.do(lambda w: take(w, number, steal=True), "root", "admin")
    assert helpdesk.ticket(number).owner == "root"


def test_taking_what_is_mine_changes_nothing(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    assert helpdesk.do(lambda w: take(w, number))
    before = helpdesk.ticket(number)
    assert not helpdesk.do(lambda w: take(w, number))
    assert helpdesk.ticket(number) == before


def test_a_desk_without_agents_has_the_os_user_as_its_one_agent(helpdesk: DeskFixture) -> None:
    helpdesk.apply(ONE_AGENT)
    number = helpdesk.open()
    helpdesk.do(lambda w: take(w, number), "carla")
    assert helpdesk.ticket(number).owner == "carla"
    with pytest.raises(NotFound, match="defines no agents"):
        helpdesk.do(lambda w: assign(w, number, "zoe", comment="x"), "carla")


def test_an_agent_of_another_segment_has_no_access_F_A37(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    with pytest.raises(NotAllowed, match=f"ticket {number} belongs to segment support"):
        helpdesk.do(lambda w: comment(w, number, "hello"), "ida")


def test_a_comment_notifies_only_the_agents_it_mentions_F_A24(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    sent = len(helpdesk.outbox())
    helpdesk.do(lambda w: comment(w, number, "@ben. can you? not @nobody, nor x@ana nor @ana"))
    (notice,) = helpdesk.outbox()[sent:]
    assert (notice.to, notice.data["event"]) == (("ben@help.example",), "comment")


def test_a_comment_without_words_is_refused(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    with pytest.raises(Refused):
        helpdesk.do(lambda w: comment(w, number, " \n"))


@pytest.mark.parametrize("verb", [resolve, close])
def test_the_customer_is_told_of_the_resolution_once_F_Q1(helpdesk: DeskFixture, verb: Any) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: verb(w, number, comment="new drum", reply_text="It prints again."))
    (mail,) = helpdesk.outbox("resolution")
    assert mail.to == ("carl@customer.example",)
    assert mail.data["text"] == "It prints again."
    ticket = helpdesk.ticket(number)
    assert ticket.resolved_at == ticket.closed_loop_at == helpdesk.at
    assert ticket.awaiting == "nobody"


def test_closing_what_was_resolved_says_nothing_again_F_Q1(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: resolve(w, number, comment="x"))
    helpdesk.do(lambda w: close(w, number, comment="x"))
    assert len(helpdesk.outbox("resolution")) == 1
    assert helpdesk.ticket(number).closed_at == helpdesk.at


@pytest.mark.parametrize("verb", [resolve, close])
def test_a_closing_message_is_a_reply_in_the_conversation_F_Q1(
    helpdesk: DeskFixture, verb: Any
) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: verb(w, number, comment="new drum", reply_text="It prints again."))
    (mail,) = helpdesk.outbox("resolution")
    said = helpdesk.messages(number)[-1]
    assert (said.direction, said.class_, said.author) == ("out", "human", "ana")
    assert (said.text, said.delivery) == ("It prints again.", "queued")
    assert (mail.message, mail.message_id) == (said.n, said.message_id)
    assert helpdesk.ticket(number).first_reply_at == helpdesk.at
    assert [one.new for one in helpdesk.events(number, "replied")] == [said.n]
    helpdesk.do(lambda w: close(w, number, comment="x") if verb is resolve else None)
    assert len(helpdesk.outbox("resolution")) == 1


def test_words_at_the_close_reach_a_customer_who_was_told_of_the_resolution_F_Q1(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: resolve(w, number, comment="x"))
    assert len(helpdesk.messages(number)) == 1
    helpdesk.do(lambda w: close(w, number, comment="x", reply_text="All the best."))
    assert helpdesk.outbox("resolution")[-1].data["text"] == "All the best."
    assert helpdesk.messages(number)[-1].text == "All the best."


def test_after_a_reopening_the_next_resolution_is_sent_again_F_Q1(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: resolve(w, number, comment="x"))
    helpdesk.do(lambda w: reopen(w, number, comment="not yet"))
    assert helpdesk.ticket(number).resolved_at is None
    helpdesk.do(lambda w: resolve(w, number, comment="x"))
    assert len(helpdesk.outbox("resolution")) == 2


def test_no_notify_leaves_the_loop_open_F_Q1(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: close(w, number, comment="x"), notify=False)
    assert helpdesk.outbox("resolution") == []
    assert helpdesk.ticket(number).closed_loop_at is None


def test_a_field_required_at_the_close_is_asked_for_on_every_way_there(
    helpdesk: DeskFixture,
) -> None:
    required = '[[field]]\non = "ticket"\nname = "reason"\nrequired = "close"\n'
    helpdesk.apply(ONE_AGENT + required)
    number = helpdesk.open()
    for run in (
        lambda w: close(w, number, comment="x"),
        lambda w: resolve(w, number, comment="x"),
        lambda w: edit(w, number, TicketChanges(status="closed"), comment="x"),
    ):
        with pytest.raises(Refused, match="field reason is required"):
            helpdesk.do(run)
    helpdesk.do(lambda w: close(w, number, comment="x", fields={"reason": "drum"}))
    assert helpdesk.ticket(number).fields == {"reason": "drum"}


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        (
            lambda w, n: reopen(w, n, comment="x"),
            "`reopen` does not work on a ticket that is new",
        ),
        (lambda w, n: unspam(w, n), "`unspam` does not work on a ticket that is new"),
        (lambda w, n: unmerge(w, n), "`unmerge` does not work on a ticket that is new"),
    ],
)
def test_a_step_that_the_life_cycle_lacks_is_refused(
    helpdesk: DeskFixture, verb: Any, sentence: str
) -> None:
    number = helpdesk.open()
    with pytest.raises(Refused, match=sentence):
        helpdesk.do(lambda w: verb(w, number))


def test_wait_until_a_time_to_come(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    until = helpdesk.at + timedelta(days=1)
    with pytest.raises(BadInput):
        helpdesk.do(lambda w: wait(w, number, until=helpdesk.at))
    helpdesk.do(lambda w: wait(w, number, until=until))
    ticket = helpdesk.ticket(number)
    assert (ticket.status, ticket.wait_until, ticket.awaiting) == ("waiting", until, "customer")


def test_spam_and_back(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: close(w, number, comment="x"))
    helpdesk.do(lambda w: spam(w, number))
    assert (helpdesk.ticket(number).status, helpdesk.ticket(number).resolved_at) == ("spam", None)
    helpdesk.do(lambda w: unspam(w, number))
    assert helpdesk.ticket(number).status == "open"


def test_links_are_noted_on_both_sides_and_once(helpdesk: DeskFixture) -> None:
    a, b = helpdesk.open(), helpdesk.open(subject="Other")
    assert helpdesk.do(lambda w: link(w, a, "blocks", b))
    assert not helpdesk.do(lambda w: link(w, a, "blocks", b))
    assert [e.field for e in helpdesk.events(b, "linked")] == ["blocked by"]
    helpdesk.do(lambda w: unlink(w, a, "blocks", b))
    assert helpdesk.read(lambda tx: links.of(tx, a)) == []
    with pytest.raises(NotFound):
        helpdesk.do(lambda w: unlink(w, a, "blocks", b))
    with pytest.raises(Refused):
        helpdesk.do(lambda w: link(w, a, "blocks", a))
    with pytest.raises(BadInput, match='"loves" is not a valid kind of link'):
        helpdesk.do(lambda w: link(w, a, "loves", b))


def test_merging_into_what_is_merged_follows_the_chain_D15(helpdesk: DeskFixture) -> None:
    a, b, c = (helpdesk.open(subject=f"S{n}") for n in range(3))
    helpdesk.do(lambda w: merge(w, b, c))
    assert helpdesk.do(lambda w: merge(w, a, b)) == c
    assert helpdesk.read(lambda tx: tickets.final(tx, a)) == c
    assert (helpdesk.ticket(a).status, helpdesk.ticket(a).merged_into) == ("merged", c)
    with pytest.raises(Conflict):
        helpdesk.do(lambda w: merge(w, c, a))
    with pytest.raises(Conflict, match=f"ticket {a} is merged into {c}: use that one"):
        helpdesk.do(lambda w: merge(w, a, c))
    with pytest.raises(Conflict):
        helpdesk.do(lambda w: comment(w, a, "lost?"))


def test_unmerge_puts_back_what_was_also_out_of_a_chain(helpdesk: DeskFixture) -> None:
    a, b, c = (helpdesk.open(subject=f"S{n}", author=f"p{n}@x.example") for n in range(3))
    helpdesk.do(lambda w: resolve(w, b, comment="x"), notify=False)
    before = [helpdesk.ticket(n) for n in (a, b)]
    helpdesk.do(lambda w: merge(w, a, b))
    helpdesk.do(lambda w: merge(w, b, c))
    assert {p.address for p in helpdesk.read(lambda tx: tickets.participants(tx, c))} == {
        "p0@x.example",
        "p1@x.example",
    }
    helpdesk.do(lambda w: unmerge(w, b))
    after = helpdesk.ticket(b)
    assert (after.status, after.merged_into) == ("open", None)  # a's question is still in it
    assert helpdesk.read(lambda tx: tickets.participants(tx, c)) == []
    assert helpdesk.read(lambda tx: tickets.final(tx, a)) == b
    assert [e.old for e in helpdesk.events(c, "unmerged")] == [b]
    helpdesk.do(lambda w: unmerge(w, a))
    assert (helpdesk.ticket(a).status, helpdesk.ticket(a).merged_into) == ("new", None)
    after = helpdesk.ticket(b)
    assert (after.status, after.resolved_at) == ("resolved", before[1].resolved_at)
    with pytest.raises(Refused):
        helpdesk.do(lambda w: unmerge(w, a))


def test_a_merge_lets_strangers_to_each_other_write_but_copies_neither(
    helpdesk: DeskFixture,
) -> None:
    a = helpdesk.open(
        author="dora@customer.example", others=(Participant("frank@partner.example", "", "cc"),)
    )
    b = helpdesk.open()
    helpdesk.do(lambda w: merge(w, a, b))
    found = helpdesk.read(lambda tx: tickets.participants(tx, b))
    assert {p.address: p.role for p in found} == {
        "dora@customer.example": "mailed",
        "frank@partner.example": "mailed",
    }


def test_a_version_that_is_gone_is_a_conflict_that_says_who(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    seen = helpdesk.ticket(number).version
    helpdesk.do(lambda w: take(w, number))
    helpdesk.later(minutes=2)
    with pytest.raises(
        Conflict, match=f"ticket {number} was changed since you looked: Ana assigned it 2 min ago."
    ):
        helpdesk.do(lambda w: resolve(w, number, comment="x", if_version=seen), "ben")
    assert helpdesk.ticket(number).status == "new"


def test_history_counts_up_without_gaps(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: take(w, number))
    mail = helpdesk.incoming("more")
    helpdesk.do(lambda w: customer_message(w, number, mail), "gateway")
    assert [e.n for e in helpdesk.events(number)] == list(
        range(1, len(helpdesk.events(number)) + 1)
    )
