"""Ticket A blocks ticket B: B does not end before A, and the owner of B is told when A ends."""

from collections.abc import Callable

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import reply
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.link import link, unlink
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.records import Link
from ticketctl.errors import Refused
from ticketctl.store.tickets import links

Verb = Callable[[Work, int], object]

ENDS: list[Verb] = [
    lambda w, n: close(w, n, comment="done"),
    lambda w, n: resolve(w, n, comment="done"),
    lambda w, n: edit(w, n, TicketChanges(status="closed"), comment="done"),
    lambda w, n: reply.reply(w, n, "Done.", reply.Extras(status="resolved")),
]


@pytest.fixture
def pair(helpdesk: DeskFixture) -> tuple[int, int]:
    """Two tickets, the first of which blocks the second, which is Ben's."""
    a = helpdesk.open(subject="Order the part")
    b = helpdesk.open(subject="Mend the lamp", author="dora@customer.example")
    helpdesk.do(lambda w: assign(w, b, "ben", comment="yours"))
    helpdesk.do(lambda w: link(w, a, "blocks", b))
    return a, b


def notices(desk: DeskFixture) -> list[tuple[int | None, str]]:
    """Ben's notices of ended tickets: the ticket they are about, and what they say."""
    rows = desk.outbox("notification", to="ben@help.example")
    return [(one.ticket, str(one.data["text"])) for one in rows if one.data["event"] == "unblocked"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.postgres
def test_a_blocked_ticket_does_not_end_by_any_verb(
    helpdesk: DeskFixture, pair: tuple[int, int], end: Verb
) -> None:
    """Every verb that ends a ticket is refused, names the one that blocks it, and sends nothing."""
    a, b = pair
    sent = len(helpdesk.outbox())
    with pytest.raises(Refused, match=f"ticket {b} is blocked by #{a}: .* --force") as refused:
        helpdesk.do(lambda w: end(w, b))
    assert refused.value.exit_code == 6
    assert helpdesk.ticket(b).status == "new"
    assert len(helpdesk.outbox()) == sent


def test_force_ends_a_blocked_ticket(helpdesk: DeskFixture, pair: tuple[int, int]) -> None:
    """`--force` overrides, for each of the verbs."""
    a, b = pair
    helpdesk.do(lambda w: resolve(w, b, comment="done", force=True))
    assert helpdesk.ticket(b).status == "resolved"
    helpdesk.do(lambda w: close(w, b, comment="done", force=True))
    helpdesk.do(lambda w: reopen(w, b, comment="not yet"))
    helpdesk.do(lambda w: edit(w, b, TicketChanges(status="closed"), comment="x", force=True))
    helpdesk.do(lambda w: reopen(w, b, comment="not yet"))
    helpdesk.do(lambda w: reply.reply(w, b, "So.", reply.Extras(status="closed", force=True)))
    assert helpdesk.ticket(b).status == "closed"
    assert helpdesk.ticket(a).status == "new"


@pytest.mark.parametrize(
    ("end", "new"),
    [
        *zip(ENDS, ("closed", "resolved", "closed", "resolved"), strict=True),
        (lambda w, n: spam(w, n), "spam"),
        (lambda w, n: edit(w, n, TicketChanges(status="spam"), comment="x"), "spam"),
    ],
)
def test_the_owner_is_told_when_the_blocking_ticket_ends(
    helpdesk: DeskFixture, pair: tuple[int, int], end: Verb, new: str
) -> None:
    """One notice to the owner of B when A ends, by whatever verb; then B can end."""
    a, b = pair
    helpdesk.do(lambda w: end(w, a))
    assert notices(helpdesk) == [(b, f"#{a} is {new}.")]
    helpdesk.do(lambda w: close(w, b, comment="done"))
    assert helpdesk.ticket(b).status == "closed"


def test_the_notice_names_what_still_blocks(helpdesk: DeskFixture, pair: tuple[int, int]) -> None:
    """With two blocking tickets, the end of the first leaves the second; closing a resolved one tells nothing new."""
    a, b = pair
    c = helpdesk.open(subject="Ask the maker", author="eve@customer.example")
    helpdesk.do(lambda w: link(w, c, "blocks", b))
    helpdesk.do(lambda w: resolve(w, a, comment="came"))
    helpdesk.do(lambda w: close(w, a, comment="came"))
    assert notices(helpdesk) == [(b, f"#{a} is resolved. This ticket is still blocked by #{c}.")]
    with pytest.raises(Refused, match=f"blocked by #{c}:"):
        helpdesk.do(lambda w: close(w, b, comment="done"))


def test_a_merge_passes_the_block_on(helpdesk: DeskFixture, pair: tuple[int, int]) -> None:
    """B stays blocked by the ticket that A was merged into, and so does the ticket that B is merged into."""
    a, b = pair
    c, d = helpdesk.open(subject="Other part"), helpdesk.open(subject="Other lamp")
    helpdesk.do(lambda w: merge(w, a, c, comment="same"))
    assert not notices(helpdesk)
    with pytest.raises(Refused, match=f"ticket {b} is blocked by #{c}:"):
        helpdesk.do(lambda w: close(w, b, comment="done"))
    helpdesk.do(lambda w: merge(w, b, d, comment="same"))
    with pytest.raises(Refused, match=f"ticket {d} is blocked by #{c}:"):
        helpdesk.do(lambda w: close(w, d, comment="done"))


def test_a_merge_into_an_ended_ticket_tells_the_owner(
    helpdesk: DeskFixture, pair: tuple[int, int]
) -> None:
    """A is merged into a closed ticket: nothing blocks B any more."""
    a, b = pair
    c = helpdesk.open(subject="Other part")
    helpdesk.do(lambda w: close(w, c, comment="came"))
    helpdesk.do(lambda w: reply.reply(w, a, "It is ordered."))  # no open question
    helpdesk.do(lambda w: merge(w, a, c, comment="same"))
    assert notices(helpdesk) == [(b, f"#{a} is merged.")]
    helpdesk.do(lambda w: close(w, b, comment="done"))


def test_undo_takes_the_end_or_the_link_back(helpdesk: DeskFixture, pair: tuple[int, int]) -> None:
    """After the undone end of A it blocks again; after the undone link, or `unlink`, it does not."""
    a, b = pair
    helpdesk.do(lambda w: close(w, a, comment="came"), notify=False, group="end")
    helpdesk.do(lambda w: undo(w), group="end")
    with pytest.raises(Refused, match=f"blocked by #{a}"):
        helpdesk.do(lambda w: close(w, b, comment="done"))
    helpdesk.do(lambda w: unlink(w, a, "blocks", b), group="unlink")
    assert helpdesk.read(lambda tx: links.of(tx, b)) == []
    helpdesk.do(lambda w: undo(w), group="unlink")
    assert helpdesk.read(lambda tx: links.of(tx, b)) == [Link("blocked by", a, "new")]
