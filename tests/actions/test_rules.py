"""Rules: when they fire, what is logged, and that nothing they do blocks a mail or a verb."""

from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from tests.support.desk import DESK, DeskFixture
from tests.support.statements import heard
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import open_ticket, receive_mail, run_rules
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.condition import Where
from ticketctl.domain.definition.definition import Rule
from ticketctl.errors import DeskError
from ticketctl.store.db.database import Tx
from ticketctl.store.db.schema import metadata
from ticketctl.store.desk import definitions, rule_log
from ticketctl.store.tickets import ticket_lists

REFUND = """
[[rule]]
name = "refund words"
on = "message"
when = "subject:refund"
then = ["type:billing", "segment:billing"]
otherwise = ["tag:other"]
"""


def lines(helpdesk: DeskFixture, number: int) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """The log of a ticket, oldest first; of an update without its undo group."""
    found = helpdesk.read(lambda tx: rule_log.lines(tx, number=number))
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


def change(helpdesk: DeskFixture, number: int, **changes: Any) -> None:
    helpdesk.do(lambda w: edit(w, number, TicketChanges(**changes), comment="because"))


def test_a_rule_on_subject_words_sets_type_and_segment_F_Q3(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK + REFUND)
    ticket = helpdesk.ticket(helpdesk.open(subject="I want a refund"))
    assert (ticket.type, ticket.segment, ticket.source_segment) == ("billing", "billing", "support")
    assert ticket.owner == "ida"  # the sole manager there (F-Q34)
    told = helpdesk.events(ticket.id, "type", "segment")
    assert {(event.actor, event.comment) for event in told} == {("rule", "rule refund words")}
    (notice,) = helpdesk.outbox("notification")  # of the new ticket, and not of each step besides
    assert notice.to == ("ida@help.example",)


def test_each_branch_does_its_steps_once_and_both_are_logged_F_Q7(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK + REFUND)
    meeting, other = helpdesk.open(subject="refund"), helpdesk.open(subject="printer")
    assert helpdesk.ticket(other).tags == ("other",)
    assert helpdesk.ticket(meeting).tags == ()
    assert lines(helpdesk, meeting) == [
        ("refund words", f"message {meeting}", "then", ("type billing", "segment billing"))
    ]
    assert lines(helpdesk, other) == [
        ("refund words", f"message {other}", "otherwise", ("tag other",))
    ]


def test_a_later_mail_is_an_event_of_its_own(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(DESK + rule("noisy", "message", "", "comment:again"))
    number = sqlite_helpdesk.open()
    mail = sqlite_helpdesk.incoming("Hello?")
    sqlite_helpdesk.do(lambda w: receive_mail.customer_message(w, number, mail), "gateway")
    assert [one.text for one in sqlite_helpdesk.comments(number)] == ["again", "again"]
    assert [x[1] for x in lines(sqlite_helpdesk, number)] == [f"message {number}"] * 2


def test_a_rule_that_is_switched_off_has_no_effect_F_Q4(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(DESK + REFUND + "enabled = false\n")
    number = sqlite_helpdesk.open(subject="refund")
    assert (sqlite_helpdesk.ticket(number).type, lines(sqlite_helpdesk, number)) == (None, [])


def test_an_added_rule_fires_on_the_next_matching_event_F_Q6(sqlite_helpdesk: DeskFixture) -> None:
    before = sqlite_helpdesk.open(subject="refund")
    sqlite_helpdesk.apply(DESK + REFUND)
    assert sqlite_helpdesk.ticket(before).type is None
    assert sqlite_helpdesk.ticket(sqlite_helpdesk.open(subject="refund")).type == "billing"


def test_later_rules_see_what_earlier_ones_changed(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(
        DESK
        + rule("one", "created", "", "tag:a")
        + rule("two", "created", "tag:a", "priority:high")
        + rule("three", "message", "priority:high", "important:yes")
        + rule("four", "created", "is:important", "tag:too-early")
    )
    ticket = sqlite_helpdesk.ticket(sqlite_helpdesk.open())
    assert (ticket.tags, ticket.priority, ticket.important) == (("a",), "high", True)


# ---- what follows from a change -------------------------------------------------------------------------------------


def test_a_change_by_hand_fires_rules_and_undoes_with_them(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(DESK + rule("vip", "updated", "tag:vip", "priority:high"))
    number = sqlite_helpdesk.open()
    change(sqlite_helpdesk, number, add_tags=("vip",))
    assert sqlite_helpdesk.ticket(number).priority == "high"
    by_hand, by_rule = sqlite_helpdesk.events(number)[-2:]
    assert (by_rule.actor, by_rule.comment) == ("rule", "rule vip")
    assert by_hand.group == by_rule.group  # one invocation, one way back


def test_a_rules_changes_fire_each_other_rule_once(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(
        DESK
        + rule("b", "updated", "priority:high", "tag:b")
        + rule("a", "updated", "tag:vip", "priority:high")
        + rule("c", "updated", "tag:b", "important:yes")
    )
    number = sqlite_helpdesk.open()
    change(sqlite_helpdesk, number, add_tags=("vip",))
    assert sqlite_helpdesk.ticket(number).important
    assert [x[0] for x in lines(sqlite_helpdesk, number)] == ["a", "b", "c"]
    change(sqlite_helpdesk, number, subject="again")
    assert [x[0] for x in lines(sqlite_helpdesk, number)] == ["a", "b", "c", "b", "a", "c"]


@pytest.mark.postgres
def test_rules_that_go_round_in_circles_are_cut_and_it_is_logged(helpdesk: DeskFixture) -> None:
    helpdesk.apply(
        DESK
        + rule("up", "updated", "priority:low", "priority:high")
        + rule("down", "updated", "priority:high", "priority:low")
    )
    number = helpdesk.open()
    change(helpdesk, number, priority="low")
    assert helpdesk.ticket(number).priority == "low"
    assert [(x[0], x[2]) for x in lines(helpdesk, number)] == [
        ("up", "then"), ("down", "then"), ("up", "cut"),
    ]  # fmt: skip


def test_tickets_that_open_tickets_come_to_an_end(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(DESK + rule("more", "created", "", "ticket:more"))
    sqlite_helpdesk.open()
    made = [sqlite_helpdesk.ticket(number).subject for number in range(1, 7)]
    assert made[-1].startswith("More: More: More: More: More: ")
    assert [x[2] for x in lines(sqlite_helpdesk, 6)] == ["cut"]
    with pytest.raises(DeskError):
        sqlite_helpdesk.ticket(7)


@pytest.mark.postgres
def test_a_required_field_binds_rules_too_F_R26(helpdesk: DeskFixture) -> None:
    required = DESK.replace(
        'choices = ["refund", "other"]', 'choices = ["refund", "other"]\nrequired = "close"'
    )
    helpdesk.apply(
        required + rule("shut", "updated", "tag:done", "comment:shutting", "status:closed")
    )
    number = helpdesk.open()
    change(helpdesk, number, add_tags=("done",))
    assert helpdesk.ticket(number).status == "new"
    assert helpdesk.ticket(number).tags == ("done",)
    assert helpdesk.comments(number) == []  # all its steps or none
    ((name, _, branch, did),) = lines(helpdesk, number)
    assert (name, branch) == ("shut", "failed")
    assert did[0].startswith("field reason is required")
    change(helpdesk, number, fields={"reason": "refund"})
    assert helpdesk.ticket(number).status == "closed"


@pytest.mark.postgres
def test_a_rule_naming_a_removed_agent_loses_no_mail(helpdesk: DeskFixture) -> None:
    helpdesk.apply(
        DESK
        + rule("to ben", "message", "", "assign:ben", "tag:b")
        + rule("tag", "message", "", "tag:a")
    )
    mail = helpdesk.incoming()

    def without_ben(work: Work) -> int:
        agents = tuple(one for one in work.definition.agents if one.name != "ben")
        work = replace(work, definition=replace(work.definition, agents=agents))
        return open_ticket.from_mail(work, mail)[0]

    number = helpdesk.do(without_ben, "gateway")
    assert helpdesk.ticket(number).tags == ("a",)
    assert [(x[0], x[2]) for x in lines(helpdesk, number)] == [
        ("to ben", "failed"),
        ("tag", "then"),
    ]
    assert helpdesk.read(lambda tx: rule_log.failures(tx, helpdesk.at)) == 1


def test_rules_leave_spam_alone(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(DESK + rule("all", "created", "", "tag:a"))
    assert sqlite_helpdesk.ticket(sqlite_helpdesk.open(spam=True)).tags == ()


def test_a_trial_leaves_no_trace_F_Q6(helpdesk: DeskFixture) -> None:
    """Not in a table, an index, the queue of mail, or what is searched."""
    helpdesk.apply(
        DESK + rule("r", "updated", "", "comment:zebra", "notify:agents", "ticket:zebra", "tag:z")
    )
    number = helpdesk.open()
    before = everything(helpdesk)

    class Undone(Exception):
        pass

    def tried(work: Work) -> None:
        found = run_rules.trial(work, work.definition.rules[0], number)
        assert (found.fits, found.failed) == (True, "")
        assert found.did == ("comment 1", "told eva, root, ana, ben", "ticket 2 opened", "tag z")
        raise Undone

    with pytest.raises(Undone):
        helpdesk.do(tried)
    assert everything(helpdesk) == before
    assert helpdesk.read(lambda tx: ticket_lists.count(tx, Where("text", "=", ("zebra",)))) == 0


def everything(helpdesk: DeskFixture) -> dict[str, list[str]]:
    """Every row of every table."""

    def rows(tx: Tx) -> dict[str, list[str]]:
        tables = metadata.tables.items()
        return {name: sorted(map(repr, tx.execute(select(one)))) for name, one in tables}

    return helpdesk.read(rows)


def test_a_desk_without_rules_asks_the_database_nothing_more(sqlite_helpdesk: DeskFixture) -> None:
    def statements() -> int:
        mail = sqlite_helpdesk.incoming()
        with heard() as asked:
            sqlite_helpdesk.do(lambda w: open_ticket.from_mail(w, mail), "gateway")
        return len([text for text, _ in asked if "rule_log" in text or "coalesce((" in text])

    assert statements() == 0
    sqlite_helpdesk.apply(DESK + REFUND)
    assert statements() > 0


def test_a_query_that_an_older_version_took_holds_up_no_mail(sqlite_helpdesk: DeskFixture) -> None:
    broken = Rule(name="old", on="message", when="from:carl", then=("tag:a",))
    mail = sqlite_helpdesk.incoming()

    def with_it(work: Work) -> int:
        return open_ticket.from_mail(
            replace(work, definition=replace(work.definition, rules=(broken,))), mail
        )[0]

    number = sqlite_helpdesk.do(with_it, "gateway")
    assert (sqlite_helpdesk.ticket(number).tags, lines(sqlite_helpdesk, number)) == ((), [])


def test_rules_come_back_with_the_desk_F_Q8(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(DESK + REFUND)
    kept = sqlite_helpdesk.read(lambda tx: definitions.source(tx, definitions.version(tx)))
    sqlite_helpdesk.apply(DESK)
    assert sqlite_helpdesk.ticket(sqlite_helpdesk.open(subject="refund")).type is None
    sqlite_helpdesk.apply(kept)
    assert sqlite_helpdesk.ticket(sqlite_helpdesk.open(subject="refund")).type == "billing"


def test_undo_takes_back_what_rules_did_with_the_verb(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(
        DESK + rule("vip", "updated", "tag:vip", "priority:high", "segment:billing")
    )
    number = sqlite_helpdesk.open()
    before = sqlite_helpdesk.ticket(number)
    change(sqlite_helpdesk, number, add_tags=("vip",))
    group = sqlite_helpdesk.events(number)[-1].group
    sqlite_helpdesk.do(undo, group=group)
    ticket = sqlite_helpdesk.ticket(number)
    told = ("tags", "priority", "segment", "owner")
    assert [getattr(ticket, one) for one in told] == [getattr(before, one) for one in told]


def test_the_agent_who_gets_a_new_ticket_is_notified_once(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(
        DESK + rule("one", "created", "", "tag:a") + rule("two", "updated", "tag:a", "assign:ben")
    )
    number = sqlite_helpdesk.open()
    assert sqlite_helpdesk.ticket(number).owner == "ben"
    assert [mail.to for mail in sqlite_helpdesk.outbox("notification")] == [("ben@help.example",)]
