"""`report mail`: is mail coming in and going out? The operator's health report."""

from collections import Counter

from ticketctl.errors import BadInput
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import NONE, Figures, Frame
from ticketctl.reports.kinds.sections import of_groups, of_rows
from ticketctl.reports.model import Cell, Report, ReportGroup
from ticketctl.store.reports import mail_queues

TITLE = "Mail"

_VERDICTS = {
    "duplicate": "duplicates",
    "bounce": "bounced",
    "auto": "auto",
    "spam": "spam",
    "loop": "loops",
    "dropped": "dropped",
}
_STATES = {
    "queued": "waiting",
    "sending": "waiting",
    "failed": "failed",
    "uncertain": "uncertain",
    "sent": "sent",
}
_IN = ("received", "accepted", "duplicates", "bounced", "auto", "spam", "loops", "dropped", "held")
_OUT = ("sent", "waiting", "failed", "uncertain")
_LIST = (
    ("queue", "Queue", "text"), ("id", "Mail", "count"), ("at", "Since", "time"), ("mailbox", "Mailbox", "text"),
    ("state", "State", "text"), ("why", "Why", "text"),
)  # fmt: skip


def report(frame: Frame) -> Report:
    """What became of the mail of the period, and what was stuck at its end. BadInput with a query of tickets."""
    if frame.request.query or frame.by("mailbox") != ("mailbox",):
        raise BadInput(
            "`report mail` counts all mail by mailbox: it accepts no query and no other --by."
        )
    counts = _counts(frame)
    total = ReportGroup({}, _figures(sum(counts.values(), Counter())))
    groups = tuple(
        ReportGroup({"mailbox": name}, _figures(counts[name])) for name in sorted(counts)
    )
    since = mail_queues.oldest_waiting(frame.tx, frame.scope)
    waited = int((frame.as_of - since).total_seconds()) if since else None
    total.figures["oldest_waiting"] = waited if waited is None else max(0, waited)
    rows: list[dict[str, Cell]] = [
        {"queue": one.queue, "id": one.id, "at": one.at, "mailbox": one.mailbox, "state": one.state,
         "ticket": one.ticket, "why": one.why}
        for one in mail_queues.problems(frame.tx, frame.scope)
    ]  # fmt: skip
    by = ("mailbox",)
    sections = (
        of_groups("Mail received", by, groups, total, _IN, chart=("accepted",)),
        of_groups("Mail to send", by, groups, total, _OUT, note="Waiting and failed mail counts whatever its date."),
        of_rows(
            "To look at", _LIST, rows, note="" if rows else "Nothing is stuck."  # type: ignore[arg-type]
        ),
    )  # fmt: skip
    return build(frame, "mail", TITLE, groups, total, rows=rows, sections=sections)


def _counts(frame: Frame) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for one in mail_queues.incoming(frame.tx, frame.scope):
        mine = counts.setdefault(one.mailbox or NONE, Counter())
        mine["received"] += one.mails
        mine[_end(one)] += one.mails
    for sent in mail_queues.outgoing(frame.tx, frame.scope):
        if sent.state in _STATES:
            counts.setdefault(sent.mailbox or NONE, Counter())[_STATES[sent.state]] += sent.mails
    return counts


def _end(one: mail_queues.IncomingCount) -> str:
    if one.state != "done":
        return "held" if one.state == "held" else "unfiled"
    return _VERDICTS.get(one.verdict or "", "accepted")


def _figures(counts: Counter[str]) -> Figures:
    return {name: counts[name] for name in (*_IN, "unfiled", *_OUT)}
