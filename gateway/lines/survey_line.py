"""A JSON line that is an answer to a survey, taken by another program (docs/json.md): read strictly."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from gateway.lines import message_line
from ticketctl.actions.tickets.rate import SurveyAnswer
from ticketctl.errors import BadInput
from ticketctl.write_guard import never_in_a_write


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer, about a ticket or of a customer alone."""

    survey: str
    rating: int
    ticket: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None  # what databases can count to
    customer: message_line.Customer | str | None = None
    comment: str = ""
    id: str | int | None = None
    at: datetime | None = None


def is_answer(raw: bytes) -> bool:
    """Does the object name a survey?"""
    return "survey" in msgspec.json.decode(raw, type=dict[str, msgspec.Raw])


@never_in_a_write
def read(raw: bytes) -> SurveyAnswer:
    """What the line says. BadInput with what is wrong and where."""
    try:
        found = msgspec.convert(message_line.decoded(raw), Line)
    except msgspec.MsgspecError as wrong:
        raise BadInput(f"{wrong}.") from None
    if (found.ticket is None) == (found.customer is None):
        raise BadInput("an answer names its ticket or its customer, one of them.")
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
    """`survey:csat:a1`, the name of the answer; "" where its program gave it none."""
    return f"survey:{answer.survey}:{answer.id}" if answer.id else ""


def names(answer: SurveyAnswer) -> tuple[str, ...]:
    """What two who file at once must take turns at."""
    return tuple(name for name in (identity(answer), str(answer.who or "")) if name)
