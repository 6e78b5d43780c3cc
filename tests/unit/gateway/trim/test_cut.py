"""What of an agent's mail may go to the customer, and when nothing may (I12)."""

import pytest

from gateway.intake.own_text import markers, notices
from gateway.trim.own_words import OwnText, own_words
from tests.support.growth import growth
from ticketctl.templating.render import MailTemplates
from ticketctl.templating.samples import samples

PUBLIC = ["It does not print.\nThe lamp is red and it makes a noise like an old coffee machine."]
INTERNAL = [
    "He is rude, be careful",
    "The contract of this customer ends in May, so do not promise him a new printer before June.",
]
ANSWER = "Please switch it off and on again."


def cut(text: str) -> OwnText:
    return own_words(text, markers=markers(), public=PUBLIC, internal=INTERNAL, notices=notices())


def notification(language: str = "en", event: str = "reply", text: str = PUBLIC[0]) -> str:
    data = samples("notification")[0] | {"event": event, "text": text}
    return MailTemplates().render("notification", language, data).text.strip()


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


@pytest.mark.parametrize("language", ["en", "es", "cs"])
@pytest.mark.parametrize("event", ["new", "reply", "comment", "bounce"])
def test_everything_from_our_notification_on_is_cut_I12(language: str, event: str) -> None:
    below = notification(language, event, INTERNAL[1])
    for text in (
        f"{ANSWER}\n\nOn Mon, 9 Mar 2026 at 09:10, Help <support@help.example> wrote:\n{quoted(below)}",
        f"{ANSWER}\n\n-- \nAnna\n\n________________________________\nFrom: Help <support@help.example>\n"
        f"Sent: Monday, 9 March 2026 09:10\nTo: Anna\nSubject: [Help #12] Printer\n\n{below}",
        f"{ANSWER}\n\n{below}",
        f"{ANSWER}\n\n-----Original Message-----\n{below}",
    ):
        assert cut(text) == OwnText(ANSWER, "")


def test_a_mail_without_any_quote_is_certain_I12() -> None:
    assert cut(f"{ANSWER}\n\nAnna") == OwnText(f"{ANSWER}\n\nAnna", "")


def test_the_customers_own_words_may_be_quoted_I12() -> None:
    lamp = "> The lamp is red and it makes a noise\n> like an old coffee machine."
    assert cut(f"{lamp}\n\n{ANSWER}\n\n> It does not print.\n\nSince when?").doubt == ""


@pytest.mark.parametrize(
    "text",
    [
        f"{ANSWER}\n\n{INTERNAL[0]}",
        f"{ANSWER}\n\n{INTERNAL[1]}",
        f"{ANSWER} do not promise him a new\nprinter before June, they said.",
        f"{ANSWER}\n> do not promise\n\n{ANSWER}",
        f"> He is rude\nReally?\n> something else\n{ANSWER}",
        f"{ANSWER}\n\nticketctl take 99\nticketctl reply 99",
        f"{ANSWER}\n\nFor an internal comment write to: support+c12.abcdefghijklmnop@help.example",
        f"{ANSWER}\n\nsupport+t12.abcdefghijklmnop@help.example",
        quoted(notification()),
        notification(),
        f"{quoted(notification())}\n\n{ANSWER}",
        f"{ANSWER}\n\n{quoted(notification())}\n\nAnd one thing more.",
    ],
    ids=[
        *("comment", "long comment", "part of a comment", "quoted words", "quoted comment"),
        *("our hints", "comment address", "token", "only quotes", "only our text"),
        *("below", "above and below"),
    ],
)
def test_where_the_cut_is_uncertain_there_is_a_doubt_I12(text: str) -> None:
    assert cut(text).doubt


@pytest.mark.parametrize(
    "mark", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u0301", "\u034f"]
)
def test_invisible_characters_hide_no_internal_word_I12(mark: str) -> None:
    hidden = mark.join(INTERNAL[0])
    assert cut(f"{ANSWER}\n\n{hidden}").doubt
    assert cut(f"{ANSWER} {mark.join('do not promise him a new printer before June')}").doubt
    assert cut(f"{ANSWER}\n\nsupport+t12.abcd{mark}efghijklmnop@help.example").doubt
    own = own_words(f"{ANSWER}\n\n{INTERNAL[0]}", markers=markers(), public=[], internal=[hidden])
    assert own.doubt


@pytest.mark.parametrize(
    ("comment", "line", "doubt"),
    [
        ("Fraudster", "FRAUDSTER!", True),
        ("  fraudster.\n", "> Fraudster", True),
        ("Straße", "STRASSE", True),
        ("Vorsicht:\nlügt oft", "Vorsicht lu\u0308gt   oft", True),
        ("He lies.\nAll day.", "He lies.\n\nAll day.", True),
        ("ｆｒａｕｄster", "fraudster", True),
        ("Fraudster", "You are no fraudster, I hope.", False),
        ("Anna", "Anna", False),
        ("!?", "!?", False),
        ("printing", "It does not print.", False),
        ("It does not print", "It does not print.", False),
    ],
)
def test_a_whole_comment_as_a_line_of_its_own_is_a_doubt_I12(
    comment: str, line: str, doubt: bool
) -> None:
    text = f"{ANSWER}\n\n{line}\n\nAnna"
    own = own_words(text, markers=markers(), public=PUBLIC, internal=["other", comment])
    assert bool(own.doubt) is doubt


def test_an_internal_word_that_the_customer_knows_is_not_internal_I12() -> None:
    own = own_words(ANSWER, markers=markers(), public=[ANSWER], internal=[f"told him: {ANSWER}"])
    assert own.doubt == ""


@pytest.mark.parametrize("piece", ["> ", "On ", "! word ", "a@b ", "> a\n", "On Mon, Ana wrote:\n"])
def test_a_hostile_mail_is_cut_in_linear_time_I11(piece: str) -> None:
    assert growth(lambda size: cut(piece * (size // len(piece))), 40_000) < 8
