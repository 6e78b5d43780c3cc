"""Customers: found by any of their identities, made once, filled in later."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ticketctl import clock
from ticketctl.domain.base.records import Customer, Participant
from ticketctl.errors import BadInput, Conflict, NotFound
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.schema import customer
from ticketctl.store.people import customer_lists, customers
from ticketctl.store.queues import bans
from ticketctl.store.tickets import tickets

NOW = clock.parse("2026-03-09T08:10:00Z")


def meet(tx: Tx, email: str, name: str = "", language: str | None = None) -> Customer:
    return customers.find_or_create(tx, email=email, name=name, language=language, at=NOW)


def count(db: Database) -> int:
    with db.read() as tx:
        return int(tx.execute(select(func.count()).select_from(customer)).scalar_one())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("carl@x.example", "CARL@X.Example"),
        ("žofie@dům.example", "ŽOFIE@DŮM.example"),
        ("жанна@почта.рф", "ЖАННА@ПОЧТА.РФ"),
        ("caf\u00e9@x.example", "cafe\u0301@x.example"),
        ("🙂@x.example", " 🙂@X.example "),
    ],
)
def test_an_address_is_one_person_whatever_its_case_G1(
    db: Database, first: str, second: str
) -> None:
    made = db.write(lambda tx: meet(tx, first))
    assert db.write(lambda tx: meet(tx, second)) == made
    assert made.identities == (f"email:{made.email}",)
    assert count(db) == 1


def test_an_unknown_name_is_filled_in_later_and_a_known_one_kept_G1(db: Database) -> None:
    made = db.write(lambda tx: meet(tx, "carl@x.example"))
    named = db.write(lambda tx: meet(tx, "carl@x.example", "Carl", "es"))
    again = db.write(lambda tx: meet(tx, "carl@x.example", "Karl", "en"))
    assert (made.name, made.language) == ("", None)
    assert (named.name, named.language) == ("Carl", "es")
    assert again == named
    with db.read() as tx:
        assert customers.get(tx, made.id) == named


def test_two_that_meet_a_stranger_at_once_make_one_customer(db: Database) -> None:
    start = threading.Barrier(4)
    met: list[int] = []

    def mail() -> None:
        start.wait()
        met.append(db.write(lambda tx: meet(tx, "carl@x.example", "Carl")).id)

    threads = [threading.Thread(target=mail) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(met) == 4
    assert len(set(met)) == 1
    assert count(db) == 1


def test_a_customer_is_found_by_every_identity(db: Database) -> None:
    made = db.write(lambda tx: meet(tx, "carl@x.example"))
    db.write(lambda tx: customers.add_identity(tx, made.id, "twitter", "@Carl", NOW))
    db.write(lambda tx: customers.add_identity(tx, made.id, "twitter", "@carl", NOW))
    with db.read() as tx:
        found = customers.by_identity(tx, "twitter", "@CARL")
        assert customers.by_identity(tx, "email", "@carl") is None
    assert found is not None
    assert found.identities == ("email:carl@x.example", "twitter:@carl")


def test_an_identity_belongs_to_one_customer(db: Database) -> None:
    carl, dora = db.write(lambda tx: [meet(tx, "carl@x.example"), meet(tx, "dora@x.example")])
    with pytest.raises(
        Conflict,
        match=rf"email:carl@x\.example belongs to customer {carl.id}: .*customer merge {carl.id} --into {dora.id}`",
    ):
        db.write(lambda tx: customers.add_identity(tx, dora.id, "email", "Carl@x.example", NOW))


def test_a_customer_who_is_not_there_is_not_found(db: Database) -> None:
    with db.read() as tx, pytest.raises(NotFound, match=r"no customer 12\."):
        customers.get(tx, 12)


def test_a_customers_tickets_are_requested_or_joined(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    def several(tx: Tx) -> list[int]:
        made = [make_ticket(tx) for _ in range(3)]
        other = make_ticket(tx, email="dora@x.example")
        make_ticket(tx, email="dora@x.example")
        tickets.add_participant(tx, other, Participant("CARL@x.example", "", "cc"))
        tickets.change(tx, other, at=NOW + timedelta(hours=2), owner="ana")
        tickets.change(tx, made[0], at=NOW + timedelta(hours=1), owner="ana")
        return [other, made[0], made[2], made[1]]

    newest_first = db.write(several)
    with db.read() as tx:
        carl = customers.by_identity(tx, "email", "carl@x.example")
        assert carl is not None
        found = [one.id for one in customer_lists.tickets_of(tx, carl.id)]
        assert found == newest_first
        assert [one.id for one in customer_lists.tickets_of(tx, carl.id, 2)] == newest_first[:2]


@pytest.mark.parametrize(
    ("pattern", "address", "banned"),
    [
        ("bad@spam.example", "BAD@spam.example", True),
        ("bad@spam.example", "good@spam.example", False),
        ("@Spam.example", "any@spam.example", True),
        ("@spam.example", "any@ham.spam.example", False),
        ("*@*.spam.example", "any@ham.spam.example", True),
        ("news?@spam.example", "news1@spam.example", True),
        ("a_b@spam.example", "axb@spam.example", False),
    ],
)
def test_a_ban_is_an_address_a_domain_or_a_pattern_G15(
    db: Database, pattern: str, address: str, banned: bool
) -> None:
    db.write(lambda tx: bans.add(tx, pattern, at=NOW, actor="ana", comment="spam"))
    with db.read() as tx:
        assert bans.matches(tx, address) == (pattern.lower() if banned else None)


def test_a_ban_is_set_once_and_lifted_G15(db: Database) -> None:
    assert db.write(lambda tx: bans.add(tx, "@SPAM.example", at=NOW, actor="ana", comment="why"))
    assert not db.write(lambda tx: bans.add(tx, "@spam.example", at=NOW, actor="ben"))
    with db.read() as tx:
        assert bans.listing(tx) == [bans.Ban("@spam.example", NOW, "ana", "why")]
    assert db.write(lambda tx: bans.remove(tx, "@Spam.Example"))
    assert not db.write(lambda tx: bans.remove(tx, "@spam.example"))


@pytest.mark.parametrize("pattern", ["", "spam", "two words@spam.example"])
def test_what_can_be_no_address_is_not_banned_G15(db: Database, pattern: str) -> None:
    with pytest.raises(BadInput, match="is not an address"):
        db.write(lambda tx: bans.add(tx, pattern, at=NOW, actor="ana"))


def test_a_network_name_is_used_until_the_customer_gives_their_own_F_L2(
    db: Database,
) -> None:
    def write(tx: Tx, name: str) -> Customer:
        return customers.find_or_create_by(
            tx, "twitter", "@Ana", name=name, language=None, at=clock.now()
        )

    assert [db.write(lambda tx, n=n: write(tx, n)).name for n in ("", "", "Ana", "Eva")] == [
        "@ana",
        "@ana",
        "Ana",
        "Ana",
    ]
