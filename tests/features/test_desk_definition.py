"""What admins do with the definition: switch rules, compare versions, name the owner of a segment, start a survey."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.customers import absence
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.cli.main import run
from ticketctl.domain.definition.definition import Definition
from ticketctl.domain.loading.load import parse
from ticketctl.domain.loading.switch_rule import switched
from ticketctl.domain.rules import rules
from ticketctl.errors import Refused
from ticketctl.store.db.database import Database
from ticketctl.store.desk import definitions

ADMIN = """
[desk]
domain = "help.example"
[[agent]]
name = "ana"
email = "ana@x.example"
role = "admin"
login = "ana"
[[agent]]
name = "ben"
email = "ben@x.example"
login = "ben"
[[segment]]
name = "support"
agents = ["ana", "ben"]
"""
RULE = """
[[rule]]  # what pays
name = "refund words"
on = "message"
when = "subject:refund"
then = ["type:billing"]
"""


@pytest.fixture
def desk(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk of the admin Ana and the agent Ben, as Ana; its desk.toml."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    file = home / "desk.toml"
    file.write_text(ADMIN + RULE)
    assert run(["apply", str(file), "-q"]) == 0
    return file


def said(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run([*args]) == code, capsys.readouterr().err
    shown = capsys.readouterr()
    return shown.out if code in (0, 10) else shown.err


def enabled(capsys: pytest.CaptureFixture[str]) -> dict[str, bool]:
    """Whether each rule is enabled, as `rule list` says."""
    listed: list[dict[str, Any]] = json.loads(said(capsys, "rule", "list", "--json"))
    return {one["name"]: one["enabled"] for one in listed}


def test_a_rule_is_switched_off_and_on_by_name_F_Q4(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is a version of the desk; `desk show` has it, with every other letter as it was."""
    said(capsys, "rule", "off", "refund words")
    assert enabled(capsys) == {"refund words": False, "detractor": True}
    assert said(capsys, "desk", "show") == ADMIN + RULE + "enabled = false\n"
    said(capsys, "rule", "on", "refund words")
    assert said(capsys, "desk", "show") == ADMIN + RULE + "enabled = true\n"
    assert len(json.loads(said(capsys, "desk", "history", "--json"))) == 3
    assert "already on" in (run(["rule", "on", "refund words"]), capsys.readouterr().err)[1]
    assert len(json.loads(said(capsys, "desk", "history", "--json"))) == 3


def test_the_built_in_rule_is_switched_too_F_Q4(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`detractor` stands in no file: it is written into it when it is switched."""
    said(capsys, "rule", "off", "detractor")
    assert enabled(capsys) == {"refund words": True, "detractor": False}
    said(capsys, "rule", "on", "detractor")
    assert enabled(capsys) == {"refund words": True, "detractor": True}


def test_a_desk_without_a_file_has_rules_to_switch_F_Q4(
    home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is applied, the default desk becomes the first version."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    said(capsys, "rule", "off", "detractor")
    assert enabled(capsys) == {"detractor": False}
    assert "No desk.toml has been applied" not in said(capsys, "desk", "show")


def test_only_admins_switch_rules_that_exist_F_Q4(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 3 with the names for an unknown rule, 4 for an agent."""
    assert '"refund words", "detractor"' in said(capsys, "rule", "off", "refunds", code=3)
    monkeypatch.setenv("TICKETCTL_AGENT", "ben")
    assert "only admins" in said(capsys, "rule", "off", "refund words", code=4)


@pytest.mark.parametrize(
    "text",
    [
        RULE,
        RULE.replace("then", "  enabled   =   true # for now\nthen"),
        RULE.replace("\n", "\r\n"),
        "[[rule]]\nname='a'\non='time'\nthen=[\n  'tag:x',\n]\n" + RULE,
        RULE + "# enabled = true\n[[type]]\nname='billing'\nsnippet='''\n[[rule]]\n'''\n",
        '[["rule"]]\nname = "refund words"\non = "message"\nthen = ["tag:a"]\n"enabled" = true',
    ],
)
def test_the_text_of_a_rule_changes_in_one_line_F_Q4(text: str) -> None:
    """Comments, order, line ends and other rules stay."""
    definition = parse(text)
    rule = rules.named(definition, "refund words")
    assert rule is not None
    off = switched(text, rule, False)
    assert [one.enabled for one in parse(off).rules if one.name == "refund words"] == [False]
    assert [one for one in parse(off).rules if one.name != "refund words"] == [
        one for one in definition.rules if one.name != "refund words"
    ]
    old, new = text.splitlines(), off.splitlines()
    assert len([line for line in old if line not in new]) <= 1
    assert len([line for line in new if line not in old]) == 1


def test_a_rule_in_a_list_of_tables_is_left_to_its_author_F_Q4() -> None:
    """Where no line can be changed safely, the error says what to write."""
    text = 'rule = [{ name = "a", on = "time", then = ["tag:x"] }]\n'
    rule = rules.named(parse(text), "a")
    assert rule is not None
    with pytest.raises(Refused, match=r"write `enabled = false` into it and run `ticketctl apply`"):
        switched(text, rule, False)


def test_two_versions_are_compared_F_Q8(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`desk diff` shows what a version changed, either way round, and exits with 10 if asked."""
    said(capsys, "rule", "off", "refund words")
    forward = said(capsys, "desk", "diff", "1", "2").splitlines()
    assert forward[0].startswith("--- version 1, ")
    assert forward[1].startswith("+++ version 2, ")
    assert forward[1].endswith(", ana")
    assert forward[2:] == ["  [[rule]] refund words", "-   enabled = true", "+   enabled = false"]
    assert said(capsys, "desk", "diff").splitlines() == forward
    assert said(capsys, "desk", "diff", "1").splitlines() == forward
    assert "+   enabled = true" in said(capsys, "desk", "diff", "2", "1")
    assert said(capsys, "desk", "diff", "1", "1") == ""
    said(capsys, "desk", "diff", "1", "2", "--exit-status", code=10)
    said(capsys, "desk", "diff", "1", "1", "--exit-status")
    assert "no version 7" in said(capsys, "desk", "diff", "7", code=3)


def test_a_file_is_compared_with_the_version_in_force_F_Q8(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before `apply`, with what would come; JSON has the same lines."""
    assert said(capsys, "desk", "diff", str(desk)) == ""
    desk.write_text(desk.read_text().replace('"subject:refund"', '"subject:invoice"'))
    shown = said(capsys, "desk", "diff", str(desk)).splitlines()
    assert shown[1:] == [
        f"+++ {desk}",
        "  [[rule]] refund words",
        '-   when = "subject:refund"',
        '+   when = "subject:invoice"',
    ]
    found = json.loads(said(capsys, "desk", "diff", str(desk), "--json"))
    assert (found["new"], found["lines"]) == (str(desk), shown[2:])
    assert "cannot be read" in said(capsys, "desk", "diff", "absent.toml", code=2)
    desk.write_text("[desk]\nnam = 1\n")
    assert "$.desk.nam" in said(capsys, "desk", "diff", str(desk), code=6)


OWNED = DESK.replace('agents = ["ana", "ben"]', 'agents = ["ana", "ben"]\nowner = "ben"')


def test_the_owner_of_a_segment_gets_its_new_tickets_F_Q34(helpdesk: DeskFixture) -> None:
    """By mail, by a move, and not if somebody is named or away."""
    helpdesk.apply(OWNED)
    number = helpdesk.open()
    assert helpdesk.ticket(number).owner == "ben"
    (line,) = helpdesk.events(number, "assigned")
    assert (line.new, line.comment) == ("ben", "owner of the segment")

    moved = helpdesk.open(mailbox="billing@help.example")
    assert helpdesk.ticket(moved).owner == "ida"
    to_support = TicketChanges(segment="support")
    helpdesk.do(lambda w: edit(w, moved, to_support, comment="x"), "root", "admin")
    assert helpdesk.ticket(moved).owner == "ben"
    named = helpdesk.open(mailbox="billing@help.example")
    to_ana = TicketChanges(segment="support", owner="ana")
    helpdesk.do(lambda w: edit(w, named, to_ana, comment="x"), "root", "admin")
    assert helpdesk.ticket(named).owner == "ana"

    helpdesk.do(lambda w: absence.away(w, "ben", None, ""), "ben")
    late = helpdesk.open()
    assert helpdesk.ticket(late).owner is None
    (line,) = helpdesk.events(late, "unassigned")
    assert str(line.comment).startswith(
        "no agent is available: ben, the owner of the segment, is away"
    )


def test_routing_comes_before_the_owner_of_a_segment_F_Q34(helpdesk: DeskFixture) -> None:
    """A segment with routing gives nothing to its owner by name."""
    helpdesk.apply(OWNED.replace('owner = "ben"', 'owner = "ben"\nrouting = "round-robin"'))
    owners = [helpdesk.ticket(helpdesk.open()).owner for _ in range(2)]
    assert sorted(map(str, owners)) == ["ana", "ben"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("zoe", r'\$.segment\[0\].owner: no agent "zoe"'),
        ("ida", r"\$.segment\[0\].owner: ida is not among its managers and agents: eva, root, ana"),
    ],
)
def test_the_owner_of_a_segment_may_own_its_tickets_F_Q22(name: str, problem: str) -> None:
    """An unknown agent, or one of another segment, is refused with the path."""
    with pytest.raises(Refused, match=problem):
        parse(OWNED.replace('owner = "ben"', f'owner = "{name}"'))


def test_init_writes_a_survey_F_C11(
    home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`init --survey` makes a desk that asks; where a desk.toml exists, it says what to add."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    assert run(["init", "--survey"]) == 0
    (survey,) = _definition(sqlite_url).surveys
    assert (survey.name, survey.scale, survey.delay) == ("csat", "1-5", 86_400)
    assert "No survey" not in capsys.readouterr().err


def test_init_adds_no_survey_to_a_desk_that_exists_F_C11(
    home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without `--survey` there is none; a second `init --survey` keeps the file and says so."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    assert run(["init"]) == 0
    assert run(["init", "--survey"]) == 0
    assert _definition(sqlite_url).surveys == ()
    assert "add a [[survey]] table" in capsys.readouterr().err


def _definition(url: str) -> Definition:
    db = Database(url)
    try:
        with db.read() as tx:
            return definitions.current(tx)
    finally:
        db.dispose()
