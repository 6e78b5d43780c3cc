"""Who gets a ticket: by hand, by routing, and who may."""

from typing import Any

import pytest

from tests.support.outside import CARL, DORA, Outside

TEAM = """
[desk]
name = "Help"
domain = "help.example"

[[mailbox]]
address = "support@help.example"
segment = "support"

[[agent]]
name = "root"
email = "root@help.example"
role = "admin"

[[agent]]
name = "ana"
email = "ana@help.example"
{ana}

[[agent]]
name = "ben"
email = "ben@help.example"
{ben}

[[agent]]
name = "cid"
email = "cid@help.example"
{cid}

[[agent]]
name = "ida"
email = "ida@help.example"

[[segment]]
name = "support"
agents = ["ana", "ben", "cid"]
{routing}

[[segment]]
name = "billing"
managers = ["ida"]
"""


def team(outside: Outside, routing: str, **agents: str) -> None:
    """Ana, Ben and Cid in support with this routing, and further keys of theirs."""
    keys: dict[str, Any] = {"ana": "", "ben": "", "cid": "", "routing": routing} | agents
    outside.apply(base=TEAM.format(**keys))


def owners(outside: Outside) -> list[str | None]:
    """The owners of all tickets, oldest ticket first."""
    return [one["owner"] for one in outside.data("list", "--sort", "id")]


def test_F_T1_a_ticket_starts_with_no_owner(outside: Outside) -> None:
    """A plain mail is nobody's."""
    outside.mail()
    assert outside.ticket()["owner"] is None


def test_F_T2_what_nobody_handles_is_found_and_assigned(outside: Outside) -> None:
    """`list --owner none`, and the backlog counts it until somebody has it."""
    outside.mail()
    assert outside.ids("list", "--owner", "none") == [1]
    report = outside.data("report", "backlog", "--period", "2026-03-09", "--as-of", "now")
    assert report["total"]["figures"]["unassigned"] == 1
    outside.run("assign", "1", "ana", "-m", "yours")
    assert outside.ids("list", "--owner", "none") == []
    assert outside.ticket()["owner"] == "ana"


@pytest.mark.parametrize(("strict", "code"), [("true", 4), ("false", 0)])
def test_F_T3_the_owner_answers_for_the_end_of_a_ticket(
    outside: Outside, strict: str, code: int
) -> None:
    """In a strict desk another agent may neither close nor escalate; the owner may."""
    team(outside, "")
    text = (outside.home / "desk.toml").read_text()
    outside.apply(base=text.replace("[desk]", f"[desk]\nstrict_owner = {strict}"))
    for sender in (CARL, DORA):
        outside.mail(sender=sender)
    outside.run("assign", "1-2", "ana", "-m", "x")
    outside.become("ben")
    outside.run("escalate", "1", "-m", "x", code=code)
    outside.run("close", "1", "-m", "x", code=code)
    outside.become("ana")
    outside.run("close", "2", "-m", "x")


def test_F_T8_tickets_are_assigned_by_hand_as_they_come(outside: Outside) -> None:
    """Three at once: an event and a notification each."""
    for name in "abc":
        outside.mail(sender=f"{name}@x.example")
    before = len(outside.outbox("notification", to="ana@help.example"))
    outside.run("assign", "1", "2", "3", "ana", "-m", "x")
    assert owners(outside) == ["ana"] * 3
    assert [len(outside.events(n, "assigned")) for n in (1, 2, 3)] == [1, 1, 1]
    told = outside.outbox("notification", to="ana@help.example")[before:]
    assert sorted(one["ticket"] for one in told) == [1, 2, 3]


def test_F_T9_tickets_are_given_out_in_turn(outside: Outside) -> None:
    """Six mails, three agents: two each."""
    team(outside, 'routing = "round-robin"')
    for number in range(6):
        outside.mail(sender=f"c{number}@x.example")
    assert sorted(map(str, owners(outside))) == ["ana", "ana", "ben", "ben", "cid", "cid"]


def test_F_T10_the_agent_with_the_fewest_open_tickets_is_next(outside: Outside) -> None:
    """Waiting tickets do not count; with everybody at the limit a ticket stays unassigned, and says why."""
    three = "capacity = 3"
    team(outside, 'routing = "load"', ana=three, ben=three, cid=three)
    for owner in ("ana", "ana", "ana", "ben", "ben", "cid", "cid"):
        outside.new("--owner", owner)
    outside.run("wait", "4", "-m", "for the part")
    outside.mail()
    assert owners(outside)[-1] == "ben"
    for number in range(3):
        outside.mail(sender=f"c{number}@x.example")
    assert owners(outside)[-1] is None
    (why,) = outside.events(11, "unassigned")
    assert "ben is full" in why["comment"]


def test_F_T11_only_who_has_the_skill_gets_the_ticket(outside: Outside) -> None:
    """The Czech ticket goes to who speaks Czech; without such an agent nobody gets it, and it says why."""
    types = '\n[[type]]\nname = "czech"\nskills = ["lang:cs"]\n'
    for skills, owner in (('skills = ["lang:cs"]', "cid"), ("", None)):
        team(outside, 'routing = "skill"', cid=skills)
        outside.apply(types, base=(outside.home / "desk.toml").read_text())
        number = outside.new("--type", "czech", customer=f"{owner}@x.example")
        assert outside.ticket(number)["owner"] == owner
    (why,) = outside.events(number, "unassigned")
    assert "lang:cs" in why["comment"]


def test_F_T13_who_is_away_is_never_chosen(outside: Outside) -> None:
    """Away, off duty and on leave: no ticket; back again: chosen."""
    night = '\n[[calendar]]\nname = "night"\ntimezone = "UTC"\nhours = { mon = ["20:00-24:00"] }\n'
    leave = 'absences = ["2026-03-01..2026-03-20"]'
    team(outside, 'routing = "load"' + night, ben='hours = "night"', cid=leave)
    outside.mail()
    outside.run("agent", "away", "ana", "-m", "ill")
    outside.mail(sender=DORA)
    outside.run("agent", "back", "ana")
    outside.mail(sender="eve@x.example")
    assert owners(outside) == ["ana", None, "ana"]


def test_F_T14_the_agent_who_helped_before_comes_first(outside: Outside) -> None:
    """The customer's earlier agent is chosen although others have less to do, unless away."""
    team(outside, 'routing = "load"\nsticky = true')
    outside.new("--owner", "cid", customer="other@x.example")
    outside.new("--owner", "cid")
    outside.mail(Subject="Again")
    assert owners(outside)[-1] == "cid"
    outside.run("agent", "away", "cid", "-m", "ill")
    outside.mail(Subject="And again")
    assert owners(outside)[-1] in ("ana", "ben")


def test_F_Q22_owners_are_people_of_the_segment(outside: Outside) -> None:
    """Anybody else is refused with 6; only an admin can force it."""
    outside.mail()
    outside.become("eva")
    outside.run("assign", "1", "ida", "-m", "x", code=6)
    outside.run("assign", "1", "ida", "-m", "x", "--force", code=6)
    outside.become("root")
    outside.run("assign", "1", "ida", "-m", "x", "--force")
    assert outside.ticket()["owner"] == "ida"


def test_F_Q23_a_ticket_that_nobody_owns_is_taken_once(outside: Outside) -> None:
    """The second agent gets 5, and takes it over only with --steal."""
    outside.mail()
    outside.become("ana")
    outside.run("assign", "1", "@me", "-m", "mine")
    outside.become("ben")
    outside.run("take", "1", "-m", "mine", code=5)
    assert outside.ticket()["owner"] == "ana"
    outside.run("take", "1", "-m", "mine", "--steal")
    assert outside.ticket()["owner"] == "ben"


def test_F_Q34_the_sole_manager_of_a_segment_gets_its_tickets(outside: Outside) -> None:
    """On creation and on a move, and history says why; not where there are two, nor where an owner is given."""
    outside.mail(to="billing@help.example")
    assert outside.ticket()["owner"] == "ida"
    moved = outside.new("--segment", "support")
    assert outside.ticket(moved)["owner"] is None
    outside.run("edit", str(moved), "--segment", "billing", "-m", "x")
    assert outside.ticket(moved)["owner"] == "ida"
    assert outside.events(moved, "assigned")[-1]["comment"] == "sole manager"
    given = outside.new("--segment", "billing", "--owner", "ida")
    assert outside.events(given, "assigned")[-1]["comment"] != "sole manager"
