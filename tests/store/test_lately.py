"""Metrics read no table from end to end, so that a scrape costs what lately happened."""

from datetime import timedelta

from tests.support.statements import heard, plan
from ticketctl import clock
from ticketctl.store.db.database import Database
from ticketctl.store.queues import deliveries, lately
from ticketctl.store.sla import due


def test_figures_for_metrics_are_found_by_index(sqlite_db: Database) -> None:
    now = clock.now()
    with sqlite_db.read() as tx, heard() as asked:
        lately.incoming(tx, now - timedelta(hours=1))
        lately.outgoing(tx, now - timedelta(hours=1))
        lately.numbers(tx)
        due.late(tx, now)
        deliveries.last_result(tx, "ana@help.example")
        steps = plan(tx, asked[:])
    said = "; ".join(steps)
    assert "SCAN" not in said
    for index in ("ix_inbox_received_at", "ix_delivery_kind", "ix_delivery_address"):
        assert f"USING INDEX {index}" in said
