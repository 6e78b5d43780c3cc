"""The digest that `sla check` sends: one mail a person, with a line for each clock of each ticket."""

from typing import Any

from ticketctl.actions.base.context import Work
from ticketctl.actions.jobs import escalation_levels
from ticketctl.actions.mail import outbound
from ticketctl.clock import rfc3339
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.sla.policy import Policy
from ticketctl.domain.sla.sla_clock import Clock
from ticketctl.store.sla.events import SlaEvent

_MOST = 200  # lines of one mail


class Digest:
    """Collects what to notify, and sends it to each address once. Nothing goes to a ticket's customer side."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._lines: dict[str, dict[tuple[int, str, int], dict[str, Any]]] = {}
        self._boxes: dict[str, str] = {}

    def add(self, ticket: Ticket, clock: Clock, policy: Policy, event: SlaEvent) -> list[str]:
        """Add an event of a clock, and return who is told: agents by name, others by address.

        Of several events of one clock, the mail has the last one.
        """
        outside = outbound.outsiders(self._work, ticket)
        named = escalation_levels.addresses(self._work, ticket, policy.sla, event)
        told = [address for address in named if address_key(address) not in outside]
        for address in told:
            self._boxes.setdefault(address, outbound.mailbox(self._work, ticket))
            key = (ticket.id, clock.kind, clock.cycle)
            self._lines.setdefault(address, {})[key] = _line(ticket, clock, event)
        return [self._name(address) for address in told]

    def send(self) -> None:
        """Queue the mails."""
        for address, lines in self._lines.items():
            found = sorted(lines.values(), key=lambda line: (line["due"], line["ticket"]))
            late = sum(line["late"] for line in found)
            mail = outbound.OutboundMail(
                kind="notification",
                to=(address,),
                subject=f"{late} late, {len(found) - late} soon due",
                data={
                    "template": "sla",
                    "desk_name": self._work.definition.settings.name,
                    "late": late,
                    "soon": len(found) - late,
                    "lines": found[:_MOST],
                    "more": max(0, len(found) - _MOST),
                    "purpose": "",
                },
            )
            outbound.send_apart(self._work, mail, self._boxes[address])

    def _name(self, address: str) -> str:
        agent = self._work.definition.agent_by_email(address)
        return agent.name if agent else address


def _line(ticket: Ticket, clock: Clock, event: SlaEvent) -> dict[str, object]:
    due = clock.due_at or event.at
    return {
        "ticket": ticket.id,
        "ticket_subject": ticket.subject,
        "customer_name": ticket.customer.name or ticket.customer.email,
        "clock": clock.kind,
        "late": event.noted_at > due,
        "due": rfc3339(due),
        "owner": ticket.owner or "",
        "priority": ticket.priority,
    }
