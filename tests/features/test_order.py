"""What lists show first, and who has waited longest for an answer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import CommandLine
from tests.support.desk import DeskFixture
from tests.support.statements import heard
from tests.support.statements import plan as steps_of
from ticketctl import clock
from ticketctl.actions.tickets import receive_mail, reply
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.comment import comment as add_comment
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.condition import EVERYTHING, Where, both
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.tickets import ticket_lists, tickets

LEVELS: dict[str, dict[str, Any]] = {
    "in time": {"sla_state": "running", "due_in": 300, "warn_in": 200},
    "important": {"important": True},
    "due soon": {"sla_state": "running", "due_in": 20, "warn_in": -5},
    "due sooner": {"sla_state": "running", "due_in": 10, "warn_in": -9},
    "breached": {"sla_state": "running", "due_in": -1, "warn_in": -9},
    "breached first": {"sla_state": "breached", "due_in": -90, "warn_in": -99},
    "breached, paused": {"sla_state": "breached", "due_in": None, "warn_in": None},
    "paused": {"sla_state": "paused", "due_in": None, "warn_in": None},
    "resolved": {"status": "resolved", "important": True, "sla_state": "breached"},
    "closed": {"status": "closed", "sla_state": "met"},
}
ORDER = [
    "breached first", "breached", "breached, paused", "due sooner", "due soon", "important", "paused", "in time",
    "closed", "resolved",
]  # fmt: skip


@pytest.fixture
def desk(helpdesk: DeskFixture) -> DeskFixture:
    """Ana's tickets, one of each urgency; the later in `LEVELS` the newer."""
    names = [*LEVELS]
    numbers = [helpdesk.open("Anke schreibt", subject=f"Drucker: {name}") for name in names]

    def settle(tx: Tx) -> None:
        for number, level in zip(numbers, LEVELS.values(), strict=True):
            columns = dict(level)
            for name in ("due", "warn"):
                minutes = columns.pop(f"{name}_in", None)
                columns[f"{name}_at"] = (
                    None if minutes is None else helpdesk.now() + timedelta(minutes=minutes)
                )
            tickets.change(tx, number, at=helpdesk.now(), owner="ana", **columns)

    helpdesk.db.write(settle)
    return helpdesk


@pytest.fixture
def line(
    helpdesk: DeskFixture, db_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """Command lines of ana's at the time of the desk."""
    return CommandLine(db_url, monkeypatch, f"{helpdesk.now():%Y-%m-%dT%H:%M:%SZ}", "ana")


def names(desk: DeskFixture, numbers: list[int]) -> list[str]:
    """What these tickets are called."""
    return [desk.ticket(number).subject.removeprefix("Drucker: ") for number in numbers]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "words", ["list", "my -- status:any", "search Drucker", "list owner:ana", "list --since all"]
)
def test_F_A12_what_burns_is_listed_first(desk: DeskFixture, line: CommandLine, words: str) -> None:
    """Breached, due soon, important, then the newest; ended tickets last; the same in each list."""
    words = words.replace(" -- status:any", " is:open OR is:ended")
    assert names(desk, line.ids(*words.split())) == ORDER
    assert names(desk, line.ids(*words.split(), "--limit", "6")) == ORDER[:6]


@pytest.mark.parametrize("few", [0, 2000])
def test_F_A12_what_burns_is_first_in_each_column_of_the_board(
    desk: DeskFixture, line: CommandLine, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """A column of the board has the order of the list, whether it is sorted at once or not."""
    monkeypatch.setattr(ticket_lists, "_FEW", few)
    columns = line.data("board", "--by", "owner", "is:open", "--limit", "5")
    assert names(desk, [one["id"] for one in columns[0]["tickets"]]) == ORDER[:5]


def test_F_T6_among_mine_the_last_changed_is_first_where_nothing_burns(
    helpdesk: DeskFixture, line: CommandLine
) -> None:
    """`my` lists what burns first, then what changed last; `list` then goes by creation."""
    old, middle, new = [helpdesk.open(f"Pregunta {n}") for n in range(3)]
    for number in (old, middle, new):
        helpdesk.do(lambda work, n=number: assign(work, n, "ana", comment="mine"))
    helpdesk.later(minutes=5)
    helpdesk.do(lambda work: add_comment(work, old, "I have asked the shop."))
    line.at(f"{helpdesk.now():%Y-%m-%dT%H:%M:%SZ}")
    assert line.ids("my") == [old, new, middle]
    assert line.ids("list", "owner:ana") == [new, middle, old]


def test_F_A12_groups_have_the_order_of_the_list(desk: DeskFixture, line: CommandLine) -> None:
    """With --group-by the order holds within each group."""
    grouped = names(desk, line.ids("list", "--group-by", "status"))
    assert grouped == [one for one in ORDER if one not in ("closed", "resolved")] + [
        "resolved",
        "closed",
    ]


def test_F_R38_what_burns_is_found_by_indexes_in_a_desk_with_many_active_tickets(
    sqlite_template: Path,
) -> None:
    """Breached, due soon, important, other and ended tickets: each is read by an index of its own, up to the limit."""
    db = Database(f"sqlite:///{sqlite_template}")
    month = Where("created", ">=", (clock.parse("2026-03-01T00:00:00Z"),))
    with db.read() as tx, heard() as asked:
        ticket_lists.urgent(tx, both(EVERYTHING, month), clock.parse("2026-03-09T08:00:00Z"), 50)
    with db.read() as tx:
        steps = [step for step in steps_of(tx, asked) if step.startswith("SEARCH ticket")]
    db.dispose()
    assert [step.removeprefix("SEARCH ticket USING INDEX ix_ticket_") for step in steps] == [
        "due_at_id (due_at<?)",
        "sla_state_id (sla_state=?)",
        "warn_at_id (warn_at<?)",
        "important_created_at_id (important=? AND created_at>?)",
        "status_created_at_id (status=? AND created_at>?)",
        "created_at_id (created_at>?)",
    ]


def test_F_R38_the_few_tickets_of_an_owner_are_sorted(sqlite_template: Path) -> None:
    """Where an index finds few tickets, as those of an owner or a customer, they are not looked for among all."""
    db = Database(f"sqlite:///{sqlite_template}")
    with db.read() as tx, heard() as asked:
        mine = Where("owner", "=", ("ana",))
        ticket_lists.urgent(tx, mine, clock.parse("2026-03-09T08:00:00Z"), 50)
    with db.read() as tx:
        steps = [step for step in steps_of(tx, asked) if step.startswith("SEARCH ticket")]
    db.dispose()
    assert len(steps) == 2 and all("ix_ticket_owner_status" in step for step in steps), steps


# ---- who waits longest ----------------------------------------------------------------------------------------------


def write(desk: DeskFixture, number: int) -> None:
    """The customer writes again."""
    desk.later(minutes=10)
    mail = desk.incoming("Ještě jednou")
    desk.do(lambda work: receive_mail.customer_message(work, number, mail), "gateway")


def answer(desk: DeskFixture, number: int) -> None:
    """Ana answers."""
    desk.later(minutes=10)
    desk.do(
        lambda work: reply.reply(work, number, "We look into it."), group=f"answer {desk.at:%H%M}"
    )


@pytest.mark.postgres
def test_F_C5_who_waits_for_us_is_ordered_by_how_long(
    helpdesk: DeskFixture, line: CommandLine
) -> None:
    """The wait counts from the first message without an answer; writing again does not make it shorter."""
    asked = [helpdesk.open(f"Dotaz {n}") for n in range(4)]
    first, second, answered, again = asked
    answer(helpdesk, answered)
    answer(helpdesk, second)
    write(helpdesk, second)
    waits = helpdesk.now()
    answer(helpdesk, again)
    write(helpdesk, again)
    write(helpdesk, second)
    line.at(f"{helpdesk.now():%Y-%m-%dT%H:%M:%SZ}")
    assert line.ids("list", "awaiting:agent") == [first, second, again]
    assert line.ids("list", "is:awaiting-agent", "is:open") == [first, second, again]
    assert line.ids("list", "--sort", "waiting") == [first, second, again, answered]
    assert line.ids("list", "sort:-waiting", "awaiting:agent") == [again, second, first]
    assert line.ids("list", "awaiting:agent", "--sort", "-id") == [again, second, first]
    assert helpdesk.ticket(second).awaiting_since == waits
    assert helpdesk.ticket(first).awaiting_since == helpdesk.ticket(first).created_at
    assert line.data("show", str(answered))["awaiting_since"] is None
    assert line.data("show", str(second))["awaiting_since"] == f"{waits:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.postgres
def test_F_C5_an_answer_that_was_taken_back_ends_no_wait(helpdesk: DeskFixture) -> None:
    """After undo the customer waits as long as if nobody had answered."""
    number = helpdesk.open("¿Dónde está mi pedido?")
    answer(helpdesk, number)
    write(helpdesk, number)
    since = helpdesk.ticket(number).awaiting_since
    answer(helpdesk, number)
    assert helpdesk.ticket(number).awaiting_since is None
    helpdesk.do(lambda work: undo(work), group=f"answer {helpdesk.at:%H%M}")
    assert helpdesk.ticket(number).awaiting_since == since
