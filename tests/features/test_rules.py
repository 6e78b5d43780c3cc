"""Rules of one's own: what is watched for, what happens, and what surveys lead to."""

from tests.support.outside import DORA, Outside

SURVEYS = """
[[survey]]
name = "csat"
scale = "1-5"
delay = "1h"

[[survey]]
name = "shop"
scale = "0-10"
delay = "1h"
"""
RATED = """
[[rule]]
name = "angry"
on = "survey"
when = "rating<=2"
then = ["ticket:call back"]
"""
WORDS = """
[[rule]]
name = "refund words"
on = "message"
when = "subject:refund"
then = ["type:billing"]
otherwise = ["tag:other"]
"""
OFF = '[[rule]]\nname = "detractor"\non = "survey"\nenabled = false\n'


def test_F_Q3_tickets_follow_criteria_of_ones_own(outside: Outside) -> None:
    """A bad rating opens a linked ticket; words of the subject set the type; time that passes counts too."""
    late = '[[rule]]\nname = "late"\non = "time"\nwhen = "age>2d"\nthen = ["priority:high"]\n'
    outside.apply(SURVEYS + RATED + WORDS + OFF + late)
    outside.mail(Subject="refund please")
    assert outside.ticket()["type"] == "billing"
    outside.run("survey", "answer", "1", "2")
    assert [one["ticket"] for one in outside.ticket()["links"]] == [2]
    outside.at("2026-03-12T08:00:00Z")
    outside.run("rule", "run")
    assert outside.ticket()["priority"] == "high"


def test_F_Q4_an_alert_is_switched_off_and_on(outside: Outside) -> None:
    """Off it has no effect, on it has, and `rule list` says which."""
    for enabled, found in (("false", None), ("true", "billing")):
        outside.apply(WORDS + f"enabled = {enabled}\n")
        outside.mail(Subject="refund please")
        newest = max(outside.ids("list"))
        assert outside.ticket(newest)["type"] == found
        (row,) = [one for one in outside.data("rule", "list") if one["name"] == "refund words"]
        assert row["enabled"] is (enabled == "true")


def test_F_Q6_a_new_alert_fires_on_the_next_event(outside: Outside) -> None:
    """`rule test` tries it on a ticket and changes nothing."""
    outside.mail(Subject="refund please")
    outside.apply(WORDS)
    before = outside.ticket()
    tried = outside.data("rule", "test", "refund words", "--ticket", "1")
    assert (tried["fits"], tried["would_do"]) == (True, ["type billing"])
    assert outside.ticket() == before
    outside.mail(Subject="refund please", sender=DORA)
    assert outside.ticket(2)["type"] == "billing"


def test_F_Q7_a_rule_has_steps_for_both_cases(outside: Outside) -> None:
    """One mail that fits and one that does not: each branch once, both in the log."""
    outside.apply(WORDS)
    outside.mail(Subject="refund please")
    outside.mail(Subject="hello", sender=DORA)
    log = {one["ticket"]: (one["branch"], one["did"]) for one in outside.data("rule", "log")}
    assert log == {1: ("then", ["type billing"]), 2: ("otherwise", ["tag other"])}
    assert (outside.ticket(1)["tags"], outside.ticket(2)["tags"]) == ([], ["other"])


def test_F_Q8_named_criteria_are_saved_and_come_back(outside: Outside) -> None:
    """What `desk show` writes out brings the rule back, and so does `desk rollback`."""
    outside.apply(WORDS)
    saved = outside.run("desk", "show")
    outside.apply()
    outside.mail(Subject="refund please")
    outside.run("apply", outside.file("saved.toml", saved), "-y")
    outside.mail(Subject="refund please", sender=DORA)
    assert [outside.ticket(n)["type"] for n in (1, 2)] == [None, "billing"]
    outside.apply()
    outside.run("desk", "rollback", "2", "-y")
    assert "refund words" in [one["name"] for one in outside.data("rule", "list")]


def test_F_Q9_an_answer_counts_once(outside: Outside) -> None:
    """The same answer, delivered again, opens no second ticket."""
    outside.apply(SURVEYS)
    line = '{"survey": "csat", "customer": {"email": "ana@x.example"}, "rating": 1, "id": "a1"}\n'
    for name in ("first.jsonl", "again.jsonl"):
        path = outside.file(name, line)
        outside.run("gateway", "ingest", "-q", "--channel", "form", path)
    assert outside.ids("list") == [1]


def test_F_Q27_what_the_customer_wrote_with_an_answer_is_kept(outside: Outside) -> None:
    """Whole in JSON and cut in the table; empty without one."""
    outside.apply(SURVEYS)
    words = "Nobody called me back although I asked for it three times in one single week."
    outside.run("survey", "add", "csat", "1", "--customer", "ana@x.example", "-m", words)
    outside.mail(sender=DORA)
    assert outside.ticket(1)["customer_comment"] == words
    assert outside.ticket(2)["customer_comment"] is None
    table = outside.see("list", "--columns", "id,customer_comment", width=60)
    assert "CUSTOMER COMMENT" in table or "CUSTOMER_COMMENT" in table
    assert "Nobody called" in table and words not in table


def test_F_Q38_a_rule_is_limited_to_one_of_two_surveys(outside: Outside) -> None:
    """`survey:shop` in a rule heeds answers to that survey alone."""
    rule = RATED.replace("rating<=2", "survey:shop rating<=2")
    outside.apply(SURVEYS + OFF + rule)
    assert [one["name"] for one in outside.data("survey", "list")] == ["csat", "shop"]
    outside.run("survey", "add", "csat", "1", "--customer", "ana@x.example")
    assert outside.ids("list") == []
    outside.run("survey", "add", "shop", "1", "--customer", "ana@x.example")
    assert outside.ids("list") == [1]


def test_F_Q39_a_report_says_how_many_came_back_happy(outside: Outside) -> None:
    """Two detractors, of whom one later gives 5: a half."""
    outside.apply(SURVEYS)
    for day, customer, rating in (("10", "a", "1"), ("10", "b", "2"), ("12", "a", "5")):
        words = ("--customer", f"{customer}@x.example", "--at", f"2026-03-{day}T08:00:00Z")
        outside.at(f"2026-03-{day}T08:00:00Z")
        outside.run("survey", "add", "csat", rating, *words)
    outside.at("2026-04-01T08:00:00Z")
    report = outside.data("report", "recovery", "--period", "2026-03")
    figures = report["total"]["figures"]
    assert (figures["detractors"], figures["recovered_rate"]) == (2, 0.5)


def test_F_T12_a_type_decides_the_segment(outside: Outside) -> None:
    """A ticket of the type billing goes to the segment billing."""
    outside.apply('\n[[type]]\nname = "billing"\nsegment = "billing"\n' + WORDS)
    outside.mail(Subject="refund please")
    assert outside.ticket()["segment"] == "billing"
    by_hand = outside.new("--type", "billing", customer="dora@x.example")
    assert outside.ticket(by_hand)["segment"] == "billing"
