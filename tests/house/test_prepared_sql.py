"""The SQL that is sent to a database is that of the statements, and of nothing else."""

from ticketctl.store.db import prepare


def test_the_prepared_sql_is_that_of_the_statements() -> None:
    assert [f"{one.parent.name}/{one.name}" for one in prepare.old()] == [], "run `make sql`"
