"""Who gets a survey is found by an index, a page at a time; the desk knows since when it has the survey."""

from datetime import timedelta

from tests.support.statements import heard, plan
from ticketctl import clock
from ticketctl.domain.loading.load import parse
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions, surveys
from ticketctl.store.desk.surveys import ResolvedCursor
from ticketctl.store.people import customers
from ticketctl.store.tickets import tickets

AT = clock.parse("2026-03-09T08:00:00Z")
SURVEY = '[[survey]]\nname = "csat"\n'


def solved(tx: Tx, n: int) -> int:
    """A ticket resolved `n` minutes after the first; its number."""
    who = customers.find_or_create(tx, email=f"c{n}@x.example", name="", language=None, at=AT)
    number = tickets.create(
        tx, tickets.NewTicket(subject="x", status="resolved", priority="medium", channel="email", mailbox="", at=AT,
        segment="support", customer_id=who.id,
    ))  # fmt: skip
    tickets.change(tx, number, at=AT, resolved_at=AT + timedelta(minutes=n))
    return number


def due(tx: Tx, after: ResolvedCursor | None = None, limit: int = 2) -> list[ResolvedCursor]:
    return surveys.due(
        tx, "csat", segments=("support",), since=AT, until=AT + timedelta(minutes=5),
        channels=(), inside=["c1@x.example"], after=after, limit=limit,
        asked_since=AT,
    )  # fmt: skip


def test_pages_follow_one_another_without_gap_or_repetition(db: Database) -> None:
    minutes = (3, 0, 0, 1, 0, 6, 2)

    def live(tx: Tx) -> list[int]:
        numbers = [solved(tx, n) for n in minutes]
        found, place = [], None
        while page := due(tx, place):
            found += [one.ticket for one in page]
            place = page[-1]
        wanted = sorted((n, number) for n, number in zip(minutes, numbers, strict=True))
        assert found == [number for n, number in wanted if n not in (1, 6)]
        return found

    assert len(db.write(live)) == 5


def test_tickets_are_read_in_the_order_of_an_index(sqlite_db: Database) -> None:
    def steps_of(tx: Tx) -> list[str]:
        with heard() as asked:
            due(tx)
        return plan(tx, asked)

    steps = sqlite_db.write(steps_of)
    assert any("ticket USING INDEX ix_ticket_resolved_at_id" in step for step in steps), steps
    assert not any(
        "TEMP B-TREE" in step or (step.startswith("SCAN") and "json_each" not in step)
        for step in steps
    ), steps


def test_a_survey_that_was_taken_away_is_new_when_it_comes_back(sqlite_db: Database) -> None:
    def since(tx: Tx) -> object:
        return surveys.exists_since(tx, "csat", AT - timedelta(days=30))

    for day, toml in enumerate(("", SURVEY, f"{SURVEY}delay = '2h'\n", "", SURVEY)):
        whole = f'[[mailbox]]\naddress = "a@x.example"\n{toml}'
        at = AT + timedelta(days=day)
        sqlite_db.write(
            lambda tx, whole=whole, at=at: definitions.save(tx, whole, parse(whole), "t", "t", at)
        )
        with sqlite_db.read() as tx:
            wanted = {1: AT + timedelta(days=1), 2: AT + timedelta(days=1), 4: at}
            assert since(tx) == wanted.get(day)
