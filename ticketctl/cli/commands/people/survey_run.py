"""What `ticketctl survey` does."""

from typing import NamedTuple

from gateway.lines import survey_line
from ticketctl.actions.base.context import begin
from ticketctl.actions.jobs import surveys
from ticketctl.actions.tickets import rate
from ticketctl.actions.tickets.rate import FiledAnswer
from ticketctl.cli.shared.field_values import pairs
from ticketctl.console import access, json_shapes, rows
from ticketctl.console.context import App
from ticketctl.console.view import Column, View
from ticketctl.domain.base import duration, identity, when
from ticketctl.domain.definition.definition import Survey
from ticketctl.domain.rules.survey import bounds
from ticketctl.errors import BadInput
from ticketctl.safe import terminal_line
from ticketctl.store.db.database import Tx
from ticketctl.store.db.locks import alone
from ticketctl.store.desk import ratings
from ticketctl.store.desk import surveys as survey_store
from ticketctl.store.desk.surveys import Figures


class Known(NamedTuple):
    """A survey: its definition (None if removed from desk.toml) and its counts."""

    name: str
    survey: Survey | None
    figures: Figures


def send(app: App, dry_run: bool, wait: bool) -> None:
    """For cron: send each survey once to the customers of tickets that were resolved long enough ago."""
    if dry_run:
        for one in surveys.send(app.db, dry_run=True):
            app.out.data(terminal_line(f"{one.ticket} {one.survey} would go to {one.to}"))
        return
    with alone(app.db, surveys.LOCK, wait=wait) as keep:
        if keep is None:
            app.out.note("another program is already doing this; nothing was done.")
            return
        for one in surveys.send(app.db, keep=keep):
            if not app.options.quiet:
                app.out.data(terminal_line(f"{one.ticket} {one.survey} sent to {one.to}"))


def list_(app: App) -> None:
    """List surveys: who is asked, how many were asked and answered, and the mean rating."""
    with app.db.read() as tx:
        counted = survey_store.figures(tx, access.visible(app))
    nothing = survey_store.Figures(0, 0, None)
    own = {one.name: one for one in app.definition.surveys}
    names = [*own, *(name for name in counted if name not in own)]
    found = [Known(name, own.get(name), counted.get(name, nothing)) for name in names]
    rows.rows(app, _surveys(), found)


def answer(app: App, ticket: int, rating: int, message: str, survey: str) -> None:
    """Record a customer's rating of a ticket; it replaces the customer's earlier answer."""
    number, actor = ticket, app.actor()

    def action(tx: Tx) -> FiledAnswer:
        return rate.by_agent(begin(tx, actor), number, rating, comment=message, name=survey)

    _say(app, app.db.write(action))


def add(
    app: App,
    survey: str,
    rating: int,
    ticket: int | None,
    customer: str | None,
    message: str,
    answer_id: str,
    at: str | None,
    answers: tuple[str, ...],
    url: str | None,
) -> None:
    """Record an answer given elsewhere, as `gateway ingest` does with JSON lines."""
    if (ticket is None) == (customer is None):
        raise BadInput("say whose answer it is: --ticket ID or --customer WHO.")
    actor = app.actor()
    given = rate.SurveyAnswer(
        survey=survey,
        rating=rating,
        ticket=ticket,
        who=identity.parse(customer) if customer else None,
        comment=message,
        id=answer_id,
        at=when.past(at, now=app.now, zone=app.zone) if at else None,
        answers=tuple((name, str(value)) for name, value in pairs(answers).items()),
        url=survey_line.response_url(url) if url else None,
    )
    _say(app, app.db.write(lambda tx: rate.outside(begin(tx, actor), given, rate.COMMAND)))


def _say(app: App, outcome: FiledAnswer) -> None:
    """`12: 4 of 5 (csat)`, or the answer as JSON."""
    with app.db.read() as tx:
        kept = ratings.get(tx, outcome.id)
    if rows.is_shape(app):
        rows.one(
            app, {"ticket": kept.ticket, "new": outcome.new} | (json_shapes.answer(kept) or {})
        )
        return
    words = f"{kept.rating} of {bounds(kept.scale)[1]} ({kept.survey})"
    if kept.ticket is not None:
        words = f"{kept.ticket}: {words}"
    app.out.data(words if outcome.new else f"{words} already")


def _surveys() -> View[Known]:
    columns: list[Column[Known]] = [
        Column("name", lambda one: one.name),
        Column("scale", lambda one: one.survey and one.survey.scale),
        Column("delay", lambda one: one.survey and duration.show(one.survey.delay)),
        Column("segments", lambda one: one.survey and (one.survey.segments or ("all",))),
        Column("sent", lambda one: one.figures.sent),
        Column("answered", lambda one: one.figures.answered),
        Column("mean", lambda one: one.figures.mean and f"{one.figures.mean:.2f}"),
    ]

    def shape(one: Known) -> dict[str, object]:
        return {
            "name": one.name,
            "in_force": one.survey is not None,
            "scale": one.survey and one.survey.scale,
            "delay": one.survey and one.survey.delay,
            "segments": list(one.survey.segments) if one.survey else [],
            "sent": one.figures.sent,
            "answered": one.figures.answered,
            "mean": one.figures.mean,
        }

    usual = [column.name for column in columns]
    return View(columns, usual, shape, lambda one: one.name)
