"""What was said in a ticket is found, listed, told and exported in the one it was merged into, through chains too."""

from typing import Any

import pytest

from tests.store.actions.conftest import DESK, House
from ticketctl.actions.mail.filing import File
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.domain.query.parser import parse
from ticketctl.store.db.engine import Database
from ticketctl.store.tickets import conversations, match, tickets


@pytest.fixture
def chain(db: Database) -> tuple[House, int, int, int]:
    """a, which says swordfish and has a file and a comment, in b, in c."""
    house = House(db)
    house.apply(DESK)
    a, b, c = house.open("The swordfish is late."), house.open(subject="B"), house.open(subject="C")
    house.later(minutes=1)
    file = File("map.png", "image/png", b"x")
    house.do(lambda w: reply(w, a, "Look at the map.", Extras(attachments=(file,))))
    house.do(lambda w: comment(w, a, "a secret word"))
    house.do(lambda w: merge(w, a, b))
    house.do(lambda w: merge(w, b, c))
    return house, a, b, c


def found(house: House, text: str) -> list[int]:
    condition = parse(text, now=house.at, zone=house.at.tzinfo, me=None).condition  # type: ignore[arg-type]
    return [one.id for one in house.read(lambda tx: list(tickets.stream(tx, condition, ())))]


def fit(house: House, number: int, text: str) -> bool:
    condition = parse(text, now=house.at, zone=house.at.tzinfo, me=None).condition  # type: ignore[arg-type]
    return house.read(lambda tx: match.of(tx, number, [condition]))[0]


@pytest.mark.parametrize(
    "query", ["swordfish", "body:map", "comments:secret", "has:attachment", "has:comment"]
)
def test_a_query_finds_the_ticket_that_holds_the_words(
    chain: tuple[House, int, int, int], query: str
) -> None:
    house, a, b, c = chain
    assert {a, b, c} == set(found(house, query))
    assert fit(house, c, query)
    house.do(lambda w: unmerge(w, b))
    assert {a, b} == set(found(house, query))
    assert not fit(house, c, query)


def test_a_dossier_tells_the_merged_words(chain: tuple[House, int, int, int]) -> None:
    house, a, b, c = chain
    house.do(lambda w: escalate(w, c, comment="x", to=("lab@partner.example",)))
    data = house.outbox("escalation")[0].data
    assert [one["n"] for one in data["messages"]] == [f"#{a}/1", f"#{b}/1", 1, f"#{a}/2"]
    assert data["omitted"] == 0


def test_an_export_knows_what_is_in_which(chain: tuple[House, int, int, int]) -> None:
    house, a, b, c = chain
    held: Any = house.read(lambda tx: conversations.merged_of(tx, [c, a]))
    assert {root: [one.id for one in some] for root, some in held.items()} == {c: [b]}
    held = house.read(lambda tx: conversations.merged_of(tx, [c]))
    assert {root: [one.id for one in some] for root, some in held.items()} == {c: [a, b]}
