"""Texts that are written once and used often."""

from tests.support.outside import Outside


def test_F_T16_a_ticket_is_made_from_a_template(outside: Outside) -> None:
    """Its subject, priority, tag, field and text fill what no option gives; a reply has its own."""
    words = (
        "--subject",
        "Refund",
        "--priority",
        "high",
        "--tag",
        "money",
        "--set",
        "reason=refund",
    )
    outside.run("canned", "add", "refund", "--kind", "ticket", *words, "-m", "asked for a refund")
    outside.run("new", "--customer", "carl@customer.example", "--canned", "refund", "-m", "x")
    shown = outside.ticket()
    assert (shown["subject"], shown["priority"], shown["tags"]) == ("Refund", "high", ["money"])
    assert shown["fields"] == {"reason": "refund"}
    outside.run("canned", "add", "ok", "-m", "Dear {{ customer_name }}, it is done.")
    outside.mail()
    outside.run("reply", "2", "--canned", "ok")
    assert "Dear Carl, it is done." in outside.text(outside.outbox("reply")[0])


def test_F_T17_words_are_replaced_in_texts_of_ours(outside: Outside) -> None:
    """A dry run lists, the real run changes canned replies and fields, undo brings back; messages stay."""
    outside.apply('\n[[field]]\non = "ticket"\nname = "shop"\n')
    outside.run("canned", "add", "where", "-m", "Our shop is in Old Street.")
    outside.mail("Are you in Old Street?")
    outside.run("edit", "1", "--set", "shop=Old Street", "-m", "x")

    def texts() -> tuple[str, str]:
        return outside.data("canned", "show", "where")["text"], outside.ticket()["fields"]["shop"]

    old = texts()
    assert len(outside.data("canned", "replace", "Old Street", "New Street", "--dry-run")) == 2
    assert texts() == old
    outside.run("canned", "replace", "Old Street", "New Street", "-y")
    assert texts() == ("Our shop is in New Street.", "New Street")
    assert outside.ticket()["messages"][0]["text"] == "Are you in Old Street?"
    outside.run("undo", "-y")
    assert texts() == old
