"""What is answered and how well: who is told, texts that are found again, ratings by mail."""

from tests.support.outside import CARL, DORA, Outside

CARL_ONLY = "carl@customer.example"
SURVEY = '\n[[survey]]\nname = "csat"\nscale = "1-5"\ndelay = "24h"\n'
NPS = '\n[[survey]]\nname = "nps"\nscale = "0-10"\ndelay = "24h"\n'


def test_F_C5_the_share_of_answered_requests_is_reported(outside: Outside) -> None:
    """Two of three: 0.6667, and the third is named."""
    for name in "abc":
        outside.mail(sender=f"{name}@x.example")
    outside.run("reply", "1", "2", "-m", "Is it on?")
    outside.at("2026-03-10T08:00:00Z")
    report = outside.data("report", "coverage", "--period", "2026-03-09")
    assert report["total"]["figures"]["answered_rate"] == 0.6667
    assert [one["ticket"] for one in report["rows"]] == [3]
    assert outside.ids("list", "awaiting:agent") == [3]


def test_F_C8_both_sides_are_mailed(outside: Outside) -> None:
    """A mail of the customer's tells the owner, an answer goes to the customer; each once."""
    first = outside.mail()
    outside.run("assign", "1", "ana", "-m", "x", "--no-notify")
    before = len(outside.outbox())
    outside.mail("It still does not.", In_Reply_To=first)
    assert [one["to"] for one in outside.outbox()[before:]] == [["ana@help.example"]]
    outside.become("ana")
    outside.run("reply", "1", "-m", "Is it on?")
    assert [one["to"] for one in outside.outbox()[before + 1 :]] == [[CARL_ONLY]]


def test_F_C11_satisfaction_is_asked_once_and_read_from_the_answer(outside: Outside) -> None:
    """After the delay one mail; its answer is the rating; no second mail."""
    outside.apply(SURVEY)
    outside.mail()
    outside.run("resolve", "1", "-m", "done")
    outside.run("survey", "send")
    assert outside.outbox("survey") == []
    outside.at("2026-03-10T08:00:01Z")
    outside.run("survey", "send")
    (row,) = outside.outbox("survey")
    asked = outside.sent(row)
    answer_to = str(asked["Reply-To"]).rpartition("<")[2].rstrip(">")
    subject = f"Re: {asked['Subject']}"
    outside.mail("4", to=answer_to, In_Reply_To=str(asked["Message-ID"]), Subject=subject)
    assert outside.ticket()["csat"]["rating"] == 4
    assert outside.ticket()["status"] == "resolved"
    outside.at("2026-03-20T08:00:00Z")
    outside.run("survey", "send")
    assert len(outside.outbox("survey")) == 1


def test_F_C13_an_answer_is_found_again_and_shared(outside: Outside) -> None:
    """Search finds last year's; a canned reply is made of it, and sent as it reads."""
    outside.mail("Where is my money?", Subject="Order 7")
    outside.run("reply", "1", "-m", "We refund within three days.")
    outside.at("2027-03-09T08:00:00Z")
    assert outside.ids("search", "refund") == [1]
    outside.run("canned", "add", "refund-ok", "--from-message", "1/2")
    outside.mail("And mine?", sender=DORA)
    outside.become("ben")
    outside.run("reply", "2", "--canned", "refund-ok")
    text = outside.data("canned", "test", "refund-ok", "--ticket", "2")["text"]
    assert outside.ticket(2)["messages"][-1]["text"] == text == "We refund within three days."


def test_F_L3_the_customer_has_an_answer_at_once(outside: Outside) -> None:
    """The acknowledgement leaves with the ticket, names its number and speaks the customer's language."""
    outside.mail("Hola, mi pedido no ha llegado todavía. ¿Dónde está?")
    (ack,) = outside.outbox("ack")
    assert ack["to"] == [CARL_ONLY]
    text = outside.text(ack)
    assert "#1]" in text and "Gracias por" in text
    groups = {one["type"]: one["group"] for one in outside.events()}
    assert groups["ack"] == groups["created"]


def test_F_L4_the_customer_can_follow_their_query(outside: Outside) -> None:
    """`status #1` from the requester is answered; a stranger learns as little as of a number there is not."""
    outside.mail(sender=CARL)
    outside.run("assign", "1", "ana", "-m", "x")
    before = len(outside.outbox())
    outside.mail("", Subject="status #1")
    (ours,) = outside.outbox(to=CARL_ONLY)[1:]
    assert "Ana" in outside.text(ours) and len(outside.outbox()) == before + 1
    texts = []
    for number in ("1", "99"):
        outside.mail("", sender=f"s{number}@x.example", Subject=f"status #{number}")
        (row,) = outside.outbox(to=f"s{number}@x.example")
        texts.append(outside.text(row).replace(f"#{number}", "#N"))
    assert texts[0] == texts[1] and "Ana" not in texts[0]


def test_F_L7_a_customer_who_has_no_address_is_not_answered_by_mail(outside: Outside) -> None:
    """The reply to a call says why it cannot be sent, and nothing is kept."""
    number = outside.new("--channel", "phone", customer="+34600112233")
    outside.run("reply", str(number), "-m", "Is it on?", code=6)
    assert "address" in outside.errors
    assert outside.ticket(number)["messages"] == []


def test_F_L10_good_answers_are_suggested(outside: Outside) -> None:
    """Those for the type of the ticket first, then those with its words."""
    outside.run("canned", "add", "hello", "-m", "Hello.")
    outside.run(
        "canned", "add", "printer", "-m", "Turn the printer on; it does not print otherwise."
    )
    outside.run("canned", "add", "bill", "--type", "billing", "-m", "The bill is attached.")
    outside.mail()
    outside.run("edit", "1", "--type", "billing", "-m", "x")
    names = [one["name"] for one in outside.data("canned", "suggest", "1")]
    assert names[:2] == ["bill", "printer"]


def test_F_Q5_there_is_a_rule_for_detractors_from_the_start(outside: Outside) -> None:
    """6 of 10 opens a ticket and 7 does not; 2 of 5 does and 3 does not; a rule of that name replaces it."""
    outside.apply(SURVEY + NPS)
    assert [one["name"] for one in outside.data("rule", "list")] == ["detractor"]
    for survey, rating in (("nps", "7"), ("csat", "3"), ("nps", "6"), ("csat", "2")):
        who = f"{survey}{rating}@x.example"
        outside.run("survey", "add", survey, rating, "--customer", who)
    found = {one["customer"]["email"] for one in outside.data("list")}
    assert found == {"nps6@x.example", "csat2@x.example"}
    outside.apply(
        NPS + '[[rule]]\nname = "detractor"\non = "survey"\nwhen = "nps<=3"\nthen = ["ticket:x"]\n'
    )
    outside.run("survey", "add", "nps", "6", "--customer", "later@x.example")
    assert len(outside.ids("list")) == 2


def test_F_Q18_the_answer_that_opened_a_ticket_is_shown(outside: Outside) -> None:
    """The ticket has its number; `show --response` prints score and comment."""
    outside.apply(SURVEY)
    outside.run("survey", "add", "csat", "1", "--customer", "a@x.example", "-m", "Nobody called.")
    assert outside.ticket()["response_id"] is not None
    page = outside.run("show", "1", "--response")
    assert "1" in page and "Nobody called." in page


def test_F_Q10_tickets_of_another_workspace_never_show(outside: Outside) -> None:
    """A profile has a database of its own."""
    outside.mail()
    config = outside.home / ".config" / "ticketctl" / "config.toml"
    config.write_text(f'[profile.shop.db]\nurl = "sqlite:///{outside.home}/shop.db"\n')
    outside.run("--profile", "shop", "db", "init")
    assert outside.ids("--profile", "shop", "list") == []
    assert outside.ids("list") == [1]
