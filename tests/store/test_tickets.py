"""Tickets: making, changing, listing in pages, people and links."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.support import statements
from tests.support.statements import heard
from ticketctl import clock
from ticketctl.domain.base.condition import (
    EVERYTHING,
    NEWEST_FIRST,
    Condition,
    Not,
    Sort,
    Where,
    both,
    either,
)
from ticketctl.domain.base.records import Actor, Event, Link, Participant, Ticket
from ticketctl.domain.query.fields import SORTS
from ticketctl.errors import BadInput, NotFound
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.people import customers
from ticketctl.store.reports import figures
from ticketctl.store.tickets import (
    events,
    links,
    messages,
    search,
    sorting,
    ticket_lists,
    tickets,
)

NOW = clock.parse("2026-03-09T08:10:00Z")
ANA = Actor("ana", "ana.os")
OPEN = Where("is", "=", ("open",))


MakeTicket = Callable[..., int]


def test_a_ticket_is_read_as_it_was_made(db: Database, make_ticket: MakeTicket) -> None:
    fields = {"reason": "refund", "amount": 5}
    number = db.write(
        lambda tx: make_ticket(tx, priority="high", tags=("b", "a"), important=True, fields=fields)
    )
    with db.read() as tx:
        found = tickets.get(tx, number)
    assert (found.status, found.priority, found.important) == ("new", "high", True)
    assert found.tags == ("a", "b")
    assert found.fields == fields
    assert (found.segment, found.source_segment) == ("support", "support")
    assert (found.customer.name, found.customer.email) == ("Carl", "carl@x.example")
    assert found.created_at == found.updated_at == NOW
    assert (found.version, found.messages_count) == (1, 0)


def test_a_ticket_opened_with_its_first_message_is_returned_as_it_is_read(db: Database) -> None:
    def work(tx: Tx) -> tuple[Ticket, Ticket]:
        who = customers.find_or_create(tx, email="é@x.example", name="É", language="pt", at=NOW)
        new = tickets.NewTicket(
            subject="Impressora", status="new", priority="low", channel="email", segment="support",
            mailbox="support@help.example", customer_id=who.id, at=NOW, type="bill", tags=("b", "a"),
            language="pt", fields={"n": 5, "kinds": ["x"]}, first_message="customer",
        )  # fmt: skip
        opened = tickets.open_for(tx, new, who)
        first = messages.NewMessage(
            direction="in", class_="human", author="é@x.example", author_name="É", at=NOW,
            subject="Impressora", text="Não imprime.", full_text="Não imprime.",
        )  # fmt: skip
        assert messages.add_first(tx, opened.id, first) == 1
        return opened, tickets.get(tx, opened.id)

    opened, found = db.write(work)
    assert opened == found
    assert (found.messages_count, found.last_customer_at, found.version) == (1, NOW, 1)
    with db.read() as tx:
        assert [(one.n, one.text) for one in messages.of(tx, found.id)] == [(1, "Não imprime.")]
        for word in ("impressora", "nao"):
            assert ticket_lists.count(tx, Where("text", "~", (word,))) == 1


def test_the_lines_of_a_new_ticket_are_read_as_they_will_be_written(
    db: Database, make_ticket: MakeTicket
) -> None:
    def work(tx: Tx) -> tuple[list[Event], list[Event]]:
        number = make_ticket(tx)
        for group, new in (("g", ("a", 1)), ("h", None), ("g", {"b": [None]})):
            events.append(
                tx, number, at=NOW, actor=ANA, type="x", group=group, new=new, way_back={"k": None}
            )
        before = events.of_ticket_in_group(tx, number, "g", NOW)
        tx.flush()
        return before, events.of_ticket_in_group(tx, number, "g", NOW)

    before, after = db.write(work)
    assert before == after
    assert [(one.n, one.new) for one in after] == [(1, ["a", 1]), (3, {"b": [None]})]


def test_numbers_are_never_used_again(db: Database, make_ticket: MakeTicket) -> None:
    class Stop(Exception):
        pass

    def make_and_stop(tx: Tx) -> None:
        make_ticket(tx)
        raise Stop

    first = db.write(make_ticket)
    with pytest.raises(Stop):
        db.write(make_and_stop)
    assert db.write(make_ticket) > first


def test_a_change_makes_a_new_version(db: Database, make_ticket: MakeTicket) -> None:
    later = NOW + timedelta(hours=1)
    number = db.write(make_ticket)
    db.write(
        lambda tx: tickets.change(tx, number, at=later, priority="low", important=True, owner="ana")
    )
    with db.read() as tx:
        found = tickets.get(tx, number, lock=db.is_sqlite)
    assert (found.priority, found.important, found.owner) == ("low", True, "ana")
    assert (found.version, found.updated_at, found.created_at) == (2, later, NOW)


def test_what_does_not_exist_is_not_found(db: Database) -> None:
    for ask in (
        lambda tx: tickets.get(tx, 12),
        lambda tx: tickets.get(tx, 12, lock=True),
        lambda tx: tickets.change(tx, 12, at=NOW, owner="ana"),
        lambda tx: tickets.final(tx, 12),
    ):
        with pytest.raises(NotFound, match=r"no ticket 12\."):
            db.write(ask)


def test_some_tickets_come_in_the_order_asked_for(db: Database, make_ticket: MakeTicket) -> None:
    made = db.write(lambda tx: [make_ticket(tx) for _ in range(3)])
    with db.read() as tx:
        found = tickets.some(tx, [made[2], 999, made[0]])
    assert [one.id for one in found] == [made[2], made[0]]


def test_tags_are_put_on_and_taken_off_once(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(lambda tx: make_ticket(tx, tags=("a",)))
    db.write(lambda tx: tickets.set_tags(tx, number, ["a", "b"], ["c"]))
    db.write(lambda tx: tickets.set_tags(tx, number, [], ["a"]))
    with db.read() as tx:
        assert tickets.get(tx, number).tags == ("b",)


def test_merges_are_followed_through_chains_and_out_of_loops_D15(
    db: Database, make_ticket: MakeTicket
) -> None:
    a, b, c = db.write(lambda tx: [make_ticket(tx) for _ in range(3)])

    def merge(tx: Tx) -> None:
        tickets.change(tx, a, at=NOW, merged_into=b)
        tickets.change(tx, b, at=NOW, merged_into=c)

    db.write(merge)
    with db.read() as tx:
        assert [tickets.final(tx, one) for one in (a, b, c)] == [c, c, c]
    db.write(lambda tx: tickets.change(tx, c, at=NOW, merged_into=a))
    with db.read() as tx:
        assert tickets.final(tx, a) in (a, b, c)


def thirty(tx: Tx, make_ticket: MakeTicket) -> None:
    """Thirty tickets with many equal keys and keys that are missing."""
    for n in range(30):
        number = make_ticket(
            tx,
            at=NOW - timedelta(hours=n % 7),
            priority=("low", "high", "critical")[n % 3],
            owner=(None, "ana", "Ben")[n % 3],
            status=("new", "open", "closed")[n % 3],
            subject=f"subject {n % 4}",
        )
        if n % 5 == 0:
            tickets.change(tx, number, at=NOW, resolved_at=NOW + timedelta(hours=n))


@pytest.mark.parametrize(
    "sort",
    [
        (),
        NEWEST_FIRST,
        (Sort("id"),),
        (Sort("priority", True), Sort("created")),
        (Sort("owner"), Sort("subject", True)),
        (Sort("resolved", True),),
        (Sort("resolved"), Sort("customer")),
        (Sort("status"), Sort("important"), Sort("updated", True)),
    ],
)
def test_pages_joined_are_the_whole_list_in_order(
    db: Database, make_ticket: MakeTicket, sort: tuple[Sort, ...]
) -> None:
    db.write(lambda tx: thirty(tx, make_ticket))
    with db.read() as tx:
        whole = ticket_lists.page(tx, EVERYTHING, sort, None)
        joined = ticket_lists.page(tx, EVERYTHING, sort, 7)
        while more := ticket_lists.page(tx, EVERYTHING, sort, 7, after=joined[-1]):
            joined += more
        assert joined == whole == list(ticket_lists.stream(tx, EVERYTHING, sort))
    assert len(whole) == 30


def test_the_newest_come_first_and_missing_times_last(
    db: Database, make_ticket: MakeTicket
) -> None:
    db.write(lambda tx: thirty(tx, make_ticket))
    with db.read() as tx:
        newest = ticket_lists.page(tx, EVERYTHING, NEWEST_FIRST, None)
        resolved = ticket_lists.page(tx, EVERYTHING, (Sort("resolved"),), None)
    assert newest == sorted(newest, key=lambda one: (one.created_at, one.id), reverse=True)
    assert [one.resolved_at is None for one in resolved] == [False] * 6 + [True] * 24


def test_a_list_can_be_sorted_by_every_word_of_the_language() -> None:
    assert set(sorting.KEYS) == set(SORTS)


def test_an_order_there_is_not_is_refused(db: Database) -> None:
    with db.read() as tx, pytest.raises(BadInput, match="'size' is not a sort field"):
        ticket_lists.page(tx, EVERYTHING, (Sort("size"),), 1)


def test_a_stream_is_read_in_chunks_and_may_be_left_early(
    db: Database, make_ticket: MakeTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket_lists, "_CHUNK", 4)
    db.write(lambda tx: thirty(tx, make_ticket))
    with db.read() as tx:
        stream = ticket_lists.stream(tx, EVERYTHING, NEWEST_FIRST)
        first = next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert first == ticket_lists.page(tx, EVERYTHING, NEWEST_FIRST, 1)[0]
        assert len(list(ticket_lists.stream(tx, EVERYTHING, NEWEST_FIRST))) == 30


def test_the_overview_counts_by_status_and_the_footer_what_is_older(
    db: Database, make_ticket: MakeTicket
) -> None:
    db.write(lambda tx: thirty(tx, make_ticket))
    with db.read() as tx:
        assert ticket_lists.overview(tx, EVERYTHING) == {"new": 10, "open": 10, "closed": 10}
        assert ticket_lists.overview(tx, Where("owner", "=", ("ana",))) == {"open": 10}
        assert ticket_lists.count(tx, OPEN) == 20
        before = NOW - timedelta(hours=3)
        older = ticket_lists.older_open(tx, EVERYTHING, before)
        assert older == ticket_lists.count(tx, both(OPEN, Where("created", "<", (before,)))) > 0


def test_the_overview_of_found_words_counts_by_status_what_was_found(
    db: Database, make_ticket: MakeTicket
) -> None:
    words = [
        ("new", "Drucker"),
        ("new", "impresora"),
        ("open", "Drucker"),
        ("closed", "プリンター Drucker"),
    ]

    def made(tx: Tx) -> None:
        for status, text in words:
            search.index(tx, make_ticket(tx, status=status), "body", 1, text)

    db.write(made)
    text = Where("text", "=", ("drucker",))
    with db.read() as tx:
        assert ticket_lists.overview(tx, text) == {"new": 1, "open": 1, "closed": 1}
        assert ticket_lists.overview(tx, both(OPEN, text)) == {"new": 1, "open": 1}
        assert ticket_lists.overview(tx, Not(text)) == {"new": 1}
        either_one = either((text, Where("body", "=", ("impresora",))))
        assert ticket_lists.overview(tx, either_one) == {"new": 2, "open": 1, "closed": 1}


def plan(tx: Tx, condition: Condition, sort: tuple[Sort, ...], after: Ticket | None = None) -> str:
    with heard() as asked:
        ticket_lists.page(tx, condition, sort, 50, after)
    return "\n".join(statements.plan(tx, asked[:1]))


MONTH = Where("created", ">=", (NOW - timedelta(days=30),))
OWNER, SEGMENT = Where("owner", "=", ("ana",)), Where("segment", "=", ("support",))
STATUS = Where("status", "=", ("open",))
UPDATED = (Sort("updated", True),)


@pytest.mark.parametrize(
    ("condition", "sort", "index"),
    [
        (MONTH, NEWEST_FIRST, "ix_ticket_created_at_id"),
        (both(MONTH, STATUS), NEWEST_FIRST, "ix_ticket_status_created_at_id"),
        (both(both(MONTH, OWNER), STATUS), NEWEST_FIRST, "ix_ticket_owner_status_created_at_id"),
        (both(both(MONTH, SEGMENT), STATUS), NEWEST_FIRST, "ix_ticket_segment_status_created_at_id"),
        (EVERYTHING, UPDATED, "ix_ticket_updated_at_id"),
        (EVERYTHING, (Sort("priority", True), Sort("created", True)), "ix_ticket_priority_created_at_id"),
    ],
)  # fmt: skip
def test_a_list_is_read_in_the_order_of_an_index(
    sqlite_db: Database,
    make_ticket: MakeTicket,
    condition: Condition,
    sort: tuple[Sort, ...],
    index: str,
) -> None:
    number = sqlite_db.write(make_ticket)
    with sqlite_db.read() as tx:
        last = tickets.get(tx, number)
        for after in (None, last):
            steps = plan(tx, condition, sort, after)
            assert f"USING COVERING INDEX {index}" in steps or f"USING INDEX {index}" in steps
            assert "TEMP B-TREE" not in steps


@pytest.mark.parametrize("who", [OWNER, SEGMENT])
def test_what_must_be_sorted_is_sorted_from_an_index_alone(
    sqlite_db: Database, who: Condition
) -> None:
    with sqlite_db.read() as tx:
        assert "SEARCH ticket USING COVERING INDEX" in plan(tx, both(MONTH, who), NEWEST_FIRST)


def test_participants_take_part_once(db: Database, make_ticket: MakeTicket) -> None:
    dora = Participant("dora@x.example", "Dora", "cc")
    number = db.write(make_ticket)
    shouting = Participant("DORA@x.example", "", "mailed")
    assert db.write(lambda tx: tickets.add_participant(tx, number, dora))
    assert not db.write(lambda tx: tickets.add_participant(tx, number, shouting))
    with db.read() as tx:
        assert tickets.participants(tx, number) == [dora]
    assert db.write(lambda tx: tickets.remove_participant(tx, number, "Dora@X.example"))
    assert not db.write(lambda tx: tickets.remove_participant(tx, number, "dora@x.example"))


def test_links_are_known_once_and_forgotten(db: Database, make_ticket: MakeTicket) -> None:
    a, b = db.write(lambda tx: [make_ticket(tx), make_ticket(tx)])
    assert db.write(lambda tx: links.add(tx, a, "follows", b, NOW))
    assert not db.write(lambda tx: links.add(tx, a, "follows", b, NOW))
    with db.read() as tx:
        assert links.of(tx, a) == [Link("follows", b, "new")]
        assert links.of(tx, b) == [Link("followed by", a, "new")]
    assert db.write(lambda tx: links.drop(tx, a, "follows", b))
    assert not db.write(lambda tx: links.drop(tx, a, "follows", b))


def test_figures_count_by_one_field_or_more(db: Database, make_ticket: MakeTicket) -> None:
    db.write(lambda tx: thirty(tx, make_ticket))
    db.write(lambda tx: tickets.set_tags(tx, 1, ["a", "b"], []))
    with db.read() as tx:
        by_priority = figures.counts(tx, EVERYTHING, ["priority"])
        by_two = figures.counts(tx, Where("owner", "=", ("none",)), ["owner", "status"])
        by_tag = figures.counts(tx, EVERYTHING, ["tag"])
        by_customer = figures.counts(tx, EVERYTHING, ["customer"])
        with pytest.raises(BadInput, match="cannot be counted by 'size'"):
            figures.counts(tx, EVERYTHING, ["size"])
    assert [(one.values, one.tickets) for one in by_priority] == [
        (("low",), 10),
        (("high",), 10),
        (("critical",), 10),
    ]
    assert [(one.values, one.tickets) for one in by_two] == [((None, "new"), 10)]
    assert {one.values[0]: one.tickets for one in by_tag} == {None: 29, "a": 1, "b": 1}
    assert [(one.values, one.tickets) for one in by_customer] == [(("carl@x.example",), 30)]
