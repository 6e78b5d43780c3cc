"""A chat's transcript becomes single messages (F-C2)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ticketctl.clock import parse as at
from ticketctl.clock import rfc3339
from ticketctl.domain.formats.transcript import ChatMessage, read, sides
from ticketctl.errors import BadInput

MADRID = ZoneInfo("Europe/Madrid")
NOW = at("2026-03-09T11:00:00Z")  # noon in Madrid


def brief(text: str, now: datetime = NOW) -> list[tuple[str, str, str]]:
    return [
        (rfc3339(one.at) if one.at else "", one.name, one.text) for one in read(text, now, MADRID)
    ]


def test_lines_become_messages_with_their_times_and_whole_text_F_C2() -> None:
    text = (
        "Chat of 9 March\n[11:40] Ana: Hello:\nmy order?\n\n[11:42:05] Ben: One moment\n[11:42] :\n"
    )
    assert brief(text) == [
        ("2026-03-09T10:40:00Z", "Ana", "Chat of 9 March\nHello:\nmy order?"),
        ("2026-03-09T10:42:05Z", "Ben", "One moment\n[11:42] :"),
    ]


def test_a_chat_over_midnight_ends_before_now_F_C2() -> None:
    text = "[23:58] Ana: still there?\n[0:03] Ana: good night"
    assert [when for when, _, _ in brief(text)] == ["2026-03-08T22:58:00Z", "2026-03-08T23:03:00Z"]
    late = at("2026-03-08T23:01:00Z")  # one minute past midnight in Madrid
    assert brief("[23:59] Ana: hello", late)[0][0] == "2026-03-08T22:59:00Z"


def test_dates_and_future_times_are_heeded_F_C2() -> None:
    assert brief("[2026-02-01 09:00] Ana: first\n[2027-01-01 09:00] Ana: last") == [
        ("2026-02-01T08:00:00Z", "Ana", "first"),
        (rfc3339(NOW), "Ana", "last"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[{"at": "2026-03-09T10:02:00Z", "name": "Ben", "text": "b"},'
        ' {"at": "2026-03-09T11:01:00+01:00", "name": "Ana", "text": "a"}]',
        '{"at": "2026-03-09T10:01:00Z", "name": "Ana", "text": "a"}\n'
        '{"at": "2026-03-09T10:02:00Z", "name": "Ben", "text": "b"}\n',
    ],
    ids=["array", "lines"],
)
def test_json_is_read_in_time_order_F_C2(text: str) -> None:
    assert brief(text) == [
        ("2026-03-09T10:01:00Z", "Ana", "a"),
        ("2026-03-09T10:02:00Z", "Ben", "b"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[{"who": "Ana", "text": "a"}]', "who"),
        ('[{"at": "2026-03-09T10:01:00", "text": "a"}]', "zone"),
        ("[25:00] Ana: hello", "hour"),
        ("[2026-13-01 10:00] Ana: hello", "month"),
    ],
)
def test_a_wrong_transcript_says_what_is_wrong_F_C2(text: str, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        read(text, NOW, MADRID)


def test_any_other_text_is_no_transcript_F_C2() -> None:
    assert read("Ana: hello\nBen: hello", NOW, MADRID) == ()
    assert read("", NOW, MADRID) == ()


def directions(*names: str, customer: str) -> list[str]:
    said = [ChatMessage(text="x", name=name) for name in names]
    agents = {"ben": "ben", "ben@help.example": "ben"}
    return [f"{one.direction} {one.author}".strip() for one in sides(said, {customer}, agents)]


def test_every_other_speaker_counts_as_the_desk_F_C2() -> None:
    assert directions("Ana", "Bot", "Ben", customer="ana") == ["in", "out", "out ben"]
    assert directions("Visitor", "Ben", customer="ana") == ["in", "out ben"]
    assert directions("Ben", "Eva", customer="ben") == ["in", "out"]
