"""do ∘ undo = identity on what can be seen, for any commands in any order."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.link import link, unlink
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam, unspam
from ticketctl.actions.tickets.split import split
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.records import LINKS
from ticketctl.errors import DeskError, NotFound
from ticketctl.store.tickets import links, mail_ids, tickets

MOVING = ("version", "updated_at", "messages_count")


class Deed:
    """What somebody does to some of three tickets; printed in full where a test fails."""

    def __init__(self, act: Callable[..., Any], *places: int, **how: Any) -> None:
        self.act, self.places, self.how = act, places, how

    def __call__(self, work: Any, numbers: list[int]) -> Any:
        return self.act(work, *(numbers[one] for one in self.places), **self.how)

    def __repr__(self) -> str:
        return f"{self.act.__name__}{self.places}{self.how or ''}"


which = st.integers(0, 2)
changes = st.fixed_dictionaries(
    {},
    optional={
        "subject": st.sampled_from(["Fire", "Water"]),
        "priority": st.sampled_from(["low", "high"]),
        "type": st.sampled_from([None, "fault"]),
        "important": st.booleans(),
        "segment": st.sampled_from(["support", "billing"]),
        "owner": st.sampled_from([None, "ana", "eva"]),
        "customer": st.sampled_from(["carl@customer.example", "dora@customer.example"]),
        "status": st.sampled_from(["open", "waiting", "resolved", "closed", "escalated", "spam"]),
        "add_tags": st.lists(st.sampled_from("abc"), unique=True),
        "remove_tags": st.lists(st.sampled_from("abc"), unique=True),
        "fields": st.fixed_dictionaries(
            {}, optional={"reason": st.sampled_from(["refund", None]), "invoice": st.just(3)}
        ),
        "due": st.sampled_from([None, timedelta(days=1), timedelta(days=2)]),
    },
)


def on(act: Callable[..., Any], *places: Any, **how: Any) -> st.SearchStrategy[Deed]:
    """A deed; what is a strategy is chosen."""
    chosen = {
        name: one if isinstance(one, st.SearchStrategy) else st.just(one)
        for name, one in how.items()
    }
    return st.builds(Deed, st.just(act), *(places or (which,)), **chosen)


def changed(work: Any, number: int, change: dict[str, Any]) -> Any:
    due = change.get("due")
    return edit(
        work, number, TicketChanges(**change | ({"due": work.at + due} if due else {})), comment="x"
    )


def answered(work: Any, number: int, wish: str | None) -> Any:
    extras = Extras(status=wish, cc=("d@x.example",))
    return reply(work, number, "So.", extras)


def waited(work: Any, number: int, days: int) -> Any:
    return wait(work, number, until=work.at + timedelta(days=days))


def related(work: Any, one: int, other: int, verb: Any, kind: str) -> Any:
    return verb(work, one, kind, other)


deeds = st.one_of(
    on(changed, change=changes),
    on(assign, who=st.sampled_from(["ana", "ben", None]), comment="x"),
    on(comment, text="a word for @ben"),
    on(waited, days=st.integers(1, 2)),
    on(answered, wish=st.sampled_from([None, "open", "waiting", "resolved", "closed"])),
    on(escalate, comment="x", to=("lab@partner.example",)),
    on(resolve, comment="x"),
    on(close, comment="x"),
    on(reopen, comment="x"),
    on(spam),
    on(unspam),
    on(unmerge),
    on(split, numbers=[2]),
    on(merge, which, which),
    on(
        related,
        which,
        which,
        verb=st.sampled_from([link, unlink]),
        kind=st.sampled_from(list(LINKS)[:5]),
    ),
)


def seen(helpdesk: DeskFixture, number: int) -> dict[str, Any]:
    """All that can be seen of a ticket; a reply that was never sent is not there."""
    one = helpdesk.ticket(number)
    # A ticket that was split off and taken back is an empty pointer.
    merged = helpdesk.read(lambda tx: tickets.merged(tx, number))
    said = [m for m in helpdesk.messages(number) if m.delivery != "cancelled"]
    return {
        **{name: getattr(one, name) for name in one.__struct_fields__ if name not in MOVING},
        "people": helpdesk.read(lambda tx: tickets.participants(tx, number)),
        "links": [
            x for x in helpdesk.read(lambda tx: links.of(tx, number)) if x.kind != "split into"
        ],
        "merged": [x.id for x in merged if x.messages_count],
        "messages": said,
        "comments": helpdesk.comments(number),
        "ids": helpdesk.read(lambda tx: mail_ids.known(tx, [f"<second.{number}@x.example>"])),
    }


def tried(helpdesk: DeskFixture, deed: Deed, numbers: list[int], group: str) -> None:
    """Do it, unless that is not allowed as things are: then nothing is done."""
    with suppress(DeskError):
        helpdesk.do(lambda w: deed(w, numbers), "root", role="admin", group=group)


def story(helpdesk: DeskFixture) -> list[int]:
    """Three tickets, each with a second message."""
    numbers = [helpdesk.open(subject=f"S{n}", others=()) for n in range(3)]
    for number in numbers:
        mail = helpdesk.incoming("and the lamp", message_id=f"<second.{number}@x.example>")
        helpdesk.do(lambda w, n=number, m=mail: customer_message(w, n, m), "gateway")
    return numbers


def check(helpdesk: DeskFixture, before: list[Deed], command: list[Deed]) -> None:
    numbers = story(helpdesk)
    for place, deed in enumerate(before):
        tried(helpdesk, deed, numbers, f"before {numbers[0]} {place}")
    was = [seen(helpdesk, one) for one in numbers]
    helpdesk.later(minutes=5)
    group = f"command {numbers[0]}"
    for deed in command:
        tried(helpdesk, deed, numbers, group)
    helpdesk.later(minutes=5)
    with suppress(NotFound):  # where all of it was refused
        helpdesk.do(undo, "root", role="admin", group=group)
    assert [seen(helpdesk, one) for one in numbers] == was


SOME = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}


@settings(max_examples=20, **SOME)  # type: ignore[arg-type]
@given(before=st.lists(deeds, max_size=6), command=st.lists(deeds, min_size=1, max_size=4))
def test_undo_restores_every_table(
    sqlite_helpdesk: DeskFixture, before: list[Deed], command: list[Deed]
) -> None:
    check(sqlite_helpdesk, before, command)


@pytest.mark.postgres
@settings(max_examples=5, **SOME)  # type: ignore[arg-type]
@given(before=st.lists(deeds, max_size=3), command=st.lists(deeds, min_size=1, max_size=4))
def test_undo_restores_every_table_on_either_database(
    helpdesk: DeskFixture, before: list[Deed], command: list[Deed]
) -> None:
    check(helpdesk, before, command)
