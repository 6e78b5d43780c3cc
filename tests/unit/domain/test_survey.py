"""The grade in what a customer wrote, and answers that are about no ticket against a rule's query."""

from datetime import UTC, datetime

import pytest

from ticketctl.domain.query import parser
from ticketctl.domain.rules import survey
from ticketctl.errors import BadInput


@pytest.mark.parametrize(
    ("text", "grade", "comment"),
    [
        ("4", 4, ""),
        ("4/5", 4, ""),
        ("5 - great", 5, "great"),
        ("10", 10, ""),
        ("4 of 5, thanks", 4, "thanks"),
        ("4 z 5\n\nDíky.", 4, "Díky."),
        ("3 out of 5.\nSlow", 3, "Slow"),
        ("Rating: 2\nToo slow", 2, "Too slow"),
        ("*5*", 5, ""),
        ("4\ufe0f\u20e3 good", 4, "good"),
        ("0", 0, ""),
        ("2 of my 3 questions are open", 2, "of my 3 questions are open"),
        ("It is broken again", None, "It is broken again"),
        ("I called 3 times", None, "I called 3 times"),
        ("4.5", None, "4.5"),
        ("10:30 suits me", None, "10:30 suits me"),
        ("90% happy", None, "90% happy"),
        ("2026 was long", None, "2026 was long"),
        ("", None, ""),
    ],
)
def test_the_grade_begins_the_text_and_the_rest_is_comment_F_C11(
    text: str, grade: int | None, comment: str
) -> None:
    written = survey.read(text)
    assert (written.grade, written.comment) == (grade, comment)


def test_the_top_of_another_scale_is_seen() -> None:
    assert (survey.read("4/10").top, survey.read("4").top) == (10, None)


@pytest.mark.parametrize(("scale", "grade"), [("1-5", 0), ("1-5", 6), ("0-10", 11), ("0-10", -1)])
def test_a_grade_off_the_scale_is_refused(scale: str, grade: int) -> None:
    with pytest.raises(BadInput, match=f"{grade} is not a rating"):
        survey.check(scale, grade)


@pytest.mark.parametrize(
    ("when", "scale", "rating", "fits"),
    [
        ("nps<=6 OR csat<=2", "0-10", 6, True),
        ("nps<=6 OR csat<=2", "0-10", 7, False),
        ("nps<=6 OR csat<=2", "1-5", 3, False),
        ("rating<=2 survey:csat", "1-5", 2, True),
        ("rating<=2 survey:other", "1-5", 2, False),
        ("rating<=2 segment:billing", "1-5", 2, False),
        ("rating<=2 -segment:billing", "1-5", 2, True),
        ("", "1-5", 2, True),
    ],
)
def test_a_rules_query_is_asked_of_an_answer_without_ticket_F_Q2(
    when: str, scale: str, rating: int, fits: bool
) -> None:
    asked = parser.parse(when, now=datetime(2026, 3, 9, tzinfo=UTC), zone=UTC, me=None)
    assert survey.fits(asked.condition, "csat", scale, rating) is fits
