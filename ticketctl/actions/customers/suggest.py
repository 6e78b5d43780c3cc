"""Proposes customers who seem to be the same person; only an agent merges them (F-A22, F-L8)."""

from msgspec import Struct

from ticketctl.domain.base.names import first_name_first
from ticketctl.domain.base.records import Customer
from ticketctl.domain.base.same_person import Person, why
from ticketctl.store.db.database import Tx
from ticketctl.store.people import customer_lists

NAMESAKES, TEXTS = 50, 50  # looked at: customers of a name, and the last messages of each
_LONGEST = 20_000  # characters of a message


class Proposal(Struct, frozen=True):
    """A customer who seems to be the same person as another, and why."""

    other: Customer
    why: str


def proposals(tx: Tx, one: Customer) -> list[Proposal]:
    """Who else seems to be this customer, by number."""
    first, _, last = one.name.rpartition(" ")
    spellings = {one.name, first_name_first(one.name, one.email), f"{last}, {first}"}
    found = customer_lists.namesakes(tx, sorted(spellings), one.id, NAMESAKES) if one.name else []
    if not found:
        return []
    here = _person(tx, one)
    said = ((other, why(here, _person(tx, other))) for other in found)
    return [Proposal(other, words) for other, words in said if words]


def _person(tx: Tx, one: Customer) -> Person:
    texts = customer_lists.words_of(tx, one.id, TEXTS)
    return Person(one, [text[-_LONGEST:] for text in texts])
