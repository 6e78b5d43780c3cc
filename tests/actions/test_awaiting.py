"""Who is awaited: the agent if the customer wrote last, the customer if we did, whatever was done (sla.md §4, 8)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from tests.support.desk import DeskFixture
from ticketctl import clock
from ticketctl.actions.base.context import new_group
from ticketctl.actions.jobs import sweep
from ticketctl.actions.mail.delivery import BOUNCED
from ticketctl.actions.tickets import receive_channel, receive_mail
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam, unspam
from ticketctl.actions.tickets.split import split
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.cancel import cancel
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base import identity
from ticketctl.domain.base.records import Actor, Message
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.formats.transcript import ChatMessage
from ticketctl.errors import DeskError
from ticketctl.store.queues import outbox, sending

WORDS = ("open", "waiting", "resolved", "closed", "escalated")
VERBS: dict[str, Callable[..., object]] = {
    "resolve": resolve,
    "close": close,
    "reopen": reopen,
    "wait": wait,
    "spam": spam,
    "unspam": unspam,
    "unmerge": unmerge,
}


class History:
    """A desk in which everything happens that moves who is awaited, by chance."""

    def __init__(self, helpdesk: DeskFixture, patch: pytest.MonkeyPatch, seed: int) -> None:
        self.desk, self.patch, self.luck = helpdesk, patch, Random(seed)
        self.tickets: list[int] = []
        self.asked: dict[int, bool] = {}  # merged tickets: did they await an agent?
        self.merged: dict[int, object] = {}  # and when they were merged

    def live(self, ticket: int) -> None:
        """Let something happen to a ticket; what cannot be done changes nothing."""
        luck = self.luck
        who = luck.choice(("ana", "ben", "root"))
        act = partial(
            self.desk.do, who=who, role="admin" if who == "root" else "agent", group=new_group()
        )
        steps: list[Callable[[], object]] = [
            *(partial(act, lambda work, verb=verb: verb(work, ticket, comment="x")) for verb in VERBS.values()),
            *(partial(self.answers, act, ticket) for _ in range(4)),
            *(partial(self.writes, ticket) for _ in range(3)),
            *(partial(self.is_undone, ticket) for _ in range(3)),
            *(partial(self.goes_out, ticket) for _ in range(2)),
            *(partial(self.is_cancelled, ticket) for _ in range(2)),
            partial(self.is_merged, act, ticket),
            partial(self.is_split, act, ticket),
            partial(self.comes_by_chat, ticket),
            partial(self.wakes, act, ticket),
            partial(act, lambda work: comment(work, ticket, "Note.")),
            partial(act, lambda work: escalate(work, ticket, comment="x")),
            partial(act, lambda work: edit(work, ticket, TicketChanges(status=luck.choice(WORDS)), comment="x")),
        ]  # fmt: skip
        with suppress(DeskError, IndexError):
            luck.choice(steps)()

    def opens(self) -> None:
        self.tickets.append(self.desk.open(spam=self.luck.random() < 0.1))

    def answers(self, act: Callable[..., object], ticket: int) -> None:
        end = self.luck.choice((None, None, "waiting", "resolved", "open"))
        act(lambda work: reply(work, ticket, "Try this.", Extras(status=end)))

    def writes(self, ticket: int) -> None:
        how, class_ = self.luck.choice(
            ((receive_mail.customer_message, "human"), (receive_mail.quiet_message, "auto"))
        )
        mail = self.desk.incoming("Still broken.", class_=class_)
        self.desk.do(lambda work: how(work, ticket, mail), "gateway")

    def comes_by_chat(self, ticket: int) -> None:
        side = self.luck.choice(("in", "out"))
        said = ChatMessage(text="Hm.", direction=side, author="ana" if side == "out" else "")
        one = receive_channel.Contact(
            channel="chat", said=said, who=identity.parse("carl@customer.example"),
            thread=f"t{ticket}",
        )  # fmt: skip
        made = self.desk.do(lambda work: receive_channel.receive(work, one), "gateway")
        if made.ticket not in self.tickets:
            self.tickets.append(made.ticket)

    def is_undone(self, ticket: int) -> None:
        line = self.luck.choice(self.desk.events(ticket)[-3:])
        if line.actor in ("ana", "ben", "root"):
            self.desk.do(lambda work: undo(work), line.actor, "admin", group=line.group)

    def goes_out(self, ticket: int) -> None:
        """A queued mail is sent; or one that was sent bounces."""
        row = self.luck.choice(self.desk.outbox("reply", "resolution"))
        for one in self.desk.read(lambda tx: outbox.deliveries(tx, row.id)):
            state = BOUNCED if one.state == "sent" else "sent"
            self.desk.do(
                lambda work, id=one.id, state=state: outbox.settle_delivery(  # type: ignore[misc]
                    work.tx, id, state, "250", work.at
                )
            )
        if row.state == "queued":
            self.desk.do(lambda work: sending.settle(work.tx, row.id, retry_at=None, error=None))

    def is_cancelled(self, ticket: int) -> None:
        row = self.luck.choice(self.desk.outbox("reply", "resolution", "ack"))
        root = Actor("root", "root", "admin")
        self.desk.db.write(lambda tx: cancel(tx, root, row.id))

    def is_merged(self, act: Callable[..., object], ticket: int) -> None:
        asked = self.expected(ticket) == "agent"
        act(lambda work: merge(work, ticket, self.luck.choice(self.tickets), comment="x"))
        self.asked[ticket], self.merged[ticket] = asked, self.desk.at

    def is_split(self, act: Callable[..., int], ticket: int) -> None:
        known = [one.n for one in self.desk.messages(ticket)]
        some = self.luck.sample(known, self.luck.randrange(1, len(known) + 1))
        self.tickets.append(act(lambda work: split(work, ticket, some, comment="x")))

    def wakes(self, act: Callable[..., object], ticket: int) -> None:
        until = self.desk.at + timedelta(hours=1)
        act(lambda work: wait(work, ticket, until=until, comment="x"))
        self.desk.at = until
        self.patch.setenv(clock.VARIABLE, clock.rfc3339(until))
        list(sweep.run(self.desk.db))

    def expected(self, number: int) -> str:
        """Who is awaited, from the ticket's status, its messages, and the open questions merged into it."""
        ticket = self.desk.ticket(number)
        if ticket.status not in ACTIVE:
            return "nobody"
        if ticket.status == "waiting":
            return "customer"
        said = [one for one in self.desk.messages(number) if stands(one)]
        if not said or said[-1].direction == "in":
            return "agent"
        for one in map(self.desk.ticket, self.asked):
            since = self.merged[one.id]
            answered = any(each.direction == "out" and each.at > since for each in said)  # type: ignore[operator]
            if one.merged_into == number and self.asked[one.id] and not answered:
                return "agent"
        return "customer"


def stands(one: Message) -> bool:
    return one.class_ == "human" and one.delivery != "cancelled"


@pytest.mark.parametrize("seed", range(6))
def test_whoever_did_not_write_last_is_awaited_whatever_happened(
    helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    history = History(helpdesk, monkeypatch, seed)
    for _ in range(80):
        helpdesk.later(minutes=7)
        if len(history.tickets) < 3:
            history.opens()
        else:
            history.live(history.luck.choice(history.tickets))
        for number in history.tickets:
            assert (number, helpdesk.ticket(number).awaiting) == (number, history.expected(number))
