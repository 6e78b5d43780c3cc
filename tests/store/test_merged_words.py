"""What was said in a ticket is found, listed, told and exported in the one it was merged into, through chains too."""

from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.mail.outgoing_attachments import NewAttachment
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.domain.query.parser import parse
from ticketctl.store.tickets import conversations, match, ticket_lists


@pytest.fixture
def chain(helpdesk: DeskFixture) -> tuple[DeskFixture, int, int, int]:
    """a, which says swordfish and has a file and a comment, in b, in c."""
    a, b, c = (
        helpdesk.open("The swordfish is late."),
        helpdesk.open(subject="B"),
        helpdesk.open(subject="C"),
    )
    helpdesk.later(minutes=1)
    file = NewAttachment("map.png", "image/png", b"x")
    helpdesk.do(lambda w: reply(w, a, "Look at the map.", Extras(attachments=(file,))))
    helpdesk.do(lambda w: comment(w, a, "a secret word"))
    helpdesk.do(lambda w: merge(w, a, b))
    helpdesk.do(lambda w: merge(w, b, c))
    return helpdesk, a, b, c


def found(helpdesk: DeskFixture, text: str) -> list[int]:
    condition = parse(text, now=helpdesk.at, zone=helpdesk.at.tzinfo, me=None).condition  # type: ignore[arg-type]
    return [
        one.id for one in helpdesk.read(lambda tx: list(ticket_lists.stream(tx, condition, ())))
    ]


def fit(helpdesk: DeskFixture, number: int, text: str) -> bool:
    condition = parse(text, now=helpdesk.at, zone=helpdesk.at.tzinfo, me=None).condition  # type: ignore[arg-type]
    return helpdesk.read(lambda tx: match.of(tx, number, [condition]))[0]


@pytest.mark.parametrize(
    "query", ["swordfish", "body:map", "comments:secret", "has:attachment", "has:comment"]
)
def test_a_query_finds_the_ticket_that_holds_the_words(
    chain: tuple[DeskFixture, int, int, int], query: str
) -> None:
    helpdesk, a, b, c = chain
    assert {a, b, c} == set(found(helpdesk, query))
    assert fit(helpdesk, c, query)
    helpdesk.do(lambda w: unmerge(w, b))
    assert {a, b} == set(found(helpdesk, query))
    assert not fit(helpdesk, c, query)


def test_a_dossier_tells_the_merged_words(chain: tuple[DeskFixture, int, int, int]) -> None:
    helpdesk, a, b, c = chain
    helpdesk.do(lambda w: escalate(w, c, comment="x", to=("lab@partner.example",)))
    data = helpdesk.outbox("escalation")[0].data
    assert [one["n"] for one in data["messages"]] == [f"#{a}/1", f"#{b}/1", 1, f"#{a}/2"]
    assert data["omitted"] == 0


def test_an_export_knows_what_is_in_which(chain: tuple[DeskFixture, int, int, int]) -> None:
    helpdesk, a, b, c = chain
    held: Any = helpdesk.read(lambda tx: conversations.merged_of(tx, [c, a]))
    assert {root: [one.id for one in some] for root, some in held.items()} == {c: [b]}
    held = helpdesk.read(lambda tx: conversations.merged_of(tx, [c]))
    assert {root: [one.id for one in some] for root, some in held.items()} == {c: [a, b]}
