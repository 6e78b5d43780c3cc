"""desk.toml: what it means, and every mistake with its path."""

import tomllib
from importlib.resources import files
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketctl.domain.base.document import keys, read_table
from ticketctl.domain.definition import definition as d
from ticketctl.domain.definition.definition import DEFAULT, Definition
from ticketctl.domain.definition.difference import difference
from ticketctl.domain.loading import checks, load
from ticketctl.domain.loading.load import DeskFile, parse
from ticketctl.errors import Refused

WHOLE = """
[desk]
name = "Help"
domain = "help.example"
language = "en"
timezone = "Europe/Madrid"
require_comment = ["edit", "assign", "escalate", "resolve", "close", "reopen"]
reopen_window = "14d"

[[mailbox]]
address = "Support@help.example"
name = "Help desk"
segment = "support"
aliases = ["soporte@help.example"]

[[agent]]
name = "ana"
email = "ana@help.example"
role = "agent"
login = "ana"
skills = ["lang:cs", "billing:2"]
capacity = 20
hours = "madrid"

[[agent]]
name = "eva"
email = "eva@help.example"
role = "admin"

[[segment]]
name = "support"
managers = ["eva"]
agents = ["ana", "eva"]
routing = "load"
sticky = true

[[calendar]]
name = "madrid"
timezone = "Europe/Madrid"
hours = { mon = ["09:00-14:00", "15:00-24:00"], sat = [] }
closed = ["01-01", "02-29", "2026-04-03", "2026-12-31 14:00-24:00"]
country = "ES"
region = "MD"
ics = "holidays.ics"

[[sla]]
name = "gold"
match = "cf.tier:gold"
calendar = "madrid"
pause = ["waiting"]
reopen = "resume"
warn = "75%"
targets = { critical = { first = "1h", next = "2h", resolve = "8h" }, default = { first = "4h" } }
escalations = [ { at = "75%", do = ["notify:owner"] }, { at = "due+4h", do = ["status:escalated"] } ]

[[rule]]
name = "refund words"
on = "message"
when = "subject:refund"
then = ["type:billing", "segment:support"]
otherwise = []
enabled = true

[[field]]
on = "ticket"
name = "reason"
type = "choice"
choices = ["refund", "delivery", "other"]
required = "close"

[alerts]
yellow = "18h"
red = "24h"
basis = "created"
calendar = "madrid"

[[survey]]
name = "csat"
scale = "1-5"
delay = "24h"
segments = ["support"]
"""


def problems(toml: str) -> tuple[str, ...]:
    """The problems that `parse` finds."""
    with pytest.raises(Refused) as refusal:
        parse(toml)
    return refusal.value.problems


def test_every_key_of_desk_toml_is_understood() -> None:
    desk = parse(WHOLE)
    assert desk.settings.reopen_window == 14 * 86_400
    assert desk.mailboxes[0].address == "support@help.example"
    assert desk.agents[0].skills == ("lang:cs", "billing:2")
    assert desk.agents[1].capacity is None
    assert desk.calendars[0].hours["mon"] == ("09:00-14:00", "15:00-24:00")
    assert desk.slas[0].targets["critical"].next == 7_200
    assert desk.slas[0].targets["default"].next is None
    assert desk.slas[0].escalations[1].at == "due+4h"
    assert desk.alerts.red == 86_400
    assert desk.surveys[0].segments == ("support",)


def test_an_empty_file_and_the_default_text_are_the_default_desk() -> None:
    assert parse("") == DEFAULT
    assert parse(d.default_toml) == DEFAULT


def test_the_sample_that_init_writes_is_a_good_desk() -> None:
    sample = (files("ticketctl") / "data" / "desk.toml").read_text("utf-8")
    assert parse(sample).mailboxes[0].address == "support@help.example"


def test_the_examples_in_the_sample_are_good_when_they_are_uncommented() -> None:
    sample = (files("ticketctl") / "data" / "desk.toml").read_text("utf-8")
    lines = [
        line[2:] if line.startswith("# ") and (" = " in line or line[2] == "[") else line
        for line in sample.splitlines()
    ]
    desk = parse("\n".join(lines))
    assert (desk.agents[0].name, desk.slas[0].name, desk.surveys[0].name) == (
        "ana", "standard", "csat",
    )  # fmt: skip


def test_what_may_be_left_out_follows_from_the_rest() -> None:
    desk = parse(
        '[[mailbox]]\naddress = "a@b.example"\n[[agent]]\nname = "ana"\nemail = "ana@x.example"'
    )
    assert desk.settings.domain == "b.example"
    assert desk.mailboxes[0].segment == "support"
    assert desk.segments[0].agents == ("ana",)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('managers = ["eva"]', 'managers = ["eva", "ivo"]', '$.segment[0].managers[1]: no agent "ivo"'),
        ('["ana", "eva"]', '["ana", "ana"]', '$.segment[0].agents[1]: "ana" is already at'),
        ('segment = "support"', 'segment = "sales"', '$.mailbox[0].segment: no segment "sales"'),
        ('hours = "madrid"', 'hours = "rome"', '$.agent[0].hours: no calendar "rome"'),
        ('"segment:support"', '"segment:x"', '$.rule[0].then[1]: no segment "x"'),
        ('segments = ["support"]', 'segments = ["x"]', '$.survey[0].segments[0]: no segment "x"'),
        ('name = "eva"', 'name = "Ana"', '$.agent[1].name: "Ana" is already at $.agent[0].name'),
        ('"soporte@', '"support@', '$.mailbox[0].aliases[0]: "support@help.example" is already at'),
        ('"ana@help.example"', '"soporte@help.example"', "$.agent[0].email: "),
        ('red = "24h"', 'red = "12h"', "$.alerts.red: 12h is below yellow, 18h"),
        ('"type:billing"', '"kind:billing"', '$.rule[0].then[0]: there is no step "kind"; the steps are type, '),
        ('"type:billing"', '"assign:ivo"', '$.rule[0].then[0]: no agent "ivo"'),
        ('"type:billing"', '"priority:urgent"', '$.rule[0].then[0]: "urgent" is not one of low, '),
        ('"type:billing"', '"status:merged"', '$.rule[0].then[0]: "merged" is not one of open, '),
        ('"type:billing"', '"set:reason=x"', '$.rule[0].then[0]: "x" is not one of refund, '),
        ('"type:billing"', '"set:size=x"', '$.rule[0].then[0]: no field "size" of tickets'),
        ('"type:billing"', '"notify:lab"', '$.rule[0].then[0]: "lab" is not a mail address'),
        ('"type:billing"', '"escalate:support@help.example"', '$.rule[0].then[0]: "support@help.example" is a mailbox'),
        ('["notify:owner"]', '["tell:owner"]', '$.sla[0].escalations[0].do[0]: there is no step "tell"'),
        ('"subject:refund"', '"subjet:refund"', '$.rule[0].when: there is no field "subjet"'),
        ("sticky = true", "stick = true", "$.segment[0].stick: unknown key; did you mean sticky?"),
        ("sticky = true", 'sticky = "yes"', '$.segment[0].sticky: must be true or false, not the text "yes"'),
        ("capacity = 20", "capacity = true", "$.agent[0].capacity: must be a whole number, not true"),
        ("capacity = 20", "capacity = 0", "$.agent[0].capacity: must be 1 or more"),
        ('routing = "load"', 'routing = "loud"', '$.segment[0].routing: "loud" is not one of none, '),
        ('reopen_window = "14d"', "reopen_window = 14", "$.desk.reopen_window: must be text in quotes"),
        ('reopen_window = "14d"', 'reopen_window = "2 weeks"', '$.desk.reopen_window: "2 weeks" is not a'),
        ('language = "en"', 'language = "English"', '$.desk.language: "English" is not a language'),
        ('"Europe/Madrid"\nrequire', '"Europe/Nowhere"\nrequire', "$.desk.timezone: "),
        ('"Europe/Madrid"\nrequire', '"../etc/passwd"\nrequire', "$.desk.timezone: "),
        ('name = "Help"', 'name = "He]lp"', "$.desk.name: "),
        ('name = "Help desk"', 'name = "a\\r\\nBcc: x"', "$.mailbox[0].name: must be one line"),
        ('"Support@help.example"', '"support+x@help.example"', "$.mailbox[0].address: "),
        ('"Support@help.example"', '"support"', '$.mailbox[0].address: "support" is not a mail address'),
        ('"09:00-14:00"', '"09:00-16:00"', "$.calendar[0].hours.mon: the spans overlap"),
        ('"09:00-14:00"', '"14:00-09:00"', '$.calendar[0].hours.mon[0]: "14:00-09:00" is not a span'),
        ("mon = [", "monday = [", '$.calendar[0].hours.monday: "monday" is not a day'),
        ('"02-29"', '"02-30"', '$.calendar[0].closed[1]: "02-30" is not a day'),
        ('"2026-04-03"', "2026-04-03", "$.calendar[0].closed[2]: must be text in quotes"),
        ('country = "ES"', "", "$.calendar[0].region: needs a country"),
        ('warn = "75%"', 'warn = "soon"', '$.sla[0].warn: "soon" is not a moment'),
        ('warn = "75%"', 'warn = "due+1h"', '$.sla[0].warn: "due+1h" is no warning, it must come before'),
        ('warn = "75%"', 'warn = "100%"', '$.sla[0].warn: "100%" is no warning'),
        ('warn = "75%"', 'warn = "due-8h"', '$.sla[0].warn: "due-8h" is before the start of the longest target, 8h'),
        ('at = "due+4h"', 'at = "75%"', '$.sla[0].escalations[1].at: "75%" is already at $.sla[0].esc'),
        ('pause = ["waiting"]', 'pause = ["away"]', '$.sla[0].pause[0]: "away" is not one of new, '),
        ('pause = ["waiting"]', 'pause = { update = [] }', '$.sla[0].pause.update: "update" is not one of first, '),
        ('match = "cf.tier:gold"', 'match = "statu:open"', "$.sla[0].match: "),
        ('match = "cf.tier:gold"', 'match = "@mine"', "$.sla[0].match: "),
        ("[[rule]]", '[[sla]]\nname = "b"\nmatch = "cf.tier:gold"\ntargets = { low = { next = "1h" } }\n[[rule]]',
         "$.sla[1].match: never used, because $.sla[0] has the same"),
        ('[[sla]]\n', '[[sla]]\nname = "all"\ntargets = { low = { next = "1h" } }\n[[sla]]\n',
         "$.sla[1]: never used, because $.sla[0] matches every ticket"),
        ('calendar = "madrid"\npause', 'calendar = "rome"\npause', '$.sla[0].calendar: no calendar "rome"'),
        ('targets = { critical = { first = "1h", next = "2h", resolve = "8h" }, default = { first = "4h" } }',
         "targets = { low = {} }", "$.sla[0].targets: none"),
        ('first = "4h"', 'assign = "0"', "$.sla[0].targets.default.assign: must be more than zero"),
        ("country =", 'open = ["2026-12-06"]\ncountry =', '$.calendar[0].open[0]: "2026-12-06" has no hours'),
        ("country =", 'open = ["12-06 10:00-12:00", "12-06 11:00-13:00"]\ncountry =',
         "$.calendar[0].open: the openings of 12-06 overlap"),
        ('hours = { mon = ["09:00-14:00", "15:00-24:00"], sat = [] }', "hours = {}", "$.calendar[0].hours: never open"),
        ('"Europe/Madrid"\nhours', '"Europe/Nowhere"\nhours', "$.calendar[0].timezone: "),
        ("critical = {", "urgent = {", '$.sla[0].targets.urgent: "urgent" is not one of low, '),
        ('first = "4h"', 'first = "0"', "$.sla[0].targets.default.first: must be more than zero"),
        ('type = "choice"', 'type = "text"', "$.field[0].choices: only fields of type choice"),
        ('choices = ["refund", "delivery", "other"]', "", "$.field[0].choices: missing"),
        ('on = "message"', "", "$.rule[0].on: missing"),
        ('name = "csat"', 'name = "none"', '$.survey[0].name: "none" cannot be a name'),
        ("[alerts]", "[alarms]", "$.alarms: unknown key"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_path(old: str, new: str, problem: str) -> None:
    assert old in WHOLE
    found = problems(WHOLE.replace(old, new, 1))
    assert [line for line in found if line.startswith(problem)], found


def test_all_problems_are_told_at_once_and_none_follows_from_another() -> None:
    broken = (
        WHOLE.replace('name = "ana"', 'name = "an a"')
        .replace('"ana", "eva"]', '"an a", "ivo"]')
        .replace('red = "24h"', 'red = "often"')
    )
    paths = [problem.partition(":")[0] for problem in problems(broken)]
    assert paths == [
        "$.agent[0].name",
        "$.segment[0].agents[0]",
        "$.alerts.red",
        "$.segment[0].agents[1]",
    ]


def test_text_that_is_not_toml_is_refused_with_its_place() -> None:
    with pytest.raises(Refused, match=r"not TOML: .*line 2"):
        parse("[desk]\nname = Help\n")


@pytest.mark.parametrize("toml", ["desk = 1", "mailbox = 1", "[[desk]]", "mailbox = [1]", "[sla]"])
def test_a_table_of_the_wrong_kind_is_refused(toml: str) -> None:
    assert "must be a" in problems(toml)[0]


@pytest.mark.parametrize(
    "address",
    [
        "support@help.example",
        "SUPPORT@Help.Example",
        "support+t1.abc@help.example",
        "soporte+x@help.example",
    ],
)
def test_a_mailbox_is_found_by_address_alias_and_detail_A16(address: str) -> None:
    found = parse(WHOLE).mailbox(address)
    assert found is not None
    assert found.address == "support@help.example"


@pytest.mark.parametrize("address", ["", "support", "support@", "x@help.example", "+@help.example"])
def test_other_addresses_are_no_mailbox(address: str) -> None:
    assert parse(WHOLE).mailbox(address) is None


def test_people_and_segments_are_found() -> None:
    desk = parse(WHOLE)
    support = desk.segment("support")
    assert support is not None
    assert support.members == ("eva", "ana")
    assert support.usual_owner == ("eva", "sole manager")
    assert d.Segment(name="x", managers=("a", "b")).usual_owner is None
    assert desk.agent("ana") == desk.agent_by_email("ANA@help.example") == desk.agents[0]
    assert (desk.segment("x"), desk.agent("x"), desk.agent_by_email("x")) == (None,) * 3


def test_a_change_of_any_table_is_in_the_difference() -> None:
    """`apply` asks only about what the difference shows: a table that it leaves out changes silently."""
    more = '[[type]]\nname = "billing"\n[quality]\nprior = 7\n[[survey]]\nname = "nps"\n'
    more += '[[channel]]\nname = "chat"\ncommand = ["post"]\n'
    old, new = parse(WHOLE + more), msgspec.structs.replace(DEFAULT, mailboxes=(), segments=())
    new = msgspec.structs.replace(new, holidays={"office": d.Holidays(until="2030")})
    tables = [one.name for one in msgspec.structs.fields(Definition) if one.name != "version"]
    assert [name for name in tables if getattr(old, name) == getattr(new, name)] == []
    changed = {name: msgspec.structs.replace(old, **{name: getattr(new, name)}) for name in tables}
    assert [name for name, one in changed.items() if not difference(old, one)] == []


def test_the_difference_names_table_key_and_both_values() -> None:
    new = WHOLE.replace('"14d"', '"7d"').replace('"refund", "delivery"', '"refund"')
    assert difference(parse(WHOLE), parse(new)) == [
        "  [desk]",
        '-   reopen_window = "14d"',
        '+   reopen_window = "7d"',
        "  [[field]] ticket.reason",
        '-   choices = ["refund", "delivery", "other"]',
        '+   choices = ["refund", "other"]',
    ]


def test_the_difference_shows_what_comes_goes_and_moves() -> None:
    a, b = (
        f'[[sla]]\nname = "{name}"\nmatch = "tag:{name}"\ntargets = {{ default = {{ first = "1h" }} }}\n'
        for name in "ab"
    )
    old, new = parse(b + a), parse(a + b + '[[survey]]\nname = "csat"')
    assert difference(old, new) == [
        "  [[sla]] now in the order a, b",
        "+ [[survey]] csat",
        '+   name = "csat"',
    ]
    assert difference(new, old)[-2:] == ["- [[survey]] csat", '-   name = "csat"']
    assert difference(old, old) == []


_names = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True).filter(
    lambda name: name not in ("any", "none", "me", "gateway", "rule")
)
_seconds = st.integers(1, 10**7)


@st.composite
def _definitions(draw: st.DrawFn) -> Definition:
    agents = draw(st.lists(_names, unique=True, max_size=4))
    chosen = st.lists(st.sampled_from(agents), unique=True).map(tuple) if agents else st.just(())
    segments = draw(st.lists(_names, unique=True, min_size=1, max_size=3))
    targets = st.builds(d.Target, first=st.integers(4_000, 10**7), resolve=_seconds | st.none())
    yellow = draw(_seconds)
    return Definition(
        settings=d.DeskSettings(
            name=draw(st.from_regex(r"[A-Za-zé]{1,8}", fullmatch=True)),
            domain="x.example",
            reopen_window=draw(_seconds),
        ),
        mailboxes=tuple(
            d.Mailbox(address=f"{name}@x.example", name=draw(_titles), segment=segments[0])
            for name in segments
        ),
        agents=tuple(
            d.Agent(name=name, email=f"{name}@y.example", capacity=draw(st.none() | _seconds))
            for name in agents
        ),
        segments=tuple(
            d.Segment(name=name, agents=draw(chosen), sticky=draw(st.booleans()))
            for name in segments
        ),
        slas=tuple(
            d.Sla(
                name=name,
                match=f"tag:{name}",
                targets={"default": draw(targets), "low": draw(targets)},
            )
            for name in segments
        ),
        rules=(d.Rule(name="r", on="time", when=draw(_queries)),),
        alerts=d.Alerts(yellow=yellow, red=yellow + draw(_seconds)),
    )


_queries = st.sampled_from(["", "status:waiting age>7d", '"paper jam" OR -tag:"a b"'])
_titles = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=12
)


def _as_toml(desk: Definition) -> str:
    """desk.toml for a definition, from the printed keys of its tables."""
    parts = [("[desk]", desk.settings), ("[alerts]", desk.alerts)]
    lists = {"mailbox": desk.mailboxes, "agent": desk.agents, "segment": desk.segments}
    lists |= {"sla": desk.slas, "rule": desk.rules}
    parts += [(f"[[{name}]]", table) for name, tables in lists.items() for table in tables]
    lines = [
        line for title, table in parts for line in (title, *(" = ".join(k) for k in keys(table)))
    ]
    return "\n".join(lines)


@given(_definitions())
@settings(max_examples=60, deadline=None)
def test_a_printed_definition_is_read_as_the_same(desk: Definition) -> None:
    assert parse(_as_toml(desk)) == desk


@given(_definitions())
@settings(max_examples=60, deadline=None)
def test_a_definition_survives_the_database(desk: Definition) -> None:
    stored = msgspec.json.encode(desk)
    assert msgspec.convert(msgspec.json.decode(stored), Definition) == desk


_odd = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_file_with_anything_odd_anywhere_is_read_to_its_end(data: st.DataObject) -> None:
    """One value of a good file is replaced: there is an answer, and every problem has a path."""
    raw = tomllib.loads(WHOLE)
    place: Any = raw
    while True:
        key = data.draw(st.sampled_from(range(len(place)) if type(place) is list else list(place)))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(_odd)
    found: list[str] = []
    file = read_table(DeskFile, raw, "$", found)
    found += checks.problems(load._complete(file))
    assert all(problem.startswith("$.") and ": " in problem for problem in found)


def test_a_field_of_a_wrong_kind_is_named_beside_a_rule() -> None:
    with pytest.raises(Refused) as refused:
        parse(
            '[[field]]\non = "ticket"\nname = "x"\ntype = []\n[[rule]]\nname = "r"\non = "created"\nwhen = "cf.x:1"\n'
        )
    assert [line.partition(":")[0] for line in refused.value.problems] == ["$.field[0].type"]
