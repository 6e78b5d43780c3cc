"""From facts to figures: the formulas of sla.md §4 and §6, each over the facts that it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from typing import Any

HOUR, DAY = 3600, 86_400
AGES = {
    "age_under_8h": (0, 8 * HOUR), "age_8h_24h": (8 * HOUR, DAY), "age_1d_3d": (DAY, 3 * DAY),
    "age_3d_7d": (3 * DAY, 7 * DAY), "age_7d_30d": (7 * DAY, 30 * DAY), "age_over_30d": (30 * DAY, 10**12),
}  # fmt: skip

Figures = dict[str, Any]


@dataclass
class Fact:
    """Something that is counted: when, of which ticket, and for whom. `now`: within the period."""

    kind: str
    at: int
    ticket: int
    agent: str | None
    segment: str
    source: str
    priority: str
    now: bool
    more: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.more[name]


def rounded(value: Fraction, places: int = 0) -> float | int:
    """Half up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    found = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return float(found) if places else int(found)


def rate(some: float, all: int) -> float | None:
    """A share of all; None of nothing."""
    return rounded(Fraction(some) / all, 4) if all else None


def times(name: str, seconds: Sequence[int]) -> Figures:
    """Average, median and the value at the nearest rank of nine tenths."""
    some = sorted(seconds)
    if not some:
        return dict.fromkeys([f"{name}_average", f"{name}_median", f"{name}_p90"])
    middle = Fraction(some[(len(some) - 1) // 2] + some[len(some) // 2], 2)
    return {
        f"{name}_average": rounded(Fraction(sum(some), len(some))),
        f"{name}_median": rounded(middle),
        f"{name}_p90": some[ceil(Fraction(9, 10) * len(some)) - 1],
    }


def figures(facts: Sequence[Fact], quality: dict[str, Any]) -> Figures:
    """Every figure over some facts."""
    by: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.now or fact.kind in ("waits", "owed"):
            by.setdefault(fact.kind, []).append(fact)
    of = lambda kind: by.get(kind, [])  # noqa: E731
    return (
        _volume(of("created"), of("resolved"))
        | {"first_responses": len(of("first")), "next_responses": len(of("next"))}
        | times("frt", [fact["seconds"] for fact in of("first")])
        | times("next", [fact["seconds"] for fact in of("next")])
        | _resolutions(of("resolved"))
        | _targets(of("met"), of("breached"), of("void"))
        | _ratings(of("rated"), len(of("asked")))
        | _recovery(of("answer"))
        | _quality(of("rated"), [*of("response"), *of("owed")], quality)
        | _backlog(of("waits"))
    )


def _volume(created: list[Fact], resolved: list[Fact]) -> Figures:
    answered = sum(fact["answered"] for fact in created)
    share = rate(answered, len(created))
    return {
        "created": len(created), "answered": answered, "unanswered": len(created) - answered, "coverage": share,
        "answered_rate": share, "flow_ratio": rate(len(resolved), len(created)),
    }  # fmt: skip


def _resolutions(resolved: list[Fact]) -> Figures:
    count = len(resolved)
    again = [fact for fact in resolved if fact["reopened"]]
    once = sum(fact["replies"] == 1 and not fact["reopened"] for fact in resolved)
    stands = [fact for fact in resolved if fact["net"] is not None]
    return (
        {"resolved": count}
        | times("ttr", [fact["net"] for fact in stands])
        | times("ttr_gross", [fact["gross"] for fact in stands])
        | {
            "one_touch": rate(once, count), "reopened": len(again), "reopen_rate": rate(len(again), count),
            "reopenings_per_ticket": rate(sum(fact["reopened"] for fact in resolved), count),
            "touches": rate(sum(fact["replies"] for fact in resolved), count),
            "handovers": rate(sum(fact["handovers"] for fact in resolved), count),
        }
    )  # fmt: skip


def _targets(met: list[Fact], breached: list[Fact], void: list[Fact]) -> Figures:
    decided = [*met, *breached]
    late = {fact.ticket for fact in breached}
    found: Figures = {
        "met": len(met), "breached": len(breached), "void": len(void),
        "late": sum(fact["running"] for fact in breached),
        "at_retarget": sum(fact["retargeted"] for fact in breached),
        "breach_rate": rate(len(breached), len(decided)),
        "any_breach_rate": rate(len(late), len({fact.ticket for fact in decided})),
        "worst_overdue": max((fact["over"] for fact in breached), default=None),
    }  # fmt: skip
    for kind in ("first", "next", "resolve", "assign"):
        its = sum(fact["clock"] == kind for fact in breached)
        all = sum(fact["clock"] == kind for fact in decided)
        found |= {f"{kind}_breached": its, f"{kind}_breach_rate": rate(its, all)}
    return found


def _is_good(scale: str, rating: int) -> bool:
    return rating >= (4 if scale == "1-5" else 9)


def _is_bad(scale: str, rating: int) -> bool:
    return rating <= (2 if scale == "1-5" else 6)


def _ratings(rated: list[Fact], asked: int) -> Figures:
    stars = [fact["rating"] for fact in rated if fact["scale"] == "1-5"]
    tens = [fact["rating"] for fact in rated if fact["scale"] == "0-10"]
    net = sum(one >= 9 for one in tens) - sum(one <= 6 for one in tens)
    return {
        "ratings": len(stars), "csat": rate(sum(one >= 4 for one in stars), len(stars)), "nps_ratings": len(tens),
        "nps": rate(net, len(tens)), "surveys_sent": asked, "response_rate": rate(len(rated), asked),
    }  # fmt: skip


def _recovery(answers: list[Fact]) -> Figures:
    bad = [fact for fact in answers if _is_bad(fact["scale"], fact["rating"])]
    again = [fact for fact in bad if fact["next"]]
    good = sum(_is_good(*fact["next"]) for fact in again)
    return {
        "detractors": len(bad), "rated_again": len(again), "recovered": good, "recovery": rate(good, len(again)),
        "recovered_rate": rate(good, len(bad)),
    }  # fmt: skip


def _quality(rated: list[Fact], responses: list[Fact], how: dict[str, Any]) -> Figures:
    stars = [Fraction(fact["rating"] - 1, 4) for fact in rated if fact["scale"] == "1-5"]
    prior, expected = Fraction(how["prior"]), Fraction(str(how["satisfaction"]))
    s = (sum(stars) + prior * expected) / (len(stars) + prior) if stars else None
    parts = [
        min(Fraction(1), Fraction(fact["target"], max(1, fact["seconds"]))) for fact in responses
    ]
    r = sum(parts) / len(parts) if parts else None
    q = None
    if s is not None and r is not None:
        exact = 100 * float(s) ** how["weight"] * float(r) ** (1 - how["weight"])
        q = float(Decimal(repr(round(exact, 9))).quantize(Decimal("0.1"), ROUND_HALF_UP))
    bands = ("poor", "fair", "good")
    return {
        "satisfaction": s and rounded(Fraction(s), 4), "responsiveness": r and rounded(Fraction(r), 4), "quality": q,
        "band": None if q is None else bands[(q >= how["fair"]) + (q >= how["good"])],
        "responses": len(parts), "few_ratings": int(q is not None and len(stars) < 5),
    }  # fmt: skip


def _backlog(waits: list[Fact]) -> Figures:
    ages = [fact["age"] for fact in waits]
    return {
        "backlog": len(waits), "oldest": max(ages, default=None), "overdue": sum(fact["late"] for fact in waits),
        "load": sum(fact["load"] for fact in waits), "unassigned": sum(fact["free"] for fact in waits),
        "awaiting_agent": sum(fact["awaiting"] == "agent" for fact in waits),
    } | {name: sum(low <= age < high for age in ages) for name, (low, high) in AGES.items()}  # fmt: skip
