"""Orders: each kept once, whoever has the address has them, whoever gets it later gets them then (F-A21)."""

from msgspec.structs import replace

from ticketctl import clock
from ticketctl.domain.base.records import Order
from ticketctl.store.db.database import Database
from ticketctl.store.people import customers, shop_orders

NOW = clock.parse("2026-03-09T08:10:00Z")
ONE = Order(
    provider="shopify",
    number="#1001",
    email="ana@x.cz",
    total="49.90",
    currency="EUR",
    financial_status="paid",
    fulfilment_status="unfulfilled",
    placed_at=NOW,
)
TWO = replace(ONE, number="#1002", email="ben@x.cz", placed_at=None)


def keep(db: Database, *read: Order) -> tuple[int, int]:
    return db.write(lambda tx: shop_orders.keep(tx, read, NOW))


def meet(db: Database, email: str) -> int:
    return db.write(
        lambda tx: customers.find_or_create(tx, email=email, name="", language=None, at=NOW)
    ).id


def of(db: Database, id: int) -> list[str]:
    with db.read() as tx:
        return [one.number for one in shop_orders.of(tx, id)]


def test_a_second_reading_adds_none_and_a_changed_order_changes_F_A21(db: Database) -> None:
    meet(db, "ana@x.cz")
    assert keep(db, ONE, TWO, ONE) == (2, 0)
    assert keep(db, ONE, TWO) == (0, 0)
    shipped = replace(ONE, fulfilment_status="fulfilled")
    assert keep(db, shipped, TWO) == (0, 1)
    assert keep(db, replace(ONE, provider="other")) == (1, 0)
    with db.read() as tx:
        kept = shop_orders.listing(tx, None)
        assert shop_orders.count(tx) == 3
        assert shop_orders.listing(tx, 1) == kept[:1]
    assert {(one.provider, one.number): one.fulfilment_status for one in kept} == {
        ("shopify", "#1001"): "fulfilled",
        ("other", "#1001"): "unfulfilled",
        ("shopify", "#1002"): "unfulfilled",
    }


def test_an_order_waits_until_somebody_has_its_address_F_A21(db: Database) -> None:
    keep(db, ONE, TWO)
    ana = meet(db, "Ana@X.cz")
    assert of(db, ana) == ["#1001"]
    db.write(lambda tx: customers.add_identity(tx, ana, "email", "ben@x.cz", NOW))
    assert of(db, ana) == ["#1001", "#1002"]
    keep(db, replace(TWO, number="#1003"), replace(TWO, number="#1004", email=""))
    assert sorted(of(db, ana)) == ["#1001", "#1002", "#1003"]
    db.write(lambda tx: shop_orders.release(tx, "ben@x.cz", ana))
    assert of(db, ana) == ["#1001"]


def test_orders_without_an_address_are_nobodys_F_A21(db: Database) -> None:
    keep(db, replace(ONE, email=""))
    nameless = db.write(
        lambda tx: customers.find_or_create_by(
            tx, "twitter", "@ana", name="", language=None, at=NOW
        )
    )
    assert of(db, nameless.id) == []


def test_many_orders_are_kept_in_several_statements(sqlite_db: Database) -> None:
    many = [replace(ONE, number=f"#{n}") for n in range(1203)]
    assert keep(sqlite_db, *many) == (1203, 0)
    assert keep(sqlite_db, *many) == (0, 0)
