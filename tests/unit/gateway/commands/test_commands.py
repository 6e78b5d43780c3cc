"""The command block of an agent's mail (G10), and the one question that a customer's mail may ask (F-L4)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.commands import status_question
from gateway.commands.command_block import MailCommand, parse
from gateway.parse.parse import parse as parse_mail


def test_lines_with_a_mark_at_the_very_top_are_commands_G10() -> None:
    block = parse("\n!assign ben\n!Tag outage other\n\nHello,\n!close\n")
    assert block.commands == (
        MailCommand("assign", "ben", "!assign ben"),
        MailCommand("tag", "outage other", "!Tag outage other"),
    )
    assert block.rest == "Hello,\n!close"


@pytest.mark.parametrize("text", ["Hello\n!close", " !close", "Wow!", "", "> !close"])
def test_lines_elsewhere_are_text_G10(text: str) -> None:
    assert parse(text).commands == () and parse(text).rest == text


def test_the_first_other_line_ends_the_block_G10() -> None:
    block = parse("!take\nHello\n!close done")
    assert [one.name for one in block.commands] == ["take"]
    assert block.rest == "Hello\n!close done"


def test_a_line_that_the_mail_program_has_wrapped_is_put_together_G10() -> None:
    reason = "the customer says that it works again since this morning and he is very rude about it"
    wrapped = "!close the customer says that it works again since this morning and he is\nvery rude about it\nHello"
    block = parse(wrapped)
    assert [(one.name, one.words) for one in block.commands] == [("close", reason)]
    assert block.rest == "Hello"


def test_a_mark_without_a_name_is_a_wrong_command_and_no_text_G10() -> None:
    assert [one.name for one in parse("!\n\ntext").commands] == [""]


@settings(max_examples=100)
@given(st.text(alphabet="!abc \n>", max_size=60))
def test_no_line_of_the_rest_is_lost_G10(text: str) -> None:
    block = parse(text)
    words = " ".join(text.split())
    assert " ".join(" ".join([*(one.line for one in block.commands), block.rest]).split()) == words


def asked(subject: str, text: str = "") -> int | None:
    raw = f"From: carl@customer.example\nSubject: {subject}\n\n{text}"
    return status_question.ticket_asked_about(parse_mail(raw.encode()))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("status #12", ""),
        ("Status 12", "\n-- \nCarl"),
        ("STATUS #12.", " "),
        ("estado #12", ""),
        ("stav #12?", ""),
        ("Re: anything", "status #12\n"),
        ("anything", "\nstatus 12\n\n-- \nCarl Customer\n"),
    ],
)
def test_an_exact_question_F_L4(subject: str, text: str) -> None:
    assert asked(subject, text) == 12


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("status #12", "It still does not print."),
        ("status of my order 12", ""),
        ("Re: status #12", ""),
        ("status", ""),
        ("hello", "status #12\nand something else"),
        ("status #0", ""),
        ("status #12 #13", ""),
        ("status #1234567890123456789", ""),
    ],
)
def test_any_other_mail_is_no_question_F_L4(subject: str, text: str) -> None:
    assert asked(subject, text) is None
