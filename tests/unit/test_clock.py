"""Times as text."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ticketctl import clock

ZONES = st.sampled_from(
    [UTC, ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/Lima")]
)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 30), timezones=ZONES))
def test_a_time_is_rfc_3339_in_utc_and_whole_seconds(stamp: datetime) -> None:
    text = clock.rfc3339(stamp)
    assert text == stamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    assert clock.parse(text) == stamp.astimezone(UTC).replace(microsecond=0)
