"""Reverts a line of a ticket's history, by its type or by the field it changed.

A revert looks first, then restores what the line changed, and returns the value until now. Conflict
(`Reversal.still`) if somebody changed the same thing since.
"""

from collections.abc import Callable
from typing import Any

from ticketctl.actions.base import transitions
from ticketctl.actions.customers import customer
from ticketctl.actions.revert import relations
from ticketctl.actions.revert.reversal import Reversal
from ticketctl.clock import parse, rfc3339
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Event, Participant
from ticketctl.domain.sla.policy import parts, reference
from ticketctl.errors import Conflict, Refused
from ticketctl.store.desk import ratings
from ticketctl.store.people import customers
from ticketctl.store.queues import deliveries
from ticketctl.store.sla import clock_rows
from ticketctl.store.tickets import message_moves, messages, search, tickets, watchers

Revert = Callable[[Reversal], Any]


def revert_of(line: Event) -> Revert | None:
    """What reverts a line; None if the line changed nothing. Refused if nothing can revert it."""
    field = line.field or ""
    by_field = _restore_custom_field if field.startswith("cf.") else BY_FIELD.get(field)
    if merged_from(line) is not None and by_field:
        return _unless_changed(by_field)
    found = BY_TYPE.get(line.type) or by_field
    if line.type in _NEEDING and line.way_back is None:
        raise Refused(
            f"ticket {line.ticket}: a participant was erased since, so this cannot be undone."
        )
    if found is None and (field or line.type in _FINAL):
        raise Refused(f"ticket {line.ticket}: `{line.type}` in its history cannot be undone.")
    return found


def merged_from(line: Event) -> int | None:
    """The merged ticket that a line took something over from, or gave it back to; None for other lines."""
    kept = line.way_back
    return kept.get("merged") if isinstance(kept, dict) else None


def _unless_changed(revert: Revert) -> Revert:
    """The same revert for what a merge took over: Conflict also if it was changed and changed back since."""

    def careful(step: Reversal) -> object:
        since = relations.changes_since(step.work, step.line)
        if step.line.field not in ("tags", "watcher") and any(
            one.field == step.line.field for one in since
        ):
            raise Conflict(f"ticket {step.ticket.id}: {step.line.field} was changed since.")
        wrote = any(one.type == "message" for one in since)
        if (
            step.line.field == "status"
            and wrote
            and status.after_customer_message(str(step.line.old)) != step.line.old
        ):
            raise Conflict(f"ticket {step.ticket.id}: the customer has written since.")
        return revert(step)

    return careful


def _restore_column(step: Reversal) -> object:
    name = _COLUMNS[str(step.line.field)]
    now = step.still(getattr(step.ticket, name))
    tickets.change(step.work.tx, step.ticket.id, at=step.work.at, **{name: step.line.old})
    if name == "subject":
        search.replace(step.work.tx, step.ticket.id, "subject", 0, now, str(step.line.old))
    return now


def _restore_custom_field(step: Reversal) -> object:
    name = str(step.line.field).removeprefix("cf.")
    now = step.still(step.ticket.fields.get(name))
    kept = step.ticket.fields | {name: step.line.old}
    fields = {each: value for each, value in kept.items() if value is not None}
    tickets.change(step.work.tx, step.ticket.id, at=step.work.at, fields=fields)
    return now


def _restore_due_time(step: Reversal) -> object:
    was = step.ticket.due_by
    now = step.still(was and rfc3339(was))
    old = step.line.old and parse(step.line.old)
    tickets.change(step.work.tx, step.ticket.id, at=step.work.at, due_by=old)
    return now


def _restore_policy(step: Reversal) -> object:
    """Restore the policy; the one that applies now is chosen after the undo (clocks.py)."""
    was = step.ticket.policy and reference(step.ticket.policy, step.ticket.policy_version or 0)
    name, version = parts(step.line.old) if step.line.old else (None, None)
    clock_rows.set_policy(step.work.tx, step.ticket.id, name, version)
    return was


def _restore_status(step: Reversal) -> object:
    old = str(step.line.old)
    now = step.still(step.ticket.status)
    columns = transitions.restored_columns(old, step.line.way_back)
    tickets.change(step.work.tx, step.ticket.id, at=step.work.at, status=old, **columns)
    return now


def _restore_tags(step: Reversal) -> object:
    """Remove the tags it added, and add those it removed; other changes of tags stay."""
    old, new, now = set(step.line.old), set(step.line.new), sorted(step.ticket.tags)
    tickets.set_tags(step.work.tx, step.ticket.id, sorted(old - new), sorted(new - old))
    tickets.change(step.work.tx, step.ticket.id, at=step.work.at)
    return now


def _restore_watcher(step: Reversal) -> object:
    """Let the agent watch no longer, or again. Conflict if somebody else did that since."""
    tx, number = step.work.tx, step.ticket.id
    name = str(step.line.new or step.line.old)
    now = step.still(name if name in watchers.of(tx, number) else None)
    if step.line.old:
        watchers.add(tx, number, name)
    else:
        watchers.remove(tx, number, name)
    return now


def _withdraw_reply(step: Reversal) -> object:
    """Withdraw a reply that was never sent: it no longer counts as a message or as the first or last reply."""
    tx, ticket = step.work.tx, step.ticket
    message_moves.withdraw_answer(tx, ticket.id, int(step.line.new))
    answers = [
        one.at
        for one in messages.of(tx, ticket.id)
        if (one.direction, one.class_) == ("out", "human")
        and one.n != step.line.new
        and one.delivery != deliveries.CANCELLED
    ]
    tickets.change(tx, ticket.id, at=step.work.at, first_reply_at=min(answers, default=None))
    return step.line.new


def _withdraw_comment(step: Reversal) -> object:
    """Delete a comment's text; its event stays."""
    message_moves.withdraw_comment(step.work.tx, step.ticket.id, int(step.line.new), step.work.at)
    return step.line.new


def _restore_participants(step: Reversal) -> object:
    """Remove participants, or restore their former roles."""
    kept = step.line.way_back or {}
    for address, name, role in kept.get("were", ()):
        tickets.remove_participant(step.work.tx, step.ticket.id, address)
        if role:
            tickets.add_participant(step.work.tx, step.ticket.id, Participant(address, name, role))
    if "were" in kept:
        return step.line.new
    if kept.get("joined", True):
        tickets.remove_participant(step.work.tx, step.ticket.id, str(step.line.new))
    return step.line.new


def _restore_customer(step: Reversal) -> object:
    """Restore the ticket's customer, and participants who left for that."""
    tx, kept = step.work.tx, step.line.way_back or {}
    now = step.still(customer.word(tx, step.ticket.customer.id))
    former = customers.get(tx, kept["id"])
    for address, name, role in kept["left"]:
        tickets.add_participant(tx, step.ticket.id, Participant(address, name, role))
    customer_id = former.merged_into or former.id
    tickets.change(tx, step.ticket.id, at=step.work.at, customer_id=customer_id)
    return now


def _withdraw_rating(step: Reversal) -> Any:
    """Delete a survey answer; the one it replaced counts again."""
    kept = step.line.way_back or {}
    latest = ratings.of(step.work.tx, step.ticket.id, kept["survey"])
    now = step.still(latest and latest.rating)
    ratings.withdraw(step.work.tx, kept["rating"])
    return now


# Fields of events that are columns of the ticket.
_COLUMNS = {
    name: name for name in ("owner", "priority", "subject", "type", "important", "segment")
} | {"level": "escalation_level"}

BY_TYPE: dict[str, Revert] = {
    "replied": _withdraw_reply,
    "commented": _withdraw_comment,
    "created": relations.revert_creation,
    "split": relations.revert_split,
    "merged": relations.revert_merge,
    "unmerged": relations.revert_unmerge,
    "watched": _restore_watcher,
    "unwatched": _restore_watcher,
    "linked": relations.revert_link,
    "unlinked": relations.revert_unlink,
}
BY_FIELD: dict[str, Revert] = dict.fromkeys(_COLUMNS, _restore_column) | {
    "status": _restore_status,
    "tags": _restore_tags,
    "due_by": _restore_due_time,
    "policy": _restore_policy,
    "customer": _restore_customer,
    "cc": _restore_participants,
    "watcher": _restore_watcher,
    "mailed": _restore_participants,
    "answer": _restore_participants,
    "to": _restore_participants,
    "rating": _withdraw_rating,
}
_FINAL = frozenset({"message"})
_NEEDING = frozenset(
    {"split", "unmerged", "customer", "rated"}
)  # old and new values are not enough to revert these
