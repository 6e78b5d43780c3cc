"""Loads, turns and the most urgent ticket are found by an index, however many tickets there are."""

from collections.abc import Iterator

import pytest

from tests.store.conftest import MakeTicket
from tests.support.statements import Heard, heard, plan
from ticketctl import clock
from ticketctl.domain.base.condition import EVERYTHING, Condition, Where, either, negation
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import loads
from ticketctl.store.tickets import next_ticket, tickets

AT = clock.parse("2026-03-09T08:10:00Z")
HIDDEN = either(
    (negation(Where("segment", "=", ("billing", "legal"))), Where("owner", "=", ("ana",)))
)


def selects(executed: Heard) -> Heard:
    """The questions among them."""
    return [one for one in list(executed) if one[0].startswith("SELECT")]


@pytest.fixture
def executed() -> Iterator[Heard]:
    """The statements that the database was asked, with their values."""
    with heard() as asked:
        yield asked


@pytest.mark.parametrize("condition", [EVERYTHING, HIDDEN, Where("segment", "=", ("support",))])
@pytest.mark.parametrize("mine", [None, "ana"])
def test_next_looks_at_tickets_to_be_done_alone_F_L5(
    sqlite_db: Database, executed: Heard, condition: Condition, mine: str | None
) -> None:
    with sqlite_db.read() as tx:
        executed.clear()
        assert next_ticket.first(tx, condition, mine=mine) is None
        steps = "\n".join(plan(tx, selects(executed)))
    assert steps.startswith("SEARCH ticket USING INDEX") and "status=?)" in steps
    assert "SCAN ticket" not in steps


def test_loads_turns_and_the_earlier_agent_are_found_by_an_index(
    sqlite_db: Database, executed: Heard
) -> None:
    def ask(tx: Tx) -> str:
        executed.clear()
        loads.loads(tx, ["ana", "ben"])
        loads.turns(tx, "support", ["ana", "ben"])
        loads.earlier_agent(tx, 1, 2, ["ana", "ben"])
        return "\n".join(plan(tx, selects(executed)))

    steps = sqlite_db.write(ask)
    assert "ix_ticket_owner_status_created_at_id (owner=? AND status=?)" in steps
    assert "ix_ticket_customer_id_updated_at_id (customer_id=?)" in steps
    assert "SCAN ticket" not in steps


def test_all_agents_loads_are_one_statement_F_T10(sqlite_db: Database, executed: Heard) -> None:
    names = [f"agent{n}" for n in range(50)]
    with sqlite_db.read() as tx:
        executed.clear()
        assert loads.loads(tx, names) == dict.fromkeys(names, loads.Load())
        assert len(selects(executed)) == 1


def test_waiting_and_closed_tickets_do_not_count_as_load_F_T10(
    db: Database, make_ticket: MakeTicket
) -> None:
    def some(tx: Tx) -> None:
        for status, priority in (
            ("new", "low"),
            ("open", "high"),
            ("escalated", "critical"),
            ("waiting", "critical"),
            ("closed", "high"),
            ("merged", "high"),
        ):
            make_ticket(tx, owner="ana", status=status, priority=priority)

    db.write(some)
    with db.read() as tx:
        assert loads.loads(tx, ["ana", "ben"]) == {
            "ana": loads.Load(open=3, weight=5, waiting=1),
            "ben": loads.Load(),
        }


def test_the_earlier_agent_is_who_owned_the_customers_last_ticket_F_T14(
    db: Database, make_ticket: MakeTicket
) -> None:
    def some(tx: Tx) -> tuple[int, int]:
        first, second = make_ticket(tx, owner="ana"), make_ticket(tx, owner="ben")
        make_ticket(tx, "dora@x.example", "Dora", owner="cid")
        tickets.change(tx, first, at=clock.parse("2026-03-09T09:00:00Z"))
        return tickets.get(tx, first).customer.id, second

    carl, second = db.write(some)
    with db.read() as tx:
        assert loads.earlier_agent(tx, carl, 0, ["ana", "ben", "cid"]) == "ana"
        assert loads.earlier_agent(tx, carl, 0, ["ben", "cid"]) == "ben"
        assert loads.earlier_agent(tx, carl, second, ["ben", "cid"]) is None


def test_turns_are_each_segments_own_F_T9(db: Database) -> None:
    def some(tx: Tx) -> None:
        loads.turns(tx, "support", ["ana", "ben"])
        loads.record_assignment(tx, "support", "ana", 7)
        loads.turns(tx, "billing", ["ana"])

    db.write(some)
    assert db.write(lambda tx: loads.turns(tx, "support", ["ben", "ana"])) == {"ana": 7, "ben": 0}
    assert db.write(lambda tx: loads.turns(tx, "billing", ["ana"])) == {"ana": 0}
