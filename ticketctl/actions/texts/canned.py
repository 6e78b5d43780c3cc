"""Adds, changes and removes the team's canned replies, and makes them from messages (F-C13, F-T16)."""

import re
from typing import Any

from msgspec.structs import asdict, replace

from ticketctl.actions.base import checks, custom_fields, permission, types
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.recent_changes import ago
from ticketctl.actions.tickets import edit
from ticketctl.clock import parse, rfc3339
from ticketctl.domain.base.blank import is_blank
from ticketctl.domain.base.names import first_name_first
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.rules.canned import NAMES, TICKET, Canned
from ticketctl.errors import BadInput, Conflict, NotFound, Refused
from ticketctl.store.desk import canned_replies, journal
from ticketctl.store.desk.journal import JournalEntry
from ticketctl.store.tickets import messages, tickets
from ticketctl.templating import canned
from ticketctl.templating.render import LANGUAGE

ADDED, CHANGED, REMOVED = "added", "changed", "removed"

# What Jinja would read as the start of a tag; also at the end of a piece, since a name may follow.
_OPENING = re.compile(r"\{(?=[{%#]|\Z)")


def add(work: Work, one: Canned) -> None:
    """Add a canned reply, or another language of one. Conflict if it exists already."""
    if canned_replies.get(work.tx, one.name, one.language):
        raise Conflict(
            f"canned reply {one} already exists; change it with `ticketctl canned edit {one.name}`."
        )
    others = canned_replies.by_language(work.tx, one.name)
    if others and others[0].kind != one.kind:
        raise Conflict(
            f"canned reply {one.name} is of kind {others[0].kind} in its other languages."
        )
    store(work, None, one)


def change(work: Work, old: Canned, new: Canned, comment: str = "") -> bool:
    """Change a canned reply. False if it is the same. Conflict if it is no longer `old`."""
    if canned_replies.get(work.tx, old.name, old.language) != old:
        raise Conflict(f"canned reply {old} was changed meanwhile{_by_actor(work, old.name)}.")
    if new == old:
        return False
    store(work, old, new, comment)
    return True


def remove(work: Work, name: str, language: str | None) -> list[Canned]:
    """Delete a canned reply in one language (None: in all), and return what was deleted. NotFound if there is none."""
    gone = [
        one for one in canned_replies.by_language(work.tx, name) if language in (None, one.language)
    ]
    if not gone:
        spoken = f" in language {language}" if language else ""
        raise NotFound(f'there is no shared canned reply "{name}"{spoken}.')
    for one in gone:
        canned_replies.drop(work.tx, one.name, one.language)
        _note(work, one.name, REMOVED, one, None)
    return gone


def store(work: Work, old: Canned | None, one: Canned, comment: str = "") -> None:
    """Store a canned reply after checking it. BadInput, Refused or NotFound, saying what is wrong."""
    new = replace(_checked(work, one), at=work.at, actor=work.actor.name)
    canned_replies.store(work.tx, new)
    _note(work, one.name, CHANGED if old else ADDED, old, new, comment)


def from_message(work: Work, ticket_id: int, n: int) -> str:
    """A canned reply made from message n of a ticket (F-C13).

    The customer's name becomes `{{ customer_name }}`; other text is escaped, so that none of it is a template (K8).
    """
    ticket = tickets.get(work.tx, ticket_id)
    permission.require(work, ticket)
    text = messages.get(work.tx, ticket_id, n).text.strip()
    if not text:
        raise Refused(f"message {n} of ticket {ticket_id} has no text.")
    name = ticket.customer.name.strip()
    pieces = (
        _either({name, first_name_first(name, ticket.customer.email)}).split(text)
        if name
        else [text]
    )
    return "{{ customer_name }}".join(_OPENING.sub('{{ "{" }}', piece) for piece in pieces)


def _either(names: set[str]) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(names)))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def take_back(work: Work, line: JournalEntry) -> None:
    """Revert an entry of a canned reply's journal. Conflict, naming who, if it was changed since."""
    old, new = (_text(kept) for kept in (line.old, line.new))
    meant = new or old
    if meant is None:
        raise Refused(f"canned reply {line.subject}: `{line.type}` cannot be undone.")
    if canned_replies.get(work.tx, meant.name, meant.language) != new:
        raise Conflict(f"canned reply {meant} was changed since{_by_actor(work, meant.name)}.")
    if old:
        canned_replies.store(work.tx, old)
    else:
        canned_replies.drop(work.tx, meant.name, meant.language)


def _checked(work: Work, one: Canned) -> Canned:
    checks.require_one_of(one.kind, NAMES, "kind of canned reply")
    if one.language and not LANGUAGE.fullmatch(one.language):
        raise BadInput(f'"{one.language}" is not a language; write it like en or es-mx.')
    if one.kind != TICKET and (one.subject or one.fields):
        raise BadInput("only a canned reply of --kind ticket has a subject and fields.")
    if is_blank(one.text) and one.kind != TICKET:
        raise Refused('a canned reply needs text; give -m "…".')
    if one.type:
        types.check(work, one.type)
    canned.check(one)
    fields = {name: _value(work, name, given) for name, given in one.fields.items()}
    return replace(one, fields=fields)


def _value(work: Work, name: str, given: Any) -> object:
    """The fields of a canned reply of kind ticket, as stored."""
    if name == "priority":
        checks.require_one_of(given, PRIORITIES, "priority")
        return given
    if name == "tags":
        return sorted({edit.tag(one) for one in given})
    return custom_fields.value(work.definition, name.removeprefix("cf."), given)


def _by_actor(work: Work, name: str) -> str:
    last = journal.last(work.tx, "template", name)
    return f" by {last.actor} {ago(work.at - last.at)} ago" if last else ""


def _note(
    work: Work, name: str, type: str, old: Canned | None, new: Canned | None, comment: str = ""
) -> None:
    journal.append(
        work.tx,
        at=work.at,
        actor=work.actor,
        kind="template",
        subject=name,
        type=type,
        group=work.group,
        old=_journal_value(old),
        new=_journal_value(new),
        comment=comment or None,
    )


def _journal_value(one: Canned | None) -> dict[str, object] | None:
    """A canned reply as its journal stores it."""
    return {**asdict(one), "at": one.at and rfc3339(one.at)} if one else None


def _text(kept: dict[str, Any] | None) -> Canned | None:
    return Canned(**{**kept, "at": kept["at"] and parse(kept["at"])}) if kept else None
