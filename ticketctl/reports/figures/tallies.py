"""Counts facts into figures. Each tally counts one kind of fact; its figures have the same names whatever it counts."""

from collections import Counter

from ticketctl.domain.definition.definition import Quality
from ticketctl.reports.figures import metrics
from ticketctl.reports.figures.facts import Resolved, Response, Speed, Touch, Waiting
from ticketctl.reports.figures.frame import Figures
from ticketctl.store.reports.clocks import ClockResult
from ticketctl.store.reports.ratings import Rated, SurveyRow
from ticketctl.store.reports.tickets import Created

KINDS = ("first", "next", "resolve", "assign")
GOOD = {"1-5": 4, "0-10": 9}  # the lowest answer of a satisfied customer
DETRACTOR = {"1-5": 2, "0-10": 6}  # the highest answer of a dissatisfied one

HOUR, DAY = 3_600, 86_400
AGES = (
    ("under_8h", 8 * HOUR), ("8h_24h", DAY), ("1d_3d", 3 * DAY), ("3d_7d", 7 * DAY), ("7d_30d", 30 * DAY),
    ("over_30d", None),
)  # fmt: skip


class Times:
    """How long things took."""

    def __init__(self) -> None:
        self.values: list[int] = []

    def figures(self, name: str) -> Figures:
        """Average, median and nearest-rank 90 %, in seconds."""
        return {
            f"{name}_average": metrics.average(self.values),
            f"{name}_median": metrics.median(self.values),
            f"{name}_p90": metrics.p90(self.values),
        }


class Responses:
    """Counts Response: how fast agents responded."""

    def __init__(self) -> None:
        self.times = {"first": Times(), "next": Times()}

    def add(self, fact: Response) -> None:
        """Count answers."""
        self.times[fact.kind].values += [one.seconds for one in fact.answers]

    def figures(self) -> Figures:
        """`frt_…` of first responses, `next_…` of later ones, and how many of each."""
        first, later = self.times["first"], self.times["next"]
        return {
            "first_responses": len(first.values),
            **first.figures("frt"),
            "next_responses": len(later.values),
            **later.figures("next"),
        }


class Resolutions:
    """Counts Resolved: how fast and how well tickets were resolved. Times are of those still resolved at the end."""

    def __init__(self) -> None:
        self.resolved = self.one_touch = self.reopened = 0
        self.replies = self.reopenings = self.handovers = 0
        self.net, self.gross = Times(), Times()

    def add(self, fact: Resolved) -> None:
        """Count tickets."""
        number = len(fact.tickets)
        self.resolved += number
        self.replies += number * fact.replies
        self.reopenings += number * fact.reopenings
        self.handovers += number * fact.handovers
        self.reopened += number if fact.reopenings else 0
        self.one_touch += number if fact.replies == 1 and not fact.reopenings else 0
        if fact.stands:
            self.net.values += [one.net for one in fact.tickets]
            self.gross.values += [one.gross for one in fact.tickets]

    def figures(self) -> Figures:
        """`ttr_…`, `ttr_gross_…` and the rates over resolved tickets."""
        return {
            "resolved": self.resolved,
            **self.net.figures("ttr"),
            **self.gross.figures("ttr_gross"),
            "one_touch": metrics.rate(self.one_touch, self.resolved),
            "reopened": self.reopened,
            "reopen_rate": metrics.rate(self.reopened, self.resolved),
            "reopenings_per_ticket": metrics.rate(self.reopenings, self.resolved),
            "touches": metrics.rate(self.replies, self.resolved),
            "handovers": metrics.rate(self.handovers, self.resolved),
        }


class Targets:
    """Counts ClockResult: targets met and missed; clocks without a result are counted apart."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.at_retarget = self.overdue = 0
        self.decided: set[int] = set()
        self.breached: set[int] = set()

    def add(self, fact: ClockResult) -> None:
        """Count clocks."""
        self.counts[fact.kind, fact.outcome] += len(fact.tickets)
        if fact.outcome == "void":
            return
        self.decided.update(fact.tickets)
        if fact.outcome == "breached":
            self.at_retarget += len(fact.tickets) if fact.at_retarget else 0
            self.overdue += len(fact.tickets) if fact.runs else 0
            self.breached.update(fact.tickets)

    def figures(self) -> Figures:
        """Figures of all clocks together, of each kind, and of tickets with any breach."""
        met, breached, void = (
            sum(self.counts[kind, outcome] for kind in KINDS)
            for outcome in ("met", "breached", "void")
        )
        figures: Figures = {
            "met": met,
            "breached": breached,
            "void": void,
            "overdue": self.overdue,
            "at_retarget": self.at_retarget,
            "breach_rate": metrics.rate(breached, met + breached),
        }
        for kind in KINDS:
            late = self.counts[kind, "breached"]
            figures[f"{kind}_breached"] = late
            figures[f"{kind}_breach_rate"] = metrics.rate(late, late + self.counts[kind, "met"])
        figures["any_breach_rate"] = metrics.rate(len(self.breached), len(self.decided))
        return figures


class Ratings:
    """Counts Rated, SurveyRow: what customers answered, and how many of those asked."""

    def __init__(self) -> None:
        self.given: Counter[tuple[str, int]] = Counter()
        self.asked = 0

    def add(self, fact: Rated | SurveyRow) -> None:
        """Count an answer, or a survey that was sent."""
        if isinstance(fact, SurveyRow):
            self.asked += 1
        else:
            self.given[fact.scale, fact.rating] += 1

    def figures(self) -> Figures:
        """`ratings` are answers from 1 to 5, `nps_ratings` those from 0 to 10."""
        ratings, good = self._of("1-5"), self._of("1-5", GOOD["1-5"])
        answers, promoters = self._of("0-10"), self._of("0-10", GOOD["0-10"])
        detractors = answers - self._of("0-10", DETRACTOR["0-10"] + 1)
        return {
            "ratings": ratings,
            "csat": metrics.rate(good, ratings),
            "nps_ratings": answers,
            "nps": metrics.rate(promoters - detractors, answers),
            "surveys_sent": self.asked,
            "response_rate": metrics.rate(ratings + answers, self.asked),
        }

    def _of(self, scale: str, least: int = 0) -> int:
        return sum(n for (of, rating), n in self.given.items() if of == scale and rating >= least)


class QualityIndex:
    """Counts Rated, Speed: satisfaction and speed in one number."""

    def __init__(self, quality: Quality) -> None:
        self.quality = quality
        self.ratings: list[int] = []
        self.shares: list[float] = []

    def add(self, fact: Rated | Speed) -> None:
        """Count a rating from 1 to 5, or a response."""
        if isinstance(fact, Speed):
            self.shares.append(metrics.response(fact.target, fact.taken))
        elif fact.scale == "1-5":
            self.ratings.append(fact.rating)

    def figures(self) -> Figures:
        """The index with its parts, its band, and the number of facts behind it."""
        satisfied = metrics.satisfaction(self.ratings, self.quality)
        responsive = sum(sorted(self.shares)) / len(self.shares) if self.shares else None
        index = metrics.index(satisfied, responsive, self.quality)
        few = index is not None and len(self.ratings) < metrics.FEW_RATINGS
        return {
            "satisfaction": None if satisfied is None else metrics.rounded(satisfied, 4),
            "responsiveness": None if responsive is None else metrics.rounded(responsive, 4),
            "quality": index,
            "band": metrics.band(index, self.quality),
            "ratings": len(self.ratings),
            "responses": len(self.shares),
            "few_ratings": int(few),
        }


class Backlog:
    """Counts Waiting: what was open at the end of the period, by age."""

    def __init__(self) -> None:
        self.ages: Counter[str] = Counter()
        self.oldest: int | None = None
        self.load = self.unassigned = self.awaiting_agent = self.overdue = 0

    def add(self, fact: Waiting) -> None:
        """Count a ticket."""
        self.ages[age(fact.age)] += 1
        self.oldest = max(self.oldest or 0, fact.age)
        self.load += fact.status != "waiting"
        self.unassigned += fact.place.agent is None
        self.awaiting_agent += fact.awaiting == "agent"
        self.overdue += fact.overdue

    def figures(self) -> Figures:
        """`load` are tickets that wait for us; `oldest` is an age in seconds."""
        return {
            "backlog": sum(self.ages.values()),
            **{f"age_{name}": self.ages[name] for name, _ in AGES},
            "oldest": self.oldest,
            "overdue": self.overdue,
            "load": self.load,
            "unassigned": self.unassigned,
            "awaiting_agent": self.awaiting_agent,
        }


def age(seconds: int) -> str:
    """The bucket of an age; an edge belongs to the older one."""
    return next(name for name, end in AGES if end is None or seconds < end)


class Coverage:
    """Counts Created: how many tickets an agent had answered."""

    def __init__(self) -> None:
        self.created = self.answered = 0

    def add(self, fact: Created) -> None:
        """Count a ticket."""
        self.created += 1
        self.answered += fact.answered

    def figures(self) -> Figures:
        """`coverage` and `answered_rate` are the same."""
        share = metrics.rate(self.answered, self.created)
        return {
            "created": self.created,
            "answered": self.answered,
            "unanswered": self.created - self.answered,
            "coverage": share,
            "answered_rate": share,
        }


class Volume:
    """Counts Created, Resolved: how many tickets came in and were resolved."""

    def __init__(self) -> None:
        self.created = self.resolved = 0

    def add(self, fact: Created | Resolved) -> None:
        """Count a created ticket, or resolved ones."""
        if isinstance(fact, Created):
            self.created += 1
        else:
            self.resolved += len(fact.tickets)

    def figures(self) -> Figures:
        """`flow_ratio` is resolved to created: above 1 the backlog shrinks."""
        return {
            "created": self.created,
            "resolved": self.resolved,
            "flow_ratio": metrics.rate(self.resolved, self.created),
        }


class Touched:
    """Counts Touch: tickets that agents acted on."""

    def __init__(self) -> None:
        self.tickets: set[int] = set()

    def add(self, fact: Touch) -> None:
        """Count a ticket, once."""
        self.tickets.add(fact.place.ticket)

    def figures(self) -> Figures:
        """How many."""
        return {"touched": len(self.tickets)}
