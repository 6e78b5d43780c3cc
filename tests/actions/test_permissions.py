"""One gate for every verb: who may do what to which ticket, by role, segment, owner and `strict_owner`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work, begin, new_group
from ticketctl.actions.customers import customer
from ticketctl.actions.customers import merge as customer_merge
from ticketctl.actions.mail import ban
from ticketctl.actions.tickets import (
    assign,
    close,
    comment,
    edit,
    escalate,
    link,
    merge,
    rate,
    reopen,
    reply,
    resolve,
    spam,
    split,
    wait,
)
from ticketctl.actions.tickets import watch as watch
from ticketctl.actions.undo import undo
from ticketctl.cli.command_table import CHANGING, COMMANDS
from ticketctl.domain.base.records import Actor
from ticketctl.errors import Conflict, DeskError, NotAllowed, Refused
from ticketctl.store.db.database import Tx
from ticketctl.store.people import customers
from ticketctl.store.queues import bans
from ticketctl.store.tickets import tickets

DESK = """
[desk]
name = "Help"
domain = "help.example"
strict_owner = false

[[mailbox]]
address = "support@help.example"
segment = "support"

[[agent]]
name = "ana"
email = "ana@help.example"
[[agent]]
name = "ben"
email = "ben@help.example"
[[agent]]
name = "eva"
email = "eva@help.example"
role = "manager"
[[agent]]
name = "bob"
email = "bob@help.example"
[[agent]]
name = "ida"
email = "ida@help.example"
role = "manager"
[[agent]]
name = "root"
email = "root@help.example"
role = "admin"

[[segment]]
name = "support"
managers = ["eva"]
agents = ["ana", "ben"]

[[segment]]
name = "billing"
managers = ["ida"]
agents = ["bob"]

[[survey]]
name = "csat"
scale = "1-5"
"""
STRICT = DESK.replace("strict_owner = false", "strict_owner = true")
ROLES = {
    "ana": "agent",
    "ben": "agent",
    "eva": "manager",
    "bob": "agent",
    "ida": "manager",
    "root": "admin",
}
SUPPORT = {"ana", "ben", "eva"}


def other(work: Work, like: int) -> int:
    """A second ticket of the same customer, segment and owner."""
    one = tickets.get(work.tx, like)
    number = tickets.create(
        work.tx,
        tickets.NewTicket(
            subject="Another",
            status="open",
            priority="medium",
            channel="email",
            mailbox=one.mailbox,
            segment=one.segment,
            customer_id=one.customer.id,
            at=work.at,
            owner=one.owner,
        ),
    )
    return int(number)


def spammed(root: Work, me: Work, id: int) -> object:
    spam.spam(root, id, comment="x")
    return spam.unspam(me, id, comment="x")


def reopened(root: Work, me: Work, id: int) -> object:
    resolve.resolve(root, id, comment="x")
    return reopen.reopen(me, id, comment="x")


def unmerged(root: Work, me: Work, id: int) -> object:
    merge.merge(root, id, other(root, id), comment="x")
    return merge.unmerge(me, id, comment="x")


def unlinked(root: Work, me: Work, id: int) -> object:
    second = other(root, id)
    link.link(root, id, "related", second, comment="x")
    return link.unlink(me, id, "related", second, comment="x")


VERBS: dict[str, Callable[[Work, Work, int], object]] = {
    "edit": lambda root, me, id: edit.edit(
        me, id, edit.TicketChanges(priority="high"), comment="x"
    ),
    "assign": lambda root, me, id: assign.assign(me, id, _next_owner(me, id), comment="x"),
    "take": lambda root, me, id: assign.take(me, id, comment="x", steal=True),
    "comment": lambda root, me, id: comment.comment(me, id, "x"),
    "reply": lambda root, me, id: reply.reply(me, id, "x"),
    "escalate": lambda root, me, id: escalate.escalate(me, id, comment="x"),
    "wait": lambda root, me, id: wait.wait(me, id, comment="x"),
    "resolve": lambda root, me, id: resolve.resolve(me, id, comment="x"),
    "close": lambda root, me, id: close.close(me, id, comment="x"),
    "reopen": reopened,
    "spam": lambda root, me, id: spam.spam(me, id, comment="x"),
    "unspam": spammed,
    "merge": lambda root, me, id: merge.merge(me, id, other(root, id), comment="x"),
    "unmerge": unmerged,
    "split": lambda root, me, id: split.split(me, id, [1], comment="x"),
    "link": lambda root, me, id: link.link(me, id, "related", other(root, id), comment="x"),
    "unlink": unlinked,
    "watch": lambda root, me, id: watch.watch(me, id, ("root",)),
    "unwatch": lambda root, me, id: watch.unwatch(me, id, ("root",)),
    # Other ways to the same ends.
    "assign --auto": lambda root, me, id: assign.auto(me, id, comment="x", steal=True),
    "edit --owner": lambda root, me, id: edit.edit(
        me, id, edit.TicketChanges(owner=_next_owner(me, id)), comment="x"
    ),
    "edit --segment": lambda root, me, id: edit.edit(
        me, id, edit.TicketChanges(segment="billing"), comment="x"
    ),
    "edit --status closed": lambda root, me, id: edit.edit(
        me, id, edit.TicketChanges(status="closed"), comment="x"
    ),
    "edit --status spam": lambda root, me, id: edit.edit(
        me, id, edit.TicketChanges(status="spam"), comment="x"
    ),
    "reply --status resolved": lambda root, me, id: reply.reply(
        me, id, "x", reply.Extras(status="resolved")
    ),
    "survey add": lambda root, me, id: rate.by_agent(me, id, 5),
}
ENDS = {"escalate", "resolve", "close", "spam", "merge"} | {
    "edit --status closed",
    "edit --status spam",
    "reply --status resolved",
}
REASSIGNS = {"split", "assign", "take", "assign --auto", "edit --owner", "edit --segment"}


def _next_owner(work: Work, id: int) -> str:
    """An agent of the segment who does not own the ticket."""
    return "ana" if tickets.get(work.tx, id).owner != "ana" else "ben"


def may(verb: str, actor: str, owner: str | None, *, strict: bool) -> bool:
    """The table as the operator's guide tells it, of a ticket in support."""
    sees = actor in SUPPORT or actor == owner or actor == "root"
    if not sees or not strict:
        return sees
    reserved = verb in ENDS or (verb in REASSIGNS and owner is not None)
    return not reserved or actor in (owner, "eva", "root")


class _Back(Exception):
    """Ends a transaction that must leave nothing behind."""


@contextmanager
def taken_back() -> Iterator[None]:
    with pytest.raises(_Back):
        yield


def acting(tx: Tx, helpdesk: DeskFixture, name: str) -> Work:
    return begin(tx, Actor(name, name, ROLES[name]), helpdesk.at)


def refused(
    helpdesk: DeskFixture, deed: Callable[[Work, Work, int], object], id: int, actor: str
) -> bool:
    """Is the deed refused for want of rights? Whatever it did is taken back."""
    found: list[bool] = []

    def attempt(tx: Tx) -> None:
        try:
            deed(acting(tx, helpdesk, "root"), acting(tx, helpdesk, actor), id)
            found.append(False)
        except NotAllowed:
            found.append(True)
        except DeskError:  # of another kind: the gate let it pass
            found.append(False)
        raise _Back

    with taken_back():
        helpdesk.db.write(attempt)
    return found[0]


def with_owner(helpdesk: DeskFixture, owner: str | None) -> int:
    """A ticket in support with two messages of Carl's and this owner."""
    from ticketctl.actions.tickets.receive_mail import customer_message

    id = helpdesk.open()
    mail = helpdesk.incoming("And another thing.")
    helpdesk.do(lambda work: customer_message(work, id, mail), "gateway")
    helpdesk.db.write(lambda tx: tickets.change(tx, id, at=helpdesk.at, owner=owner))
    return int(id)


def test_every_command_that_changes_tickets_is_in_the_table() -> None:
    changing = {name for name, entry in COMMANDS.items() if entry.section == CHANGING}
    assert changing - {"new", "undo", "canned"} <= VERBS.keys()


@pytest.mark.postgres
@pytest.mark.parametrize("strict", [False, True])
def test_every_verb_asks_for_segment_owner_and_role(
    sqlite_helpdesk: DeskFixture, strict: bool
) -> None:
    helpdesk = sqlite_helpdesk
    helpdesk.apply(STRICT if strict else DESK)
    tickets_of = {owner: with_owner(helpdesk, owner) for owner in (None, "ana", "ben", "bob")}
    wrong = [
        (verb, actor, owner)
        for verb, actor, owner in product(VERBS, ROLES, tickets_of)
        if refused(helpdesk, VERBS[verb], tickets_of[owner], actor)
        is may(verb, actor, owner, strict=strict)
    ]
    assert wrong == []


@pytest.mark.parametrize("verb", ["merge", "link"])
def test_a_verb_on_two_tickets_asks_for_both(helpdesk: DeskFixture, verb: str) -> None:
    helpdesk.apply(DESK)
    mine, hidden = helpdesk.open(), helpdesk.open("Two")
    helpdesk.db.write(lambda tx: tickets.change(tx, hidden, at=helpdesk.at, segment="billing"))
    deeds: dict[str, Callable[[Work, int, int], object]] = {
        "merge": lambda work, a, b: merge.merge(work, a, b, comment="x"),
        "link": lambda work, a, b: link.link(work, a, "related", b, comment="x"),
    }
    for pair in ((mine, hidden), (hidden, mine)):
        with pytest.raises(NotAllowed):
            helpdesk.do(lambda work, pair=pair: deeds[verb](work, *pair))


def test_unmerge_asks_for_the_ticket_it_was_merged_into(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK)
    source, target = helpdesk.open(), helpdesk.open("Two")
    helpdesk.do(lambda work: merge.merge(work, source, target, comment="x"))
    helpdesk.db.write(lambda tx: tickets.change(tx, target, at=helpdesk.at, segment="billing"))
    with pytest.raises(NotAllowed):
        helpdesk.do(lambda work: merge.unmerge(work, source, comment="x"))


# Customers: their tickets move with them.


def customer_of(helpdesk: DeskFixture, id: int) -> int:
    return int(helpdesk.ticket(id).customer.id)


def in_billing(helpdesk: DeskFixture, author: str) -> int:
    """A ticket in billing of somebody new; the number of the customer."""
    id = helpdesk.open(author=author, author_name="")
    helpdesk.db.write(lambda tx: tickets.change(tx, id, at=helpdesk.at, segment="billing"))
    return customer_of(helpdesk, id)


@pytest.mark.postgres
@pytest.mark.parametrize("verb", ["merge", "merge into", "link", "unlink", "edit", "ban", "unban"])
def test_a_customer_with_tickets_out_of_sight_is_left_alone(
    helpdesk: DeskFixture, verb: str
) -> None:
    helpdesk.apply(DESK)
    dora = in_billing(helpdesk, "dora@customer.example")
    carl = customer_of(helpdesk, helpdesk.open())

    def one(work: Work) -> Any:
        return customers.get(work.tx, dora)

    deeds: dict[str, Callable[[Work], object]] = {
        "merge": lambda w: customer_merge.merge(w, dora, carl),
        "merge into": lambda w: customer_merge.merge(w, carl, dora),
        "link": lambda w: customer.link(w, one(w), ["mallory@customer.example"]),
        "unlink": lambda w: customer.unlink(w, one(w), ["dora@customer.example"]),
        "edit": lambda w: customer.edit(w, one(w), customer.CustomerChanges(name="Dora")),
        "ban": lambda w: ban.add(w, "dora@customer.example"),
        "unban": lambda w: ban.remove(w, "dora@customer.example"),
    }
    with pytest.raises(NotAllowed):
        helpdesk.do(deeds[verb], "ana")
    if verb == "unban":
        helpdesk.do(deeds["ban"], "bob")
    if verb == "unlink":
        helpdesk.do(deeds["link"], "bob")
    helpdesk.do(deeds[verb], "root", "admin")
    helpdesk.do(lambda w: permission.require_customers(w, (dora, carl), "merge"), "gateway")


@pytest.mark.parametrize(
    "pattern", ["dora@customer.example", "@customer.example", "*@*.example", "d?ra@*", "[cd]ora@*"]
)
def test_a_ban_is_refused_for_every_pattern_that_holds_such_a_customer(
    helpdesk: DeskFixture, pattern: str
) -> None:
    helpdesk.apply(DESK)
    in_billing(helpdesk, "dora@customer.example")
    with pytest.raises(NotAllowed):
        helpdesk.do(lambda work: ban.add(work, pattern))
    with helpdesk.db.read() as tx:
        assert bans.listing(tx) == []


@pytest.mark.parametrize("pattern", ["spam@spam.example", "@spam.example", "d_ra@*", "*@%.example"])
def test_any_agent_may_ban_other_addresses(helpdesk: DeskFixture, pattern: str) -> None:
    helpdesk.apply(DESK)
    in_billing(helpdesk, "dora@customer.example")
    helpdesk.do(lambda work: ban.add(work, pattern))


def test_a_customer_seen_in_one_segment_can_be_corrected_by_its_agents(
    helpdesk: DeskFixture,
) -> None:
    helpdesk.apply(DESK)
    carl = customer_of(helpdesk, helpdesk.open())
    in_billing(helpdesk, "carl@customer.example")
    changes = customer.CustomerChanges(name="Carlos")
    assert helpdesk.do(lambda w: customer.edit(w, customers.get(w.tx, carl), changes))
    with pytest.raises(NotAllowed):  # but a new address would write to the other ticket, too
        helpdesk.do(lambda w: customer.link(w, customers.get(w.tx, carl), ["c@x.example"]))


def test_undoing_a_merge_of_customers_asks_for_their_tickets(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK)
    dora = customer_of(helpdesk, helpdesk.open(author="dora@customer.example"))
    ticket = helpdesk.open()
    carl, group = customer_of(helpdesk, ticket), new_group()
    helpdesk.do(lambda w: customer_merge.merge(w, dora, carl), group=group)
    helpdesk.db.write(lambda tx: tickets.change(tx, ticket, at=helpdesk.at, segment="billing"))
    with pytest.raises(NotAllowed):
        helpdesk.do(lambda w: undo.undo(w), group=group)


# Taking back what one has done.


def moved(helpdesk: DeskFixture, id: int) -> str:
    group = new_group()
    changes = edit.TicketChanges(segment="billing")
    helpdesk.do(lambda w: edit.edit(w, id, changes, comment="theirs"), group=group)
    return group


def test_an_agent_takes_back_at_once_what_they_gave_away_by_mistake(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK)
    id = with_owner(helpdesk, None)
    group = moved(helpdesk, id)
    helpdesk.do(lambda w: undo.undo(w), group=group)
    assert helpdesk.ticket(id).segment == "support"


@pytest.mark.parametrize("force", [False, True])
def test_once_the_other_segment_has_acted_it_is_theirs(helpdesk: DeskFixture, force: bool) -> None:
    helpdesk.apply(DESK)
    id = with_owner(helpdesk, None)
    group = moved(helpdesk, id)
    helpdesk.do(lambda w: comment.comment(w, id, "We look into it."), "bob")
    with pytest.raises(NotAllowed):
        helpdesk.do(lambda w: undo.undo(w, force=force), group=group)
    assert helpdesk.ticket(id).segment == "billing"


def test_an_earlier_command_is_not_undone_in_a_segment_one_has_left(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK)
    id = with_owner(helpdesk, None)
    group = new_group()
    helpdesk.do(
        lambda w: edit.edit(w, id, edit.TicketChanges(priority="high"), comment="x"), group=group
    )
    helpdesk.do(
        lambda w: edit.edit(w, id, edit.TicketChanges(segment="billing"), comment="x"), "eva"
    )
    with pytest.raises(NotAllowed):
        helpdesk.do(lambda w: undo.undo(w), group=group)


def test_a_strict_desk_reserves_the_way_back_as_it_does_the_way_there(
    helpdesk: DeskFixture,
) -> None:
    helpdesk.apply(STRICT)
    id = with_owner(helpdesk, "ana")
    group = new_group()
    helpdesk.do(lambda w: assign.assign(w, id, "ben", comment="yours"), group=group)
    helpdesk.do(lambda w: comment.comment(w, id, "I am at it."), "ben")
    with pytest.raises(NotAllowed):
        helpdesk.do(lambda w: undo.undo(w), group=group)
    assert helpdesk.ticket(id).owner == "ben"


# Telling somebody who may not see it.


def test_a_mention_of_an_agent_without_access_is_refused_by_name(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK)
    id = with_owner(helpdesk, None)
    with pytest.raises(Refused, match=r"^bob may not see ticket 1 of segment support"):
        helpdesk.do(lambda w: comment.comment(w, id, "@ben @bob what do you think?"))
    assert helpdesk.comments(id) == []
    helpdesk.do(lambda w: comment.comment(w, id, "@ben @root what do you think?"))


def test_mail_to_an_agent_without_access_is_refused(helpdesk: DeskFixture) -> None:
    helpdesk.apply(DESK)
    id = with_owner(helpdesk, None)
    to_bob = ("Bob@help.example",)
    for deed in (
        lambda w: escalate.escalate(w, id, comment="x", to=to_bob),
        lambda w: reply.reply(w, id, "x", reply.Extras(cc=to_bob)),
        lambda w: reply.reply(w, id, "x", reply.Extras(bcc=to_bob)),
    ):
        with pytest.raises(Refused, match="bob may not see ticket"):
            helpdesk.do(deed)
    assert helpdesk.messages(id)[-1].direction == "in"
    helpdesk.do(lambda w: escalate.escalate(w, id, comment="x", to=("lab@partner.example",)))


def test_taking_an_owned_ticket_says_who_may_on_a_strict_desk(helpdesk: DeskFixture) -> None:
    helpdesk.apply(STRICT)
    id = with_owner(helpdesk, "ben")
    with pytest.raises(
        NotAllowed, match=r"only its owner, a manager of support or an admin may do that \(take\)"
    ):
        helpdesk.do(lambda w: assign.take(w, id, steal=True))
    helpdesk.apply(DESK)
    with pytest.raises(Conflict, match="--steal"):
        helpdesk.do(lambda w: assign.take(w, id))
