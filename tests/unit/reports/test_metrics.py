"""The arithmetic of reports: the worked figures, rounding, and nothing over nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketctl.domain.definition.definition import Quality
from ticketctl.reports.figures import metrics, tallies

USUAL = Quality()
FRT = {"all": [30, 240, 480, 60, 300], "ana": [30, 240, 480], "ben": [60, 300]}
TTR = {"all": [300, 1200, 900, 60, 2000], "ana": [300, 1200, 900], "ben": [60, 2000]}


@pytest.mark.parametrize(
    ("values", "average", "median", "p90"),
    [
        (FRT["all"], 222, 240, 480),
        (FRT["ana"], 250, 240, 480),
        (FRT["ben"], 180, 180, 300),
        (TTR["all"], 892, 900, 2000),
        (TTR["ana"], 800, 900, 1200),
        (TTR["ben"], 1030, 1030, 2000),
        ([1, 2], 2, 2, 2),
        ([1, 1, 2], 1, 1, 2),
        (list(range(1, 11)), 6, 6, 9),
        ([7], 7, 7, 7),
        ([], None, None, None),
    ],
)
def test_times(values: list[int], average: int, median: int, p90: int) -> None:
    assert metrics.average(values) == average
    assert metrics.median(values) == median
    assert metrics.p90(values) == p90


def test_rates_have_four_places_and_halves_go_up() -> None:
    assert metrics.rate(2, 3) == 0.6667
    assert metrics.rate(1, 20_000) == 0.0001
    assert metrics.rate(-1, 3) == -0.3333
    assert metrics.rate(0, 5) == 0.0
    assert metrics.rate(0, 0) is None


@pytest.mark.parametrize(
    ("ratings", "responses", "s", "r", "index"),
    [
        ([5, 4, 5, 2], [30, 240, 480, 60, 300, 600], 0.7222, 0.7833, 75.2),
        ([5, 4], [30, 240, 480], 0.75, 0.8333, 79.1),
        ([5, 2], [60, 300, 600], 0.6786, 0.7333, 70.5),
    ],
)
def test_the_quality_index_F_C12(
    ratings: list[int], responses: list[int], s: float, r: float, index: float
) -> None:
    satisfied = metrics.satisfaction(ratings, USUAL)
    speeds = [metrics.response(240, taken) for taken in responses]
    responsive = sum(speeds) / len(speeds)
    assert satisfied is not None
    assert (metrics.rounded(satisfied, 4), metrics.rounded(responsive, 4)) == (s, r)
    assert metrics.index(satisfied, responsive, USUAL) == index


def test_no_rating_or_no_response_is_no_index() -> None:
    assert metrics.satisfaction([], USUAL) is None
    assert metrics.index(None, 1.0, USUAL) is None
    assert metrics.index(0.5, None, USUAL) is None
    assert metrics.band(None, USUAL) is None


@pytest.mark.parametrize(
    ("index", "band"),
    [(80.0, "good"), (79.9, "fair"), (65.0, "fair"), (64.9, "poor"), (0.0, "poor")],
)
def test_bands(index: float, band: str) -> None:
    assert metrics.band(index, USUAL) == band


@given(st.lists(st.integers(1, 4), min_size=1), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_better_rating_or_a_faster_answer_never_lowers_the_index(
    ratings: list[int], taken: int, target: int
) -> None:
    before = metrics.index(
        metrics.satisfaction(ratings, USUAL), metrics.response(target, taken), USUAL
    )
    happier = metrics.satisfaction([ratings[0] + 1, *ratings[1:]], USUAL)
    faster = metrics.response(target, taken // 2)
    assert before is not None
    for better in (
        metrics.index(happier, metrics.response(target, taken), USUAL),
        metrics.index(metrics.satisfaction(ratings, USUAL), faster, USUAL),
    ):
        assert better is not None and better >= before


@pytest.mark.parametrize(
    ("hours", "bucket"),
    [(0, "under_8h"), (7.99, "under_8h"), (8, "8h_24h"), (24, "1d_3d"), (72, "3d_7d"), (168, "7d_30d"),
     (720, "over_30d"), (10_000, "over_30d")],
)  # fmt: skip
def test_an_edge_of_an_age_belongs_to_the_older_bucket(hours: float, bucket: str) -> None:
    assert tallies.age(int(hours * 3600)) == bucket
