"""Whatever can happen to a ticket can be asked for in `history --only`, and undo knows what to do with it."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import ticketctl
from ticketctl.actions.mail import delivery
from ticketctl.actions.revert import history
from ticketctl.cli.commands.reading.history import GROUPS, TYPES
from ticketctl.domain.sla import happenings

ROOT = Path(ticketctl.__file__).parent
MAIL = {delivery.BOUNCED, delivery.DELIVERED, delivery.DELAYED, delivery.FAILED, delivery.REPORTED}
# Types that an action takes from a table, by the name that stands in its call.
BY_NAME = {
    ("tickets.edit", "name"): {"subject", "priority", "type", "important"},
    ("tickets.edit", "'reopened' if verb == 'reopen' else 'status'"): {"reopened", "status"},
    ("tickets.ending", "_TYPE[verb]"): {"resolved", "closed"},
    ("tickets.receive_mail", "type"): {"status", "reopened"},
    ("mail.delivery", "outcome"): MAIL,
    ("jobs.sla_history", "type"): {happenings.SLA_WARNING, happenings.SLA_BREACH},
}
# They tell something, and there is nothing to take back: what customers and mail servers said stays said.
TELLING = {"ack", "unassigned", "undone", "erased", "survey", "rated", *happenings.NOTICES, *MAIL}
# The line names a field that has a way back: the status, the owner, the level, whoever takes part …
OF_FIELDS = {
    "status", "resolved", "closed", "reopened", "assigned", "escalated", "due", "field", "participant",
}  # fmt: skip


def said() -> Iterator[tuple[str, str]]:
    """(module, type) of every line of history that an action writes; `transitions` does as it is told."""
    actions = ROOT / "actions"
    for path in sorted({*actions.rglob("*.py")} - {actions / "base" / "transitions.py"}):
        module = ".".join(path.relative_to(actions).with_suffix("").parts)
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call):
                for one in types(module, call):
                    yield module, one


def types(module: str, call: ast.Call) -> set[str]:
    """The types that one call may write."""
    place = {
        "work.event": 1,
        "self.work.event": 1,
        "transitions.step": 3,
        "transitions.put": 3,
    }.get(ast.unparse(call.func))
    if place is None or len(call.args) <= place:
        return set()
    word = call.args[place]
    if (module, ast.unparse(word)) in BY_NAME:
        return BY_NAME[module, ast.unparse(word)]
    names = vars(importlib.import_module(f"ticketctl.actions.{module}"))
    return {str(eval(ast.unparse(word), dict(names)))}


SAID = sorted(set(said()))


def test_there_are_some() -> None:
    assert {"created", "assigned", "closed", "merged"} <= {one for _, one in SAID}


@pytest.mark.parametrize(("module", "type"), SAID)
def test_what_an_action_says_can_be_asked_for_and_undone(module: str, type: str) -> None:
    assert type in TYPES, "name it in TYPES of cli/commands/reading/history.py and in docs/json.md"
    ways = {*history.BY_TYPE, *history.BY_FIELD, *OF_FIELDS, *history._FINAL}
    assert type in ways | TELLING, (
        "give it a revert in actions/revert/history.py, or say here that it only tells"
    )


def test_docs_name_every_type() -> None:
    text = (ROOT.parent / "docs" / "json.md").read_text()
    listed = text.partition("`type`: created")[2].partition(".")[0].replace("\n", " ")
    assert {"created", *(one.strip() for one in listed.split(",") if one.strip())} == set(TYPES)


def test_groups_are_made_of_types() -> None:
    assert {one for group in GROUPS.values() for one in group} <= set(TYPES)
