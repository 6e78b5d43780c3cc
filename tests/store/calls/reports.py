"""Calls of `ticketctl/store/reports`: by every report, with queries about what history knows; and of `stats`."""

from datetime import timedelta

from msgspec.structs import replace

from tests.store.calls.given import AT, Given
from ticketctl.domain.base.condition import EVERYTHING, AllOf, Where
from ticketctl.domain.definition.definition import DEFAULT
from ticketctl.reports.figures.frame import Frame, Request
from ticketctl.reports.kinds import registry
from ticketctl.reports.model import ReportPeriod
from ticketctl.store.reports import figures, moved, ratings, replies, stories, tickets

_WORDS = ("status", "owner", "segment", "type")
_THEN = AllOf(
    (
        *(Where(name, "=", ("support", "none", "any")) for name in _WORDS),
        Where("priority", ">", ("low",)),
    )
)
_DAY = timedelta(days=1)


def call_reports(given: Given) -> None:
    period = ReportPeriod(AT - _DAY, AT, "UTC")
    for now in (AT - timedelta(hours=1), AT):  # one as of now, and one that is over
        request = Request(definition=DEFAULT, period=period, now=now)
        for name in registry.NAMES:
            registry.make(given.tx, name, request)
            registry.make(given.tx, name, replace(request, condition=_THEN))


def call_scope(given: Given) -> None:
    tx = given.tx
    period = ReportPeriod(AT - _DAY, AT, "UTC")
    scope = Frame(tx, Request(definition=DEFAULT, period=period, now=AT)).scope
    inside = moved.insiders(tx, ("carl@x.example",), AT, scope.moved)
    assert moved.moved(tx, AT) == moved.Moved({}, {}, {}, {})
    tickets.made(tx, replace(scope, insiders=inside))
    list(ratings.ratings(tx, scope, replaced=True))
    assert stories.of_ticket(tx, given.one).place.ticket == given.one
    assert list(stories.taken_back(tx, scope)) == []
    assert replies.last_word_of(tx, given.one, AT - _DAY, [(given.two, 1)]) is None


def call_counts(given: Given) -> None:
    for field in figures.FIELDS:
        assert figures.counts(given.tx, EVERYTHING, (field,))
    assert figures.counts(given.tx, EVERYTHING, ("tag", "customer"))


CALLS = (call_reports, call_scope, call_counts)
