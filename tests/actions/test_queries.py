"""Saved queries: mine before a shared one, what `list` takes unasked, and the way back of each change (F-Q14)."""

from collections.abc import Callable

import pytest

from ticketctl import clock
from ticketctl.actions.base.context import Work, begin, new_group
from ticketctl.actions.texts import saved_queries as queries
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.records import Actor
from ticketctl.errors import Conflict, NotAllowed, NotFound
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.tickets import saved_queries

NOW = clock.parse("2026-03-09T08:10:00Z")
ANA, BEN, EVA = Actor("ana"), Actor("ben"), Actor("eva", role="manager")


def do(db: Database, who: Actor, deed: Callable[[Work], object]) -> str:
    """Do it as somebody; the group to undo it by."""
    group = new_group()
    db.write(lambda tx: deed(begin(tx, who, NOW, group=group)))
    return group


def take_back(db: Database, who: Actor, group: str) -> None:
    db.write(lambda tx: undo(begin(tx, who, NOW, group=group)))


def state(tx: Tx) -> list[tuple[str, str | None, str | None, str | None]]:
    """All that anybody sees: of each agent and name the text, and the default."""
    return [
        (who.name, name, saved_queries.get(tx, name, who.name), saved_queries.default(tx, who.name))
        for who in (ANA, BEN)
        for name in ("hot", "mine")
    ]


@pytest.mark.postgres
def test_mine_stands_before_the_shared_one_of_its_name(db: Database) -> None:
    do(db, ANA, lambda w: queries.save(w, "hot", "tag:a"))
    do(db, ANA, lambda w: queries.share(w, "hot"))
    do(db, BEN, lambda w: queries.save(w, "hot", "tag:b"))
    with db.read() as tx:
        assert saved_queries.get(tx, "hot", "ana") == saved_queries.get(tx, "hot", None) == "tag:a"
        assert saved_queries.get(tx, "hot", "ben") == "tag:b"
        assert [(one.name, one.shared) for one in saved_queries.usable(tx, "ben")] == [
            ("hot", False)
        ]
    with pytest.raises(Conflict, match="there is already a shared query"):
        do(db, BEN, lambda w: queries.share(w, "hot"))


def test_shared_ones_are_deleted_by_managers(sqlite_db: Database) -> None:
    do(sqlite_db, ANA, lambda w: queries.save(w, "hot", "tag:a"))
    do(sqlite_db, ANA, lambda w: queries.share(w, "hot"))
    with pytest.raises(NotAllowed, match="is shared"):
        do(sqlite_db, ANA, lambda w: queries.delete(w, "hot"))
    do(sqlite_db, EVA, lambda w: queries.delete(w, "hot"))
    with pytest.raises(NotFound):
        do(sqlite_db, EVA, lambda w: queries.delete(w, "hot"))


def test_a_deleted_default_is_none_any_more(sqlite_db: Database) -> None:
    do(sqlite_db, ANA, lambda w: queries.save(w, "hot", "tag:a"))
    do(sqlite_db, ANA, lambda w: queries.make_default(w, "hot"))
    with sqlite_db.read() as tx:
        assert (
            saved_queries.default(tx, "ana") == "hot" and saved_queries.default(tx, "ben") is None
        )
        assert [one.is_default for one in saved_queries.usable(tx, "ana")] == [True]
    do(sqlite_db, ANA, lambda w: queries.delete(w, "hot"))
    with sqlite_db.read() as tx:
        assert saved_queries.default(tx, "ana") is None
    with pytest.raises(NotFound, match="no saved query"):
        do(sqlite_db, ANA, lambda w: queries.make_default(w, "hot"))


@pytest.mark.parametrize(
    "deed",
    [
        lambda w: queries.save(w, "hot", "tag:other"),
        lambda w: queries.save(w, "mine", "tag:new"),
        lambda w: queries.share(w, "hot"),
        lambda w: queries.delete(w, "hot"),
        lambda w: queries.make_default(w, None),
    ],
)
def test_undo_leaves_the_queries_as_they_were(db: Database, deed: Callable[[Work], object]) -> None:
    do(db, ANA, lambda w: queries.save(w, "hot", "tag:a"))
    do(db, ANA, lambda w: queries.make_default(w, "hot"))
    with db.read() as tx:
        before = state(tx)
    group = do(db, ANA, deed)
    with db.read() as tx:
        assert state(tx) != before
    take_back(db, ANA, group)
    with db.read() as tx:
        assert state(tx) == before


def test_a_query_changed_since_is_not_taken_back(sqlite_db: Database) -> None:
    group = do(sqlite_db, ANA, lambda w: queries.save(w, "hot", "tag:a"))
    do(sqlite_db, ANA, lambda w: queries.save(w, "hot", "tag:b"))
    with pytest.raises(Conflict, match="query hot was changed since"):
        take_back(sqlite_db, ANA, group)
