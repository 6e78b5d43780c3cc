"""Calls of `ticketctl/store/tickets`: history, conversations, links, saved queries."""

from typing import Any

from msgspec.structs import replace

from tests.store.calls.given import ANA, AT, LATER, Given, raised
from ticketctl.domain.base.condition import EVERYTHING
from ticketctl.domain.base.records import Attachment
from ticketctl.errors import NotFound
from ticketctl.store.db.database import Tx
from ticketctl.store.sla import clock_rows
from ticketctl.store.tickets import (
    attachments,
    changes,
    conversations,
    hits,
    last_word,
    links,
    mail_ids,
    message_moves,
    messages,
    saved_queries,
    ticket_lists,
    tickets,
    watchers,
    writers,
)
from ticketctl.store.tickets import events as history


def call_events(given: Given) -> None:
    tx = given.tx
    tickets.change(tx, given.one, at=AT, owner="bo")
    values: Any = {"at": AT, "actor": ANA, "group": "h2"}
    history.append(
        tx, given.one, type="tagged", old=None, new=["a"], way_back={"k": None}, **values
    )
    assert [(one.n, one.new) for one in history.of(tx, given.one)] == [(1, ["a"])]
    assert history.of(tx, given.one, ["tagged"]) == history.of(tx, given.one)
    assert history.of(tx, given.one, {"closed"}) == history.of(tx, given.one, ()) == []
    assert history.of_group(tx, "h2") == history.of_ticket_in_group(tx, given.one, "h2", AT)
    assert history.by_others(tx, "bo", AT, 9) == [given.one]
    assert history.by_others(tx, "bo", LATER, 9) == []
    assert history.last_groups(tx, "ana") == ["h2", "h", "g"]
    raised(NotFound, lambda: _append_to_unknown(tx, values))


def _append_to_unknown(tx: Tx, values: dict[str, Any]) -> None:
    with tx.savepoint():
        history.append(tx, 99, type="tagged", **values)


def call_changes(given: Given) -> None:
    tx = given.tx
    before = changes.version(tx)
    assert changes.version(tx) == before
    history.append(tx, given.one, type="tagged", old=None, new=["a"], at=AT, actor=ANA, group="h2")
    after = changes.version(tx)
    assert after != before
    assert changes.by_others(tx, before.last, "bo", ["tagged"])[after.last] == given.one
    assert changes.by_others(tx, before.last, "ana", ["tagged"]) == {}
    assert changes.by_others(tx, before.last, "bo", ["message"]) == {}
    assert after.last in changes.by_others(tx, after.last, "bo", ["tagged"])


def call_writers(given: Given) -> None:
    tx = given.tx
    before = changes.version(tx)
    one, other = writers.holder(), writers.holder()
    writers.begin(tx, given.one, "reply", "ana:b", one)
    writers.begin(tx, given.one, "reply", "ana:b", other)
    writers.begin(tx, given.two, "comment", "bo", other)
    found = [(writer.ticket, writer.kind, writer.agent) for writer in writers.now(tx)]
    assert found == [(given.one, "reply", "ana:b"), (given.two, "comment", "bo")]
    assert changes.version(tx) != before
    writers.end(tx, given.one, "reply", "ana:b", one)
    writers.end(tx, given.two, "comment", "bo", other)
    writers.go_on(tx, given.one, "reply", "ana:b", one)
    assert [writer.agent for writer in writers.now(tx)] == ["ana:b"]
    writers.end(tx, given.one, "reply", "ana:b", other)
    assert changes.version(tx) == before


def call_count_up_to(given: Given) -> None:
    ids = [given.one, 999]
    assert ticket_lists.count_among(given.tx, EVERYTHING, ids) == 1
    assert [ticket_lists.count_up_to(given.tx, EVERYTHING, most) for most in (1, 9)] == [1, 2]


def call_messages(given: Given) -> None:
    tx = given.tx
    logo = Attachment(
        n=1, name="l.png", type="image/png", size=9, sha256="a" * 64, inline=False, part="2"
    )
    new = messages.NewMessage(
        direction="in", class_="human", author="carl@x.example", author_name="Çarl", at=AT, subject="Re: s",
        text="said", full_text="said\n> quoted", message_id="<i1@x>", attachments=[logo], proof="token",
    )  # fmt: skip
    assert [messages.add(tx, given.one, new) for _ in range(3)] == [1, 2, 3]
    answered = replace(new, direction="out", author="ana", message_id="<o@x>", attachments=())
    assert messages.add(tx, given.one, answered) == 4
    assert [one.n for one in messages.of(tx, given.one)] == [1, 2, 3, 4]
    assert [one.n for one in messages.of(tx, given.one, 2)] == [3, 4]
    assert [one.n for one in messages.of(tx, given.one, 0)] == []
    assert messages.first(tx, given.one).attachments == (logo,)
    assert [one.n for one in messages.around(tx, given.one, 2, 1)] == [1, 2, 3]
    assert messages.get(tx, given.one, 4).delivery is None
    raised(NotFound, lambda: messages.get(tx, given.one, 5))
    assert messages.visibilities(tx, [given.one]) and not messages.visibilities(tx, [])
    assert (messages.count(tx, {given.one, given.two}), messages.count(tx, [])) == (4, 0)
    assert messages.texts(tx, given.one, 1) == messages.sent_texts(tx, given.one, 9)
    assert [one.ticket for one in mail_ids.known(tx, ["i1@x", "<none@x>"])] == [given.one]
    assert (last_word.last_word(tx, given.one), last_word.answers(tx, given.one)) == ("out", {4})
    assert clock_rows.words(tx, given.one) == {1: True, 2: True, 3: True, 4: False}
    kept = attachments.hide_repeated(tx, "carl@x.example", [logo], largest=99, times=3)
    assert [one.inline for one in (*kept, *messages.get(tx, given.one, 2).attachments)] == [
        True,
        True,
    ]
    assert attachments.hide_repeated(tx, "carl@x.example", [], largest=99, times=3) == ()


def call_moves(given: Given) -> None:
    tx = given.tx
    message_moves.split_off(tx, given.one, given.two, {1: 1, 2: 2})
    assert [one.n for one in messages.of(tx, given.two)] == [1, 2]
    message_moves.put_back(tx, given.one, given.two, {1: 1, 2: 2})
    assert [one.n for one in messages.of(tx, given.one)] == [1, 2, 3, 4]
    message_moves.withdraw_answer(tx, given.one, 4)
    raised(NotFound, lambda: message_moves.withdraw_answer(tx, given.one, 9))
    made: Any = {"author": "ana", "at": AT, "text": "internal"}
    assert [messages.add_comment(tx, given.one, **made) for _ in range(2)] == [1, 2]
    message_moves.withdraw_comment(tx, given.one, 2, AT)
    raised(NotFound, lambda: message_moves.withdraw_comment(tx, given.one, 2, AT))
    assert [one.text for one in messages.comments(tx, given.one)] == ["internal"]
    assert [one.n for one in messages.comments(tx, given.one, 5)] == [1]
    found = conversations.messages_of(tx, [given.one, given.two])
    assert {id: len(some) for id, some in found.items()} == {given.one: 4}
    assert (conversations.messages_of(tx, []), conversations.comments_of(tx, [])) == ({}, {})
    tickets.change(tx, given.one, at=AT, merged_into=given.two)
    assert [one.n for one in conversations.all_messages(tx, given.two)] == [1, 2, 3, 4]
    assert [one.n for one in conversations.all_comments(tx, given.two)] == [1]
    merged = conversations.merged_of(tx, [given.two])
    assert [one.id for one in merged[given.two]] == [given.one]
    assert conversations.merged_of(tx, []) == {}


def call_links(given: Given) -> None:
    tx = given.tx
    assert links.add(tx, given.one, "parent", given.two, AT)
    assert not links.add(tx, given.one, "parent", given.two, AT)
    assert links.exists(tx, given.one, "parent", given.two)
    assert not links.exists(tx, given.two, "parent", given.one)
    assert (links.other(tx, given.one, "parent"), links.other(tx, given.two, "parent")) == (
        given.two,
        None,
    )
    assert [len(links.of(tx, id)) for id in (given.one, given.two)] == [1, 1]
    assert (links.drop(tx, given.one, "parent", given.two), links.of(tx, given.two)) == (True, [])
    assert not links.drop(tx, given.one, "parent", given.two)


def call_saved_queries(given: Given) -> None:
    tx = given.tx
    saved_queries.store(tx, saved_queries.SHARED, "mine", "is:open", AT)
    saved_queries.store(tx, "ana", "mine", "owner:me", AT)
    saved_queries.set_default(tx, "ana", "mine", AT)
    assert saved_queries.usable(tx, "ana") == [saved_queries.Saved("mine", "owner:me", False, True)]
    for nobody in (None, "bo"):
        assert [one.text for one in saved_queries.usable(tx, nobody)] == ["is:open"]
        assert saved_queries.get(tx, "mine", nobody) == "is:open"
    saved_queries.set_default(tx, "ana", None, AT)
    saved_queries.drop(tx, "ana", "mine")
    assert saved_queries.of(tx, "ana", "mine") is None


def call_watchers(given: Given) -> None:
    tx = given.tx
    assert [watchers.add(tx, given.one, name) for name in ("bo", "ana", "bo")] == [
        True,
        True,
        False,
    ]
    assert watchers.of(tx, given.one) == ["ana", "bo"]
    assert [watchers.remove(tx, given.one, "bo") for _ in range(2)] == [True, False]
    assert watchers.of(tx, given.two) == []


def call_hits(given: Given) -> None:
    tx = given.tx
    wanted = hits.terms(["inter*", "---", "said quoted"])
    found = hits.of(tx, [given.one, given.two], wanted, ["body", "comments", "subject"])
    assert [(one.part, one.ticket, one.n) for one in found[given.two]] == [
        ("comments", given.one, 1),
        ("body", given.one, 3),
        ("body", given.one, 2),
    ]
    forms = hits.terms(["quotes", "nothings"])  # more than FTS5 looks up in each text
    assert len(forms) > 20
    quoted = hits.terms(['"quoted"'])
    assert len(quoted) == 1
    both = (hits.of(tx, [given.two], terms, ["body"]) for terms in (forms, quoted))
    assert next(both) == next(both) != {}
    assert hits.of(tx, [given.one], wanted, []) == hits.of(tx, [], wanted, ["body"]) == {}


CALLS = (
    call_events,
    call_messages,
    call_moves,
    call_links,
    call_saved_queries,
    call_watchers,
    call_hits,
    call_changes,
    call_writers,
    call_count_up_to,
)
