"""Weeks of a busy desk by chance: everything that people do to tickets, by the actions that do it."""

import contextlib
import random
from functools import partial

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.base.context import Work, new_group
from ticketctl.actions.tickets import receive_mail
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.undo import undo
from ticketctl.errors import DeskError
from ticketctl.store.desk import ratings

SLA = """
[[calendar]]
name = "madrid"
timezone = "Europe/Madrid"

[calendar.hours]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]

[[sla]]
name = "only"
calendar = "madrid"
targets = { default = { first = "2h", next = "4h", resolve = "16h" } }
"""
TOML = DESK.replace('name = "Help"\n', 'name = "Help"\ntimezone = "Europe/Madrid"\n', 1) + SLA
STEPS = ("answer", "answer", "answer", "word", "word", "assign", "resolve", "resolve", "close", "reopen", "wait",
         "move", "rate", "undo", "spam", "merge")  # fmt: skip


class Busy:
    """A desk in which things happen by chance, the same for the same seed."""

    def __init__(self, helpdesk: DeskFixture, seed: int) -> None:
        self.helpdesk, self.luck = helpdesk, random.Random(seed)
        helpdesk.apply(TOML)
        self.tickets: list[int] = []

    def live(self, steps: int) -> None:
        """Let so many things happen, up to six hours apart."""
        for _ in range(steps):
            self.helpdesk.later(minutes=self.luck.randrange(1, 360))
            if not self.tickets or self.luck.random() < 0.25:
                mailbox = self.luck.choice(["support@help.example", "billing@help.example"])
                self.tickets.append(self.helpdesk.open(mailbox=mailbox))
            else:
                with contextlib.suppress(DeskError):
                    self._something(self.luck.choice(STEPS), self.luck.choice(self.tickets[-8:]))

    def _something(self, step: str, ticket: int) -> None:
        luck, helpdesk = self.luck, self.helpdesk
        who = luck.choice(["ana", "ben", "root"])
        role = "admin" if who == "root" else "agent"
        act = partial(helpdesk.do, who=who, role=role, group=new_group())
        if step == "answer":
            how = Extras(status=luck.choice([None, None, "waiting", "resolved"]))
            act(lambda work: reply(work, ticket, "Try this.", how))
        elif step == "word":
            mail = helpdesk.incoming("Still broken.")
            helpdesk.do(lambda work: receive_mail.customer_message(work, ticket, mail), "gateway")
        elif step == "assign":
            agent = luck.choice(["ana", "ben", None])
            act(lambda work: assign(work, ticket, agent, comment="so", steal=True))
        elif step == "move":
            changes = TicketChanges(segment=luck.choice(["support", "billing"]))
            helpdesk.do(
                lambda work: edit(work, ticket, changes, comment="so", force=True), "root", "admin"
            )
        elif step == "rate":
            self._rate(ticket)
        elif step == "undo":
            self._undo(ticket)
        elif step == "merge":
            act(lambda work: merge(work, ticket, luck.choice(self.tickets), comment="so"))
        else:
            verb = {
                "resolve": resolve,
                "close": close,
                "reopen": reopen,
                "wait": wait,
                "spam": spam,
            }[step]
            act(lambda work: verb(work, ticket, comment="so"))

    def _undo(self, ticket: int) -> None:
        last = self.helpdesk.events(ticket)[-1]

        def back(work: Work) -> None:
            undo(work)

        if last.actor not in ("gateway", "rule"):
            self.helpdesk.do(back, last.actor, "admin", group=last.group)

    def _rate(self, ticket: int) -> None:
        one = self.helpdesk.ticket(ticket)
        self.helpdesk.db.write(
            lambda tx: ratings.add(
                tx, ticket=ticket, customer=one.customer.id, survey="csat", scale="1-5",
                rating=self.luck.randrange(1, 6), at=self.helpdesk.at, via="command", segment=one.segment,
                owner=one.owner,
            )
        )  # fmt: skip
