"""Lives of a desk by chance: all that people, customers, rules and cron do to tickets, by the desk's own actions.

The same seed lives the same life. The clock moves by minutes or hours from one thing to the next.
"""

import contextlib
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from tests.figures import desks
from tests.support.desk import DeskFixture
from ticketctl import clock
from ticketctl.actions.base.context import Work, new_group
from ticketctl.actions.customers import absence
from ticketctl.actions.customers import erase as erasing
from ticketctl.actions.customers import merge as customer_merge
from ticketctl.actions.jobs import purge, recompute, sla_check, surveys
from ticketctl.actions.tickets import open_ticket, rate, receive_channel, receive_mail, spam
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.split import split
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo import cancel
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.identity import Identity
from ticketctl.domain.base.records import Actor
from ticketctl.domain.formats.transcript import ChatMessage
from ticketctl.errors import DeskError
from ticketctl.store.db.database import Database
from ticketctl.store.desk import definitions
from ticketctl.store.tickets import tickets

_MINUTE = timedelta(minutes=1)
START = datetime(2026, 2, 22, 3, tzinfo=UTC)  # where lives begin
ROLES = {"eva": "manager", "ida": "agent", "root": "admin"}
PEOPLE = [f"c{n}@customer.example" for n in range(14)]
BOXES = ("support@help.example", "support@help.example", "billing@help.example")
WORDS = ("Still broken.", "Thank you.", "It is an outage!", "And another thing.")

# What happens to a ticket that exists, and how often.
STEPS = {
    "answer": 16, "word": 14, "assign": 5, "resolve": 8, "close": 5, "reopen": 4, "wait": 4, "escalate": 3,
    "priority": 4, "segment": 3, "kind": 2, "merge": 4, "unmerge": 4, "split": 3, "undo": 6, "spam": 2,
    "unspam": 3, "outgoing": 2, "rate": 7, "cancel": 2, "note": 2, "person": 1, "erase": 1, "join": 1,
    "away": 1, "automatic": 2,
}  # fmt: skip

ACTIVE = frozenset({"new", "open", "waiting", "escalated"})
ANY = ACTIVE | {"resolved", "closed"}
FROM = {
    "resolve": ACTIVE, "close": ACTIVE | {"resolved"}, "reopen": frozenset({"resolved", "closed"}), "wait": ACTIVE,
    "escalate": ACTIVE, "unmerge": frozenset({"merged"}), "unspam": frozenset({"spam"}),
    "rate": frozenset({"resolved", "closed"}), "answer": ACTIVE, "cancel": ANY | {"merged", "spam"},
}  # fmt: skip


class _Desk(DeskFixture):
    def now(self) -> datetime:
        return clock.now()


class Life:
    """A desk that lives. `keep` is the time before which nothing is taken back or purged."""

    def __init__(self, db: Database, seed: int, patch: pytest.MonkeyPatch, start: datetime) -> None:
        self.luck, self.patch, self.keep = random.Random(seed), patch, start
        self.move(start)
        self.helpdesk = _Desk(db, desks.FIRST)
        self.versions = iter((desks.SECOND, desks.THIRD, desks.FIRST))
        self.db, self.tickets, self.groups = db, list[int](), list[tuple[datetime, str, str]]()
        self.staff = ["ana", "ben", "eva", "root"]

    def move(self, at: datetime) -> None:
        """Set the clock."""
        self.at = at
        self.patch.setenv(clock.VARIABLE, clock.rfc3339(at))

    def until(self, end: datetime, steps: int) -> None:
        """Let about so many things happen until a time; then it is that time."""
        mean = (end - self.at) / steps
        while True:
            at = self.at + mean * (self.luck.random() * 2)
            if at >= end:
                break
            self.move(max(at.replace(microsecond=0), self.at.replace(second=0) + _MINUTE))
            with contextlib.suppress(DeskError):
                self._step()
            if self.luck.random() < 0.12:
                self._cron()
        self.move(end)

    def change_desk(self) -> None:
        """Apply the next version of desk.toml, and recompute the clocks that run."""
        self.helpdesk.apply(next(self.versions))
        with self.db.read() as tx:
            support = definitions.current(tx).segment("support")
        assert support is not None
        self.staff = [*support.agents, *support.managers]
        self.move(self.at + _MINUTE)
        if self.luck.random() < 0.7:
            list(recompute.run(self.db, Actor("root", "root", "admin"), new_group()))

    def purge(self, before: datetime) -> None:
        """Delete the tickets closed before a time."""
        self._as("root", lambda work: purge.some(work, before))
        with self.db.read() as tx:
            self.tickets = [one.id for one in tickets.some(tx, self.tickets)]

    def _cron(self) -> None:
        list(sla_check.run(self.db))
        list(surveys.send(self.db))

    def _step(self) -> None:
        if not self.tickets or self.luck.random() < 0.22:
            self.tickets.append(self._open())
            return
        step = self.luck.choices([*STEPS], [*STEPS.values()])[0]
        ticket = self._fit(FROM.get(step, ANY))
        billing = self.helpdesk.ticket(ticket).segment == "billing"
        who = self.luck.choice(["ana", "ida", "root"] if billing else self.staff)
        getattr(self, f"_{step}")(ticket, who)

    def _fit(self, states: frozenset[str]) -> int:
        """A ticket in one of these states, if there is one; mostly a recent one."""
        some = self.tickets[-10:] if self.luck.random() < 0.8 else self.tickets
        mixed = self.luck.sample(some, len(some)) + self.tickets[::-1]
        return next((one for one in mixed if self.helpdesk.ticket(one).status in states), mixed[0])

    def _as(self, who: str, action: Callable[[Work], Any], delay: int = 0) -> Any:
        group = new_group()
        done = self.helpdesk.do(action, who, ROLES.get(who, "agent"), group=group, delay=delay)
        self.groups.append((self.at, who, group))
        return done

    def _open(self) -> int:
        person, luck = self.luck.choice(PEOPLE), self.luck.random()
        if luck < 0.08:
            return self._call(person, "out")
        if luck < 0.16:
            return self._call(person, "in")
        if luck < 0.22:
            draft = open_ticket.Draft(
                customer=person, subject="By phone", comment="they rang", text="It hums."
            )
            return int(self._as("root", lambda work: open_ticket.by_hand(work, draft)))
        author = "ben@help.example" if luck > 0.97 else person
        box = self.luck.choice(BOXES)
        return self.helpdesk.open(self.luck.choice(WORDS), mailbox=box, author=author)

    def _call(self, person: str, direction: str) -> int:
        """A line of another channel opens a ticket."""
        who = self.luck.choice([one for one in self.staff if one != "root"])
        said = ChatMessage(text="Hello.", name="C", direction=direction, author=who)
        contact = receive_channel.Contact(
            channel="chat", said=said, who=Identity("email", person), segment="support"
        )
        return int(
            self.helpdesk.do(lambda work: receive_channel.receive(work, contact), "gateway").ticket
        )

    # ---- what happens to a ticket -----------------------------------------------------------------------------------

    def _answer(self, ticket: int, who: str) -> None:
        how = Extras(status=self.luck.choice([None, None, "open", "waiting", "resolved"]))
        self._as(who, lambda work: reply(work, ticket, "Try this.", how), delay=600)

    def _word(self, ticket: int, who: str) -> None:
        mail = self.helpdesk.incoming(
            self.luck.choice(WORDS), author=self.helpdesk.ticket(ticket).customer.email
        )
        self.helpdesk.do(lambda work: receive_mail.customer_message(work, ticket, mail), "gateway")

    def _automatic(self, ticket: int, who: str) -> None:
        mail = self.helpdesk.incoming("I am away.", class_="auto", may_ack=False)
        self.helpdesk.do(lambda work: receive_mail.quiet_message(work, ticket, mail), "gateway")

    def _outgoing(self, ticket: int, who: str) -> None:
        """An agent wrote or was written to elsewhere: the ticket of another channel goes on."""
        self._call(self.helpdesk.ticket(ticket).customer.email, self.luck.choice(["in", "out"]))

    def _assign(self, ticket: int, who: str) -> None:
        agent = self.luck.choice([*self.staff, None])
        self._as(who, lambda work: assign(work, ticket, agent, comment="so", steal=True))

    def _plain(self, verb: Callable[..., Any], ticket: int, who: str) -> None:
        self._as(who, lambda work: verb(work, ticket, comment="so"))

    def _resolve(self, ticket: int, who: str) -> None:
        self._plain(resolve, ticket, who)

    def _close(self, ticket: int, who: str) -> None:
        self._plain(close, ticket, who)

    def _reopen(self, ticket: int, who: str) -> None:
        self._plain(reopen, ticket, who)

    def _wait(self, ticket: int, who: str) -> None:
        self._plain(wait, ticket, who)

    def _escalate(self, ticket: int, who: str) -> None:
        self._plain(escalate, ticket, who)

    def _spam(self, ticket: int, who: str) -> None:
        self._plain(spam.spam, ticket, who)

    def _unspam(self, ticket: int, who: str) -> None:
        self._plain(spam.unspam, ticket, "root")

    def _note(self, ticket: int, who: str) -> None:
        self._as(who, lambda work: comment(work, ticket, "Look at the log."))

    def _edit(self, ticket: int, **changes: Any) -> None:
        self._as(
            "root",
            lambda work: edit(work, ticket, TicketChanges(**changes), comment="so", force=True),
        )

    def _priority(self, ticket: int, who: str) -> None:
        self._edit(ticket, priority=self.luck.choice(["low", "medium", "high", "critical"]))

    def _segment(self, ticket: int, who: str) -> None:
        self._edit(ticket, segment=self.luck.choice(["support", "billing"]))

    def _kind(self, ticket: int, who: str) -> None:
        self._edit(ticket, type=self.luck.choice(["bill", "fault", None]))

    def _person(self, ticket: int, who: str) -> None:
        self._edit(ticket, customer=self.luck.choice(PEOPLE))

    def _merge(self, ticket: int, who: str) -> None:
        into = self.luck.choice(self.tickets[-12:])
        self._as("root", lambda work: merge(work, ticket, into, comment="same"))

    def _unmerge(self, ticket: int, who: str) -> None:
        self._plain(unmerge, ticket, "root")

    def _split(self, ticket: int, who: str) -> None:
        """Split a message off, from the ticket with the most to choose from."""
        ticket = max(self.tickets[-8:], key=lambda one: len(self.helpdesk.messages(one)))
        said = self.helpdesk.messages(ticket)
        mine = [one.n for one in said if one.direction == "in" or self.luck.random() < 0.3]
        chosen = self.luck.sample(mine, min(len(mine), self.luck.choice([1, 1, 2])))
        self.tickets.append(
            self._as("root", lambda work: split(work, ticket, chosen, comment="so"))
        )

    def _rate(self, ticket: int, who: str) -> None:
        grade = self.luck.randrange(
            0, 11 if self.helpdesk.ticket(ticket).segment == "billing" else 6
        )
        self._as("root", lambda work: rate.by_agent(work, ticket, grade, comment="they said so"))

    def _undo(self, ticket: int, who: str) -> None:
        """Take back something done lately, and never before `keep`."""
        for at, name, group in reversed(self.groups[-6:]):
            if at >= self.keep and self.luck.random() < 0.4:
                force = self.luck.random() < 0.2
                self.helpdesk.do(partial(undo, force=force), name, "admin", group=group)
                return

    def _cancel(self, ticket: int, who: str) -> None:
        """Stop a reply that waits to be sent."""
        rows = [row for row in self.helpdesk.outbox("reply") if row.created_at >= self.keep]
        if rows:
            id = self.luck.choice(rows[-4:]).id
            self.helpdesk.db.write(lambda tx: cancel.cancel(tx, Actor("root", "root", "admin"), id))

    # ---- what happens to people -------------------------------------------------------------------------------------

    def _erase(self, ticket: int, who: str) -> None:
        id = self.helpdesk.ticket(ticket).customer.id
        self._as("root", lambda work: erasing.erase(work, id))

    def _join(self, ticket: int, who: str) -> None:
        one, other = (self.helpdesk.ticket(t).customer.id for t in (ticket, self.tickets[-1]))
        self._as("root", lambda work: customer_merge.merge(work, one, other))

    def _away(self, ticket: int, who: str) -> None:
        until = self.at + _MINUTE * 60 * 24 * 5
        self._as("root", lambda work: absence.away(work, who, until))
