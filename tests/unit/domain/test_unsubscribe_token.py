"""The signed word by which people unsubscribe: for one recipient of one mail, and nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.optional_mail import OPTIONAL, REPORTS, SURVEYS
from ticketctl.domain.base.signed_addresses import parse_unsubscribe, unsubscribe_holds

KEY, OTHER_DESK = b"k" * 32, b"o" * 32
LEA = "lea@board.example"

words = st.from_regex(r"\A[a-z0-9.+-]{1,20}@[a-z]{1,10}\.example\Z")
mails = st.sampled_from(OPTIONAL)
numbers = st.integers(1, 10**18 - 1)


def token(mail: str, outbox: int, recipient: str, key: bytes = KEY) -> str:
    return signed_addresses.unsubscribe_token(key, mail, outbox, recipient)


def holds(word: str, recipient: str) -> bool:
    found = parse_unsubscribe(word)
    return found is not None and unsubscribe_holds(KEY, found, recipient)


@given(mails, numbers, words)
def test_a_token_holds_for_its_recipient_in_any_case_L7(mail: str, outbox: int, who: str) -> None:
    made = token(mail, outbox, who)
    found = parse_unsubscribe(made.upper())
    assert found is not None and (found.mail, found.outbox) == (mail, outbox)
    assert holds(made, who) and holds(made.upper(), who.upper())


@given(mails, numbers, words, words)
def test_a_token_holds_for_nobody_else_and_no_other_desk_L7(
    mail: str, outbox: int, who: str, other: str
) -> None:
    assert holds(token(mail, outbox, who), other) == (who == other)
    assert not holds(token(mail, outbox, who, OTHER_DESK), who)


@given(numbers, numbers, st.integers(0, 60), st.sampled_from("abcdefghij234567"))
def test_a_changed_token_never_holds_L7(outbox: int, other: int, at: int, letter: str) -> None:
    made = token(REPORTS, outbox, LEA)
    start, _, signature = made.partition(".")
    assert holds(f"ur{other}.{signature}", LEA) == (outbox == other)
    assert not holds(f"us{start[2:]}.{signature}", LEA)
    at %= len(signature)
    changed = signature[:at] + letter + signature[at + 1 :]
    assert holds(f"{start}.{changed}", LEA) == (changed == signature)


@given(st.text() | st.from_regex(r"u[rst]?[0-9]*\.?[a-z0-9]*"))
def test_any_other_word_is_none_L7(word: str) -> None:
    assert not holds(word, LEA)


def test_a_token_says_only_which_kind_of_mail_it_was_and_its_number_L7() -> None:
    made = token(SURVEYS, 12, LEA)
    assert made.startswith("us12.") and len(made) == 21
    assert "lea" not in made.partition(".")[0]


@given(mails, numbers)
def test_no_token_counts_as_one_for_another_purpose_L7(mail: str, outbox: int) -> None:
    made = token(mail, outbox, LEA)
    assert signed_addresses.is_token(made)
    assert signed_addresses.parse_detail(made) is None
    assert signed_addresses.parse_survey(made) is None
    assert signed_addresses.delivery_of_detail(KEY, made) is None
    reply = signed_addresses.reply_address(KEY, "s@help.example", "t", 12, LEA)
    assert parse_unsubscribe(reply.partition("+")[2].partition("@")[0]) is None
