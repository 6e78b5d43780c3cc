"""The query language: what each word means, what is refused and where the caret stands."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.domain.query_text import show
from ticketctl import clock
from ticketctl.domain.base.condition import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Condition,
    Not,
    Sort,
    Where,
    either,
    every,
    negation,
)
from ticketctl.domain.query import parser
from ticketctl.domain.query.fields import FIELDS
from ticketctl.errors import BadInput, NotFound

NOW = clock.parse("2026-03-09T08:10:00Z")
MADRID = ZoneInfo("Europe/Madrid")


TYPES = {
    "cf.day": "date",
    "cf.amount": "number",
    "cf.paid": "bool",
    "cf.reason": "choice",
    "customer.cf.reason": "text",
    "customer.cf.tier": "choice",
    "customer.cf.since": "date",
}
SAVED = {
    "mine": "owner:@me sort:-priority",
    "hot": "@mine is:important",
    "order": "sort:id",
    "a": "@b",
    "b": "tag:x (@a OR y)",
    "bad": "staus:open",
    "wide": "tag:x OR tag:y",
}


def read(text: str, me: str | None = "ana") -> Condition:
    return ask(text, me).condition


def ask(text: str, me: str | None = "ana") -> parser.Query:
    return parser.parse(text, now=NOW, zone=MADRID, me=me, saved=SAVED.get, types=TYPES)


def at(text: str) -> datetime:
    return clock.parse(text)


def test_nothing_asked_is_every_ticket() -> None:
    assert read("  ") == EVERYTHING


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("status:open", Where("status", "=", ("open",))),
        ("status:new,open", Where("status", "=", ("new", "open"))),
        ("-tag:spam", Not(Where("tag", "=", ("spam",)))),
        ("owner:~ana", Not(Where("owner", "=", ("ana",)))),
        ("owner:@me", Where("owner", "=", ("ana",))),
        ("owner:none", Where("owner", "=", ("none",))),
        ("is:mine", Where("owner", "=", ("ana",))),
        ("is:unassigned", Where("owner", "=", ("none",))),
        ("is:important", Where("is", "=", ("important",))),
        ("has:attachment", Where("has", "=", ("attachment",))),
        ("priority>=high", Where("priority", ">=", ("high",))),
        ("id:12,#13", Where("id", "=", (12, 13))),
        ("id:12-15", AllOf((Where("id", ">=", (12,)), Where("id", "<=", (15,))))),
        ('subject:"paper jam"', Where("subject", "=", ("paper jam",))),
        ("cf.reason:refund", Where("cf.reason", "=", ("refund",))),
        ("cf.amount>=7.5", Where("cf.amount", ">=", ("7.5",))),
        ("cf.paid:yes", Where("cf.paid", "=", ("true",))),
        ("cf.day<today", Where("cf.day", "<", ("2026-03-09",))),
        ("cf.day:today", Where("cf.day", "=", ("2026-03-09",))),
        ("cf.day<=2026-03", Where("cf.day", "<=", ("2026-03-31",))),
        ("cf.day:none", Where("cf.day", "=", ("none",))),
        ("has:order", Where("has", "=", ("order",))),
        ("due:none", Where("due", "=", ("none",))),
        ("due<2h", Where("due", "<", (NOW + timedelta(hours=2),))),
        ("sla.first<1h", Where("sla.first", "<", (NOW + timedelta(hours=1),))),
        ("sla.next<0", Where("sla.next", "<", (NOW,))),
        ("sla:paused", Where("sla_state", "=", ("paused",))),
        ("rating<=2", Where("rating", "<=", (2,))),
        ("@wide", AnyOf((Where("tag", "=", ("x",)), Where("tag", "=", ("y",))))),
        ("jam", Where("text", "=", ("jam",))),
        ('"paper  jam"', Where("text", "=", ("paper  jam",))),
        (r'"a \"b\" \\"', Where("text", "=", ('a "b" \\',))),
        ("12:30", Where("text", "=", ("12:30",))),
        ("-jam", Not(Where("text", "=", ("jam",)))),
        ("a b", AllOf((Where("text", "=", ("a",)), Where("text", "=", ("b",))))),
        ("a OR b", AnyOf((Where("text", "=", ("a",)), Where("text", "=", ("b",))))),
    ],
)
def test_a_word_means_its_condition(text: str, condition: Condition) -> None:
    assert read(text) == condition


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("open", "is:open"),
        ("Mine", "is:mine"),
        ("unassigned new", "is:unassigned status:new"),
        ("closed -important", "status:closed -is:important"),
        ("status=new", "status:new"),
        ("status==new", "status:new"),
        ("Status:New", "status:new"),
        ("priority!=low", "-priority:low"),
        ("priority<>low", "-priority:low"),
        ("tag:!x", "-tag:x"),
        ("tag!:x,y", "-tag:x,y"),
        ("a AND b", "a b"),
        ("a and b && c", "a b c"),
        ("a or b || c", "a OR b OR c"),
        ("NOT a", "-a"),
        ("not (a or b) c", "-(a OR b) c"),
        ("!a !is:open", "-a -is:open"),
        ("not not a", "a"),
        ("@me", "owner:ana"),
        ("sort=id a", "a sort:id"),
        ('open "york"', 'is:open "york"'),
        ('"open"', 'text:"open"'),
        ('"not" "1" "high"', 'text:"not" text:1 text:"high"'),
        ("notable android oracle", "text:notable text:android text:oracle"),
        ('"two words"', 'text:"two words"'),
        ("A4", '"A4"'),
        ("paper-jam", '"paper-jam"'),
    ],
)
def test_what_is_typed_in_haste_means_the_plain_thing(typed: str, means: str) -> None:
    assert ask(typed) == ask(means)


@pytest.mark.parametrize(
    ("text", "bad", "sentence"),
    [
        ("1", "1", "write id:1, or '\"1\"' for the text 1"),
        ("#3", "#3", "write id:#3"),
        ("1,3", "1,3", "write id:1,3"),
        ("high", "high", "write priority:high"),
        ("status new", "status", "write status:new,"),
        ("status = new", "status", "write status:new,"),
        ("owner ben", "owner", "write owner:ben,"),
        ("status", "status", "write status:VALUE,"),
        ("status is:open", "status", "write status:VALUE,"),
        ("a = b", "=", "= stands alone"),
        ("a | b", "|", "| stands alone"),
        ("*", "*", "stands alone"),
        ("today", "today", "write created:today"),
        ("7d", "7d", "write created:7d"),
        ("last-week", "last-week", "write created:last-week"),
        ("2026-03", "2026-03", "write created:2026-03"),
        ("new york", "new", "write status:new, or '\"new\"' for the text new"),
        ("printer -open", "open", "write is:open"),
        ("state:new", "state", 'no field "state"; write status:new'),
        ("a=b", "a", 'no field "a"'),
    ],
)
def test_what_may_mean_two_things_is_refused_with_the_right_spelling(
    text: str, bad: str, sentence: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    line, carets, *_ = caught.value.problems
    start = carets.index("^")
    assert sentence in caught.value.sentence
    assert line[start : start + carets.count("^")] == bad


def test_a_query_that_is_kept_spells_its_fields() -> None:
    for text in ("open", "all", "spam"):
        with pytest.raises(BadInput, match="for the text"):
            parser.parse(text, now=NOW, zone=MADRID, me=None, use=parser.Use.LATER)


def test_all_is_every_ticket_however_old() -> None:
    assert read("all") == Where("created", ">=", (at("1970-01-01T00:00:00Z"),))


joined = st.lists(
    st.sampled_from(
        [
            "open",
            "mine",
            "NOT",
            "and",
            "OR",
            "!",
            "-",
            "a",
            "status=new",
            "tag!=x",
            "1",
            "(",
            ")",
            "=",
            '"b"',
            "new",
        ]
    ),
    max_size=8,
).map(" ".join)


@settings(max_examples=300)
@given(joined)
def test_no_word_of_the_language_is_ever_searched_for_as_text(text: str) -> None:
    try:
        condition = read(text)
    except BadInput:
        return
    assert set(texts(condition)) <= {"a", "b"}


def texts(condition: Condition) -> list[str]:
    """Every word that is searched for in the texts."""
    match condition:
        case Where(field, _, values):
            return [str(one).strip('"') for one in values] if field == "text" else []
        case Not(part):
            return texts(part)
        case AllOf(parts) | AnyOf(parts):
            return [word for part in parts for word in texts(part)]


def test_and_binds_tighter_than_or() -> None:
    assert read("a b OR c") == either((read("a b"), read("c")))
    assert read("a (b OR c)") == every((read("a"), read("b OR c")))


def test_brackets_can_be_negated() -> None:
    assert read("-(a OR b)") == Not(read("a OR b"))
    assert read("-(-a)") == read("a")


def test_a_date_alone_is_its_whole_period_in_the_zone() -> None:
    month = (at("2026-01-31T23:00:00Z"),), (at("2026-02-28T23:00:00Z"),)
    assert read("created:2026-02") == AllOf(
        (Where("created", ">=", month[0]), Where("created", "<", month[1]))
    )
    assert read("created<2026-02") == Where("created", "<", month[0])
    assert read("created<=2026-02") == Where("created", "<", month[1])
    assert read("created>2026-02") == Where("created", ">=", month[1])
    assert read("created>=2026-02") == Where("created", ">=", month[0])


def test_a_span_alone_reaches_until_now() -> None:
    since = Where("updated", ">=", (NOW - timedelta(days=7),))
    week = AllOf((since, Where("updated", "<", (NOW + timedelta(seconds=1),))))
    assert read("updated:-7d") == read("updated:7d") == week


PAST = ["created", "updated", "last_customer", "resolved", "closed"]
FUTURE = ["due", "warn", "sla.first", "sla.next", "sla.resolve", "sla.assign"]
spans = st.builds(
    "{}{}".format, st.integers(1, 500), st.sampled_from(["s", "m", "h", "d", "w", "mo", "y"])
)


@given(st.sampled_from(PAST + FUTURE), st.sampled_from([":", "<", "<=", ">", ">="]), spans)
def test_a_span_without_a_sign_never_lands_on_the_wrong_side(
    field: str, op: str, span: str
) -> None:
    sign = "-" if field in PAST else "+"
    condition = read(f"{field}{op}{span}")
    assert condition == read(f"{field}{op}{sign}{span}")
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    for part in parts:
        assert isinstance(part, Where)
        (edge,) = part.values
        assert isinstance(edge, datetime)
        assert edge <= NOW + timedelta(seconds=1) if field in PAST else edge >= NOW


def test_every_field_of_time_has_a_side() -> None:
    timed = [name for name, one in FIELDS.items() if one in (FIELDS["created"], FIELDS["sla.next"])]
    assert sorted(timed) == sorted(PAST + FUTURE)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("created>+3d", r'"\+3d" is in the future; for 3d ago write -3d'),
        ("updated<+3d", r'"\+3d" is in the future'),
        ("created:tomorrow", '"tomorrow" is in the future, and created is always in the past'),
        ("closed>=2027", '"2027" is in the future'),
        ("created>today", 'nothing is created after "today" yet; write created>=today'),
        ("cf.day<3d", r'"3d" may be before or after now; write -3d or \+3d'),
        ("age>-3d", '"-3d" is not an age'),
        ("created>0s", 'nothing is created after "0s" yet'),
    ],
)
def test_a_time_on_the_wrong_side_of_now_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read(text)


def test_the_end_of_a_period_may_be_still_to_come() -> None:
    assert read("created:2026-03 created<2027") is not None


def test_a_query_that_is_kept_may_speak_of_days_that_come_but_no_rule_of_time() -> None:
    def kept(text: str, use: parser.Use) -> Condition:
        return parser.parse(text, now=NOW, zone=MADRID, me=None, use=use).condition

    assert kept("created>=2027", parser.Use.LATER) is not None
    for text in (
        "updated<2027",
        "updated<=2026-03",
        "-updated>=2027",
        "updated<tomorrow",
        "updated<now",
    ):
        assert kept(text, parser.Use.LATER) is not None
        with pytest.raises(BadInput, match="a timed rule needs a date in the past"):
            kept(text, parser.Use.DEADLINE)
    assert kept("updated<3d due<2h", parser.Use.DEADLINE) == read("updated<-3d due<+2h")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("age>2h", Where("created", "<", (at("2026-03-09T06:10:00Z"),))),
        ("age<=2h", Where("created", ">=", (at("2026-03-09T06:10:00Z"),))),
        ("age>=2h", Where("created", "<", (at("2026-03-09T06:10:01Z"),))),
        ("age<2h", Where("created", ">=", (at("2026-03-09T06:10:01Z"),))),
    ],
)
def test_an_age_is_a_time_of_making(text: str, condition: Condition) -> None:
    assert read(text) == condition


def test_a_day_of_a_field_is_any_day_of_what_is_named() -> None:
    assert read("cf.day:2026-02") == AllOf(
        (Where("cf.day", ">=", ("2026-02-01",)), Where("cf.day", "<=", ("2026-02-28",)))
    )
    assert read("cf.day:-7d") == AllOf(
        (Where("cf.day", ">=", ("2026-03-02",)), Where("cf.day", "<=", ("2026-03-09",)))
    )


def test_words_of_is_stand_for_service_levels() -> None:
    assert read("is:breached") == read("sla:breach")
    assert read("is:no-sla") == read("sla:none")
    assert read("is:breached,mine") == either((read("owner:ana"), read("sla:breach")))


def test_a_saved_query_stands_in_brackets_and_brings_its_order() -> None:
    assert read("-@wide a") == every((Not(read("@wide")), read("a")))
    assert read("@hot") == read("owner:ana is:important")
    assert ask("@hot").sort == (Sort("priority", True),)
    assert ask("@hot sort:id").sort == ask("sort:id @hot").sort == (Sort("id"),)
    assert read("@order a") == read("a")


def test_a_saved_query_that_there_is_not_is_exit_3() -> None:
    with pytest.raises(NotFound, match="no saved query @nope") as caught:
        read("a @nope")
    assert caught.value.problems == ("  a @nope", "    ^^^^^")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("@a", "in @a: @a refers to itself: @a → @b → @a"),
        ("@bad", 'in @bad: there is no field "staus"'),
        ("-@order", "cannot be negated"),
        ("@", "name the saved query"),
    ],
)
def test_a_saved_query_that_cannot_be_read_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    assert sentence in caught.value.sentence


def test_saved_queries_within_each_other_cannot_grow_without_end() -> None:
    def endless(name: str) -> str:
        return f"@{name}x @{name}y"

    with pytest.raises(BadInput, match=r"at most \d+ deep|at most \d+ words"):
        parser.parse("@a", now=NOW, zone=MADRID, me=None, saved=endless)


def test_rules_and_policies_know_no_saved_queries() -> None:
    with pytest.raises(BadInput, match="a saved query cannot be used here"):
        parser.parse("@mine", now=NOW, zone=MADRID, me=None)


def test_an_order_stands_beside_the_condition() -> None:
    found = parser.parse("a sort:-priority,created", now=NOW, zone=MADRID, me=None)
    assert found.sort == (Sort("priority", True), Sort("created", False))
    assert found.condition == read("a")
    assert parser.parse("a", now=NOW, zone=MADRID, me=None).sort == ()


@pytest.mark.parametrize(
    ("text", "bad", "sentence"),
    [
        ("tag:x staus:open", "staus", 'no field "staus"'),
        ("status:open,clsed", "clsed", "not a value of status"),
        ("a created:soon b", "soon", "is not a time"),
        ("priority>hihg", "hihg", "not a value of priority"),
        ("subject<a", "a", "cannot be compared"),
        ("id:twelve", "twelve", "not a ticket number"),
        ("id:" + "9" * 19, "9" * 19, "not a ticket number"),
        ("age:2h", "2h", "age must be compared"),
        ("age<2", "2", "is not an age"),
        ("sort:-size", "-size", "is not a sort field"),
        ("sort>id", "sort>id", "write the order"),
        ("(sort:id)", "sort:id", "write the order"),
        ("-sort:id", "-sort:id", "cannot be negated"),
        ("a (b", "(", "never closed"),
        ("a) b", ")", "was never opened"),
        ("a ()", "()", "nothing in these brackets"),
        ('a "b', '"', "is never closed"),
        ("http://x", "http", "in quotes"),
        ("due<none", "none", "nothing can be before or after none"),
        ("sla:late", "late", "not a value of sla"),
        ("sla.first<soon", "soon", "is not a time"),
        ("rating>11", "11", "is not a rating"),
        ("cf.amount>many", "many", "is a number"),
        ("cf.paid:maybe", "maybe", "is yes or no"),
        ("cf.day:soon", "soon", "is not a time"),
    ],
)
def test_a_bad_word_has_a_caret_under_it(text: str, bad: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    line, carets, *fields = caught.value.problems
    start = carets.index("^")
    assert sentence in caught.value.sentence
    assert line[start : start + carets.count("^")] == bad
    told = [line.startswith("fields: id, status, ") for line in fields]
    lists = "no field" in caught.value.sentence and "in quotes" in caught.value.sentence
    assert told == ([True] if lists else []), "other mistakes do not ask for a list"


@pytest.mark.parametrize(
    "text",
    ["OR a", "a OR", "a OR OR b", "status:", "status:new,", "status: new", "AND a", "a AND", "a and AND b", 
     "a AND OR b", "NOT", "a NOT", "NOT OR a", "NOT AND a"],
)  # fmt: skip
def test_a_missing_part_is_named(text: str) -> None:
    with pytest.raises(
        BadInput, match=r"must stand between two|needs a value|NOT must stand before a condition"
    ):
        read(text)


def test_me_needs_to_be_somebody() -> None:
    for text in ("owner:@me", "is:mine"):
        with pytest.raises(BadInput, match="@me is unknown"):
            read(text, me=None)


def test_a_query_has_a_depth_and_a_length() -> None:
    with pytest.raises(BadInput, match=r"at most \d+ deep"):
        read("(" * 5000 + "a" + ")" * 5000)
    with pytest.raises(BadInput, match=r"at most \d+ words"):
        read("a " * 5000)


def test_control_characters_do_not_reach_the_message() -> None:
    with pytest.raises(BadInput) as caught:
        read("status:\x1b[31m\nx")
    assert "\x1b" not in caught.value.problems[0]


@pytest.mark.parametrize(
    ("option", "text"),
    [
        (("status", "=", "open,new"), "status:open,new"),
        (("owner", "=", "@me"), "owner:@me"),
        (("owner", "=", "~ben"), "owner:~ben"),
        (("created", ">=", "-7d"), "created>=-7d"),
        (("subject", "=", "paper jam"), 'subject:"paper jam"'),
    ],
)
def test_an_option_gives_the_same_condition_as_the_word(
    option: tuple[str, str, str], text: str
) -> None:
    assert parser.where(*option, now=NOW, zone=MADRID, me="ana") == read(text)


def test_an_option_without_a_value_is_refused() -> None:
    with pytest.raises(BadInput, match="needs a value"):
        parser.where("tag", "=", "a,", now=NOW, zone=MADRID, me="ana")


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(lambda w: w != "@me")
words |= st.sampled_from(["@mine", "-", "OR", "none", "a:b", "~x"])
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(
    lambda t: t.replace(microsecond=0, tzinfo=NOW.tzinfo)
)
leaves = st.one_of(
    st.builds(
        lambda field, values: Where(field, "=", tuple(values)),
        st.sampled_from(["text", "subject", "segment", "tag", "owner", "cf.x"]),
        st.lists(words, min_size=1, max_size=3),
    ),
    st.builds(
        lambda field, op, time: Where(field, op, (time,)),
        st.sampled_from(["created", "updated", "due", "warn", "sla.first", "sla.resolve"]),
        st.sampled_from([">=", "<"]),
        times,
    ),
    st.builds(
        lambda field, op: Where(field, op, (3,)),
        st.sampled_from(["rating", "csat", "id"]),
        st.sampled_from(["=", "<", "<=", ">", ">="]),
    ),
    st.just(Where("due", "=", ("none",))),
    st.just(Where("sla_state", "=", ("running", "none"))),
    st.builds(
        lambda op, word: Where("priority", op, (word,)),
        st.sampled_from(["=", "<", "<=", ">", ">="]),
        st.sampled_from(["low", "critical"]),
    ),
    st.just(Where("is", "=", ("open", "spam"))),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(every),
        st.lists(inner, min_size=2, max_size=3).map(either),
        inner.map(negation),
    ),
    max_leaves=8,
)


@settings(max_examples=100)
@given(trees)
def test_what_is_shown_reads_back_the_same(condition: Condition) -> None:
    shown = parser.parse(
        show(condition), now=NOW, zone=MADRID, me="ana", types=TYPES, use=parser.Use.LATER
    )
    assert shown.condition == condition


@settings(max_examples=100)
@given(st.text(max_size=30) | st.text('ab:<>=~-,()"\\ OR', max_size=30))
def test_any_text_is_a_query_or_bad_input(text: str) -> None:
    try:
        condition = read(text)
    except (BadInput, NotFound):  # no such saved query
        return
    assert read(show(condition)) == condition


def test_a_field_that_only_customers_have_is_the_customers() -> None:
    assert read("cf.tier:gold") == Where("customer.cf.tier", "=", ("gold",))
    assert read("cf.reason:x") == Where("cf.reason", "=", ("x",))
    assert read("customer.cf.reason:x") == Where("customer.cf.reason", "=", ("x",))
    assert show(read("cf.tier:gold")) == "customer.cf.tier:gold"
    with pytest.raises(BadInput, match="is not a time"):
        read("cf.since:soonish")
