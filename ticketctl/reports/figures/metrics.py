"""The arithmetic of reports. A figure over no facts is None, never 0; halves round up."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from ticketctl.domain.definition.definition import Quality

FEW_RATINGS = 5  # with fewer, an index is doubtful


def average(values: Sequence[int]) -> int | None:
    """The mean in whole seconds."""
    return _half_up(sum(values), len(values)) if values else None


def median(values: Sequence[int]) -> int | None:
    """The middle value, or the mean of the two in the middle."""
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    if len(values) % 2:
        return ordered[middle]
    return _half_up(ordered[middle - 1] + ordered[middle], 2)


def p90(values: Sequence[int]) -> int | None:
    """The value at the nearest rank: position ⌈0.9·n⌉ in order."""
    return sorted(values)[-(-9 * len(values) // 10) - 1] if values else None


def rate(some: int, every: int) -> float | None:
    """`some` / `every` as a fraction with four places; may be above 1."""
    return _half_up(some * 10_000, every) / 10_000 if every else None


def satisfaction(ratings: Sequence[int], quality: Quality) -> float | None:
    """S: the mean of ratings 1 to 5 as 0 to 1, drawn towards the expected value if there are few."""
    if not ratings:
        return None
    shares = sum((one - 1) / 4 for one in ratings)
    return (shares + quality.prior * quality.satisfaction) / (len(ratings) + quality.prior)


def response(target: int, taken: int) -> float:
    """r of one response: 1 within its target, a half at twice the target."""
    return 1.0 if taken <= target else target / taken


def index(satisfied: float | None, responsive: float | None, quality: Quality) -> float | None:
    """Q = 100 · S^w · R^(1−w), one place; None if either part is."""
    if satisfied is None or responsive is None:
        return None
    found: float = satisfied**quality.weight * responsive ** (1 - quality.weight)
    return rounded(100 * found, 1)


def band(found: float | None, quality: Quality) -> str | None:
    """good, fair or poor."""
    if found is None:
        return None
    if found >= quality.good:
        return "good"
    return "fair" if found >= quality.fair else "poor"


def rounded(value: float, places: int) -> float:
    """A fraction to that many places, rounded from its shortest decimal digits."""
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _half_up(some: int, every: int) -> int:
    return (2 * some + every) // (2 * every)
