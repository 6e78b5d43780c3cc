"""Parses a JSON line that is an answer to a survey, from another program (docs/json.md), strictly."""

import re
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from gateway.lines import message_line
from ticketctl.actions.tickets.rate import LONGEST_COMMENT, SurveyAnswer
from ticketctl.errors import BadInput
from ticketctl.write_guard import never_in_a_write

_Said = str | bool | int | float


MOST_ANSWERS = 100
_LONGEST_QUESTION = 1_000  # characters


class LineAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """One question, and its answer: a text, a number, yes or no, several of these, or none."""

    question: str
    answer: _Said | list[_Said] | None = None


class SurveyLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer, about a ticket or from a customer without one; `answers` are all its questions."""

    survey: str
    rating: int
    ticket: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = (
        None  # the largest integer of the databases
    )
    customer: message_line.LineCustomer | str | None = None
    comment: str = ""
    id: str | int | None = None
    at: datetime | None = None
    answers: Annotated[list[LineAnswer], Meta(max_length=MOST_ANSWERS)] = []
    url: str | None = None


def is_answer(raw: bytes) -> bool:
    """Is the line an answer to a survey?"""
    return "survey" in msgspec.json.decode(raw, type=dict[str, msgspec.Raw])


@never_in_a_write
def read(raw: bytes) -> SurveyAnswer:
    """Parse an answer. BadInput says what is wrong and where."""
    try:
        found = msgspec.convert(message_line.decode(raw), SurveyLine)
    except msgspec.MsgspecError as wrong:
        raise BadInput(f"{wrong}.") from None
    if (found.ticket is None) == (found.customer is None):
        raise BadInput("an answer must name either its ticket or its customer.")
    who, name = message_line.customer(found.customer)
    return SurveyAnswer(
        survey=found.survey,
        rating=found.rating,
        ticket=found.ticket,
        who=who,
        name=name,
        comment=found.comment,
        id=message_line.id_of(found.id),
        at=message_line.utc(found.at),
        answers=tuple((_question(one.question), _in_words(one.answer)) for one in found.answers),
        url=response_url(found.url) if found.url else None,
    )


def response_url(written: str) -> str:
    """The web address of a response; it is shown and never opened. BadInput for anything else."""
    if not re.fullmatch(r"https?://[!-~\u00a1-\ud7ff\ue000-\U0010ffff]{1,2000}", written):
        raise BadInput(
            'the link to a response must be one web address, as "https://…" - at `$.url`.'
        )
    return written


def _question(text: str) -> str:
    question = " ".join(text.split())[:_LONGEST_QUESTION]
    if not question:
        raise BadInput("an answer needs its question - at `$.answers`.")
    return question


def _in_words(answer: _Said | list[_Said] | None) -> str:
    """An answer as text: several are parted by commas, none is empty."""
    parts = answer if isinstance(answer, list) else [answer]
    return ", ".join(_word(one) for one in parts)[:LONGEST_COMMENT]


def _word(one: _Said | None) -> str:
    if one is None:
        return ""
    if isinstance(one, bool):
        return "yes" if one else "no"
    return (
        one.strip() if isinstance(one, str) else f"{one:g}" if isinstance(one, float) else str(one)
    )


def identity(answer: SurveyAnswer) -> str:
    """Return the answer's id, such as `survey:csat:a1`; "" if its program gave none."""
    return f"survey:{answer.survey}:{answer.id}" if answer.id else ""


def turn_keys(answer: SurveyAnswer) -> tuple[str, ...]:
    """Return the names that two workers must not file at the same time."""
    return tuple(name for name in (identity(answer), str(answer.who or "")) if name)
