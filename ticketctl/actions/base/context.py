"""The context of an action: the transaction, the definition, the actor, the time, the undo group."""

import os
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from ticketctl import clock
from ticketctl.domain.base.blank import is_blank
from ticketctl.domain.base.records import AUTOMATIC, Actor
from ticketctl.domain.definition.definition import Definition
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import definitions
from ticketctl.store.tickets import events

# Files customers' mail.
GATEWAY = Actor("gateway", role="system")


class Work(Struct, frozen=True, kw_only=True):
    """The context of one command in the caller's transaction. `notify` False: send no mail except a reply's own."""

    tx: Tx
    definition: Definition
    key: bytes  # signs addresses and Message-IDs
    actor: Actor
    at: datetime  # aware, UTC
    group: str  # of one command, for undo
    notify: bool = True
    bounces: str = ""  # [outgoing] envelope, if known; "" is bounces@ the help desk's domain
    delay: int = 0  # seconds in which undo can still stop mail to people outside
    answers: bool = (
        False  # the same command answers the customer, so no notice tells them of a status
    )
    chain: tuple[tuple[str, int], ...] = ()  # running rules with their tickets, outermost first
    followed: dict[int, Any] = {}  # cache of clocks.py, by ticket

    @property
    def automatic(self) -> bool:
        """Is the actor the gateway or a rule, not a person?"""
        return self.actor.name in AUTOMATIC

    @property
    def not_before(self) -> datetime:
        """When mail to people outside may be sent."""
        return self.at + timedelta(seconds=self.delay)

    @property
    def agentless(self) -> bool:
        """Does the definition have no agents? Then the OS user is the only agent and an admin."""
        return not self.definition.agents

    def event(
        self,
        ticket_id: int,
        type: str,
        *,
        field: str | None = None,
        old: object = None,
        new: object = None,
        comment: str | None = None,
        way_back: object = None,
    ) -> None:
        """Append an event to a ticket's history; a blank comment becomes None. `way_back`: see revert/history.py."""
        events.append(
            self.tx,
            ticket_id,
            at=self.at,
            actor=self.actor,
            type=type,
            group=self.group,
            field=field,
            old=old,
            new=new,
            comment=None if is_blank(comment or "") else (comment or "").strip(),
            way_back=way_back,
        )


def begin(
    tx: Tx,
    actor: Actor,
    at: datetime | None = None,
    notify: bool = True,
    group: str | None = None,
    delay: int = 0,
    bounces: str = "",
) -> Work:
    """Start work in `tx` by `actor` at desk time `at` (default: now). Pass `group` to undo several transactions as one.

    Mail to people outside is sent after `delay` seconds.
    """
    definition, key = definitions.current_with_key(tx)
    return Work(
        tx=tx,
        definition=definition,
        key=key,
        actor=actor,
        at=at or clock.now(),
        group=group or new_group(),
        notify=notify,
        delay=delay,
        bounces=bounces,
    )


def new_group() -> str:
    """A new undo group. Within one second, later groups sort after earlier ones."""
    return f"{clock.order():016x}{os.urandom(4).hex()}"


def public_name(name: str) -> str:
    """An agent's name as customers see it: `ana` is Ana."""
    return name[:1].upper() + name[1:]


def email_of(work: Work, name: str | None) -> str | None:
    """The address of an agent; None for no name or an unknown one."""
    agent = work.definition.agent(name) if name else None
    return agent.email.lower() if agent else None
