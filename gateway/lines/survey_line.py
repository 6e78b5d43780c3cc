"""Parses a JSON line that is an answer to a survey, from another program (docs/json.md), strictly."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from gateway.lines import message_line
from ticketctl.actions.tickets.rate import SurveyAnswer
from ticketctl.errors import BadInput
from ticketctl.write_guard import never_in_a_write


class SurveyLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer, about a ticket or from a customer without one."""

    survey: str
    rating: int
    ticket: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = (
        None  # the largest integer of the databases
    )
    customer: message_line.LineCustomer | str | None = None
    comment: str = ""
    id: str | int | None = None
    at: datetime | None = None


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
    )


def identity(answer: SurveyAnswer) -> str:
    """Return the answer's id, such as `survey:csat:a1`; "" if its program gave none."""
    return f"survey:{answer.survey}:{answer.id}" if answer.id else ""


def turn_keys(answer: SurveyAnswer) -> tuple[str, ...]:
    """Return the names that two workers must not file at the same time."""
    return tuple(name for name in (identity(answer), str(answer.who or "")) if name)
