"""What `ticketctl canned` does."""

from ticketctl.actions.base.context import begin
from ticketctl.actions.texts import suggest
from ticketctl.actions.texts.suggest import Suggestion
from ticketctl.actions.tickets import reply
from ticketctl.cli.shared import canned_replies
from ticketctl.cli.views import canned_reply
from ticketctl.console import access, rows
from ticketctl.console.context import App
from ticketctl.console.view import Column, View
from ticketctl.domain.rules import canned
from ticketctl.safe import terminal
from ticketctl.store.tickets import tickets
from ticketctl.store.tickets.search import fold
from ticketctl.templating.canned import fill


def list_(app: App, words: tuple[str, ...], type_: str | None, kind: str | None) -> None:
    """List canned replies, or only those with all WORDS in their name, subject or text."""
    with app.db.read() as tx:
        found = canned_replies.answers(app, tx).every(kind)
    wanted = set(fold(" ".join(words)).split())
    fitting = [
        one for one in found if wanted <= set(fold(f"{one.name} {one.subject} {one.text}").split())
    ]
    rows.rows(app, canned_reply.VIEW, canned.by_type(fitting, type_))


def show(app: App, name: str, language: str | None) -> None:
    """Show a canned reply as stored, with its placeholders in braces."""
    with app.db.read() as tx:
        found = canned_replies.answers(app, tx)
        one = found.get(name, language)
        others = [str(each) for each in found.every() if each.name == name and each != one]
    if rows.is_shape(app):
        rows.one(app, canned_reply.shape(one))
        return
    app.out.note(canned_reply.head(one) + (f"\nalso: {', '.join(others)}" if others else ""))
    app.out.data(terminal(one.text))


def test(app: App, name: str, ticket: int, language: str | None) -> None:
    """Show a canned reply as the customer of a ticket would read it; nothing is stored or sent."""
    with app.db.read() as tx:
        access.check(app, tx, tickets.get(tx, ticket))
        spoken, data = reply.names(begin(tx, app.actor()), ticket)
        one = canned_replies.answers(app, tx).get(name, language or spoken)
    text = fill(one.text, data, one.kind)
    if rows.is_shape(app):
        rows.one(app, canned_reply.shape(one) | {"text": text, "ticket": ticket})
    else:
        app.out.data(terminal(text))


def run_suggest(app: App, ticket: int, limit: int) -> None:
    """Suggest canned replies for ticket N, best match first: by ticket type, then by words in common."""
    with app.db.read() as tx:
        answers = canned_replies.answers(app, tx).every("reply")
        found = suggest.suggest(begin(tx, app.actor()), ticket, answers)
    rows.rows(app, _suggestions(), found[:limit])


def _why(one: Suggestion) -> str:
    reasons = [f"type {one.answer.type}"] if one.same_type else []
    return "; ".join(reasons + ([f"words {', '.join(one.words)}"] if one.words else []))


def _suggestion(one: Suggestion) -> dict[str, object]:
    whole = canned_reply.shape(one.answer)
    told = {name: whole[name] for name in ("name", "language", "type", "source", "text")}
    return told | {"same_type": one.same_type, "words": list(one.words)}


def _suggestions() -> View[Suggestion]:
    columns: list[Column[Suggestion]] = [
        Column("name", lambda one: one.answer.name),
        Column("why", _why, cut=1),
        Column("text", lambda one: one.answer.text, cut=1),
    ]
    fields = ("name", "language", "type", "source", "text", "same_type", "words")
    names = [column.name for column in columns]
    return View(columns, names, _suggestion, lambda one: one.answer.name, fields)
