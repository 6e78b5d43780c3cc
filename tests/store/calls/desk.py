"""Calls of `ticketctl/store/desk`."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from tests.store.calls.given import ANA, AT, LATER, MINE, NOBODYS, Given, raised
from ticketctl.domain.base.condition import AllOf
from ticketctl.domain.loading.load import parse
from ticketctl.domain.rules.canned import Canned
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db import signing_key
from ticketctl.store.desk import (
    canned_replies,
    definitions,
    journal,
    loads,
    ratings,
    rule_log,
    surveys,
)
from ticketctl.store.tickets import tickets

SOURCE = (
    '[desk]\nname = "Ünicode"\n[[agent]]\nname = "ana"\nemail = "ana@x.example"\n'
    '[[survey]]\nname = "csat"\n'
)


def call_definitions(given: Given) -> None:
    tx = given.tx
    assert definitions.version_at(tx, AT) == 0
    assert definitions.save(tx, SOURCE, parse(SOURCE), "ana", "root", AT) == 1
    assert definitions.save(tx, SOURCE, parse(SOURCE), "ana", "root", AT) == 1
    assert definitions.version_at(tx, AT - timedelta(days=1)) == 1
    assert definitions.version_at(tx, LATER.astimezone()) == 1
    assert definitions.get(tx, 1) == definitions.current(tx)
    assert definitions.current_with_key(tx) == (definitions.current(tx), signing_key.read(tx))
    assert definitions.source(tx, 1) == SOURCE
    assert [one.version for one in definitions.history(tx)] == [1]
    raised(
        Conflict, lambda: definitions.save(tx, SOURCE + "\n", parse(SOURCE), "b", "", AT, after=0)
    )


def call_canned_replies(given: Given) -> None:
    tx = given.tx
    one = Canned(
        name="hello", text="50 % '?", language="pt", fields={"tag": ["ß"]}, at=AT, actor="ana"
    )
    canned_replies.store(tx, one)
    canned_replies.store(tx, replace(one, language="", fields={}))
    assert canned_replies.get(tx, "hello", "pt") == one
    assert [each.language for each in canned_replies.every(tx)] == ["", "pt"]
    assert canned_replies.answer(tx, "hello", ["pt"]) == "50 % '?"
    canned_replies.drop(tx, "hello", "pt")
    assert canned_replies.by_language(tx, "hello") == [replace(one, language="", fields={})]
    tickets.change(tx, given.two, at=AT, fields={"order": "7"}, type="Störung")
    assert list(canned_replies.tickets_with_fields(tx, None, AllOf())) == [
        (given.two, {"order": "7"})
    ]
    assert list(canned_replies.tickets_with_fields(tx, "other", MINE)) == []


def call_journal(given: Given) -> None:
    tx = given.tx
    for new in (None, False, 0, {}, {"naïve": [None, 1.5]}):
        journal.append(
            tx, at=AT, actor=ANA, kind="agent", subject="bo", type="away", group="g", new=new
        )
    found = [None, False, 0, {}, {"naïve": [None, 1.5]}]
    assert [one.new for one in journal.of(tx, "agent", "bo")] == found
    assert [one.new for one in journal.of_group(tx, "g")] == found
    last = journal.last(tx, "agent", "bo")
    assert last and last.new == found[-1] and last.at == AT and last.old is None
    assert journal.last(tx, "agent", "unknown") is None


def call_loads(given: Given) -> None:
    tx = given.tx
    assert loads.turns(tx, "support", ["ana", "bo"]) == {"ana": 0, "bo": 0}
    loads.record_assignment(tx, "support", "bo", 3)
    assert loads.turns(tx, "support", ["ana", "bo"]) == {"ana": 0, "bo": 3}
    assert loads.turns(tx, "support", []) == {}
    tickets.change(tx, given.one, at=AT, owner="ana")
    assert loads.loads(tx, ["ana", "bo"])["ana"].open == 1
    assert loads.loads(tx, []) == {}
    assert loads.owners(tx) == {"ana": 1}
    assert loads.earlier_agent(tx, given.customer, given.two, ["ana"]) == "ana"
    assert loads.earlier_agent(tx, given.customer, given.two, []) is None


def call_ratings(given: Given) -> None:
    tx = given.tx
    first, is_new = answer(given, rating=2, answer_id="x1")
    assert is_new
    assert answer(given, rating=4, answer_id="x1") == (first, False)
    second, _ = answer(given, rating=5)
    assert [ratings.get(tx, id).replaced for id in (first, second)] == [True, False]
    latest = ratings.latest(tx, given.one)
    assert latest and latest.id == second
    ratings.withdraw(tx, second)
    current = ratings.of(tx, given.one, "csat")
    assert current and current.id == first and not current.replaced
    assert ratings.latest(tx, given.two) is None
    raised(NotFound, lambda: ratings.get(tx, second))


def answer(given: Given, **columns: Any) -> tuple[int, bool]:
    return ratings.add(
        given.tx, ticket=given.one, customer=given.customer, survey="csat", scale="1-5", at=AT, via="mail", **columns
    )  # fmt: skip


def call_rule_log(given: Given) -> None:
    tx = given.tx
    event = rule_log.time_event(given.one)
    values: Any = {"ticket": given.one, "at": AT, "branch": rule_log.THEN, "version": 1}
    assert rule_log.add(tx, rule="r", event=event, **values)
    assert not rule_log.add(tx, rule="r", event=event, **values)
    assert rule_log.add(tx, rule="s", event="survey 5", **values | {"ticket": None})
    rule_log.record_steps(tx, "r", event, rule_log.FAILED, ["did %s", "“that”"])
    assert rule_log.rules_run(tx, event, given.one) == {"r"}
    assert [one.rule for one in rule_log.lines(tx)] == ["s", "r"]
    assert [
        one.did for one in rule_log.lines(tx, number=given.one, rule="r", limit=5, seen=MINE)
    ] == [("did %s", "“that”")]
    assert rule_log.lines(tx, seen=NOBODYS) == []
    assert [one.rule for one in rule_log.lines(tx, limit=1)] == ["s"]
    assert {(one.rule, one.branch, one.times, one.last_at) for one in rule_log.counts(tx)} == {
        ("r", "failed", 1, AT), ("s", "then", 1, AT)
    }  # fmt: skip
    assert rule_log.failures(tx, AT) == 1
    assert rule_log.due(tx, "r", MINE, 0, 10) == [given.two]
    assert rule_log.due(tx, "r", MINE, given.two, 10) == []
    assert rule_log.expired_turns(tx, "r", MINE) == []
    gone = rule_log.expired_turns(tx, "r", NOBODYS)
    rule_log.end_turns(tx, [])
    assert rule_log.due(tx, "r", MINE, 0, 10) == [given.two]
    rule_log.end_turns(tx, gone)
    assert rule_log.due(tx, "r", MINE, 0, 10) == [given.one, given.two]


def call_surveys(given: Given) -> None:
    tx = given.tx
    tickets.change(tx, given.one, at=AT, status="resolved", resolved_at=AT, owner="ana")
    page: Any = {"since": AT, "until": LATER, "after": None, "limit": 5}
    page |= {"asked_since": AT, "channels": ["chat"]}
    wanted = [surveys.ResolvedCursor(AT, given.one)]
    assert surveys.due(tx, "csat", segments=[], inside=[], **page) == wanted
    assert surveys.due(tx, "csat", segments=["support"], inside=["z@x.example"], **page) == wanted
    assert surveys.due(tx, "csat", segments=[], inside=["carl@x.example"], **page) == []
    assert surveys.due(tx, "csat", segments=[], inside=[], **page | {"after": wanted[0]}) == []
    assert surveys.exists_since(tx, "csat", LATER) == AT
    sent = surveys.SentSurvey(
        ticket=given.one, survey="csat", scale="1-5", at=AT, outbox=7, segment="support", owner=None
    )
    surveys.mark(tx, sent)
    surveys.mark(tx, replace(sent, survey="nps", outbox=None))
    assert surveys.of(tx, given.one) == [sent, replace(sent, survey="nps", outbox=None)]
    assert surveys.due(tx, "csat", segments=[], inside=[], **page) == []
    earlier = page | {"asked_since": AT - (LATER - AT)}
    assert surveys.due(tx, "other", segments=[], inside=[], **page) == wanted
    assert surveys.due(tx, "other", segments=[], inside=[], **earlier) == []
    assert surveys.asked_lately(tx, given.one, AT) is False
    assert surveys.asked_lately(tx, given.one, AT - (LATER - AT)) is True
    seen = surveys.figures(tx, MINE)
    assert (seen["csat"].sent, seen["csat"].answered, seen["csat"].mean) == (1, 1, 2.0)
    assert surveys.figures(tx) == seen
    assert surveys.figures(tx, NOBODYS) == {}
    assert surveys.figures(tx, AllOf()) == seen


CALLS = (
    call_definitions,
    call_canned_replies,
    call_journal,
    call_loads,
    call_ratings,
    call_rule_log,
    call_surveys,
)
