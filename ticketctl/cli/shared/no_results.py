"""Explains an empty result: which words were searched as text, or that nothing can match."""

from typing import TYPE_CHECKING

from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.console.context import App
    from ticketctl.domain.base.condition import Condition


def tell(app: "App", condition: "Condition") -> None:
    """Print a note about a query that found nothing."""
    from ticketctl.cli.shared.filters import leaves
    from ticketctl.domain.query.contradictions import never

    if never(condition):
        app.out.note("no ticket can match: parts of the query exclude each other.")
        return
    asked = [str(one) for leaf in leaves(condition) if leaf.field == "text" for one in leaf.values]
    words = [one[1:-1] if one[1:-1].isalpha() and one[0] == '"' else one for one in asked]
    if not words:
        return
    told = " and ".join(f'"{terminal_line(word)}"' for word in dict.fromkeys(words))
    app.out.note(f"nothing found; the texts were searched for {told}{_hint(app, words)}.")


_OTHERWISE = {"me": "owner:@me", "late": "is:breached", "urgent": "priority:critical"}


def _hint(app: "App", words: list[str]) -> str:
    """How to write those words that are agents, addresses or saved queries."""
    from ticketctl.store.tickets import saved_queries

    agents = {one.name for one in app.definition.agents}
    fields = [f"owner:{word}" for word in dict.fromkeys(words) if word in agents]
    fields += [f"email:{terminal_line(word)}" for word in words if "@" in word and " " not in word]
    segments = {one.name for one in app.definition.segments}
    fields += [f"segment:{word}" for word in dict.fromkeys(words) if word in segments]
    fields += [f"tag:{terminal_line(word[1:])}" for word in words if word[:1] == "+" and word[1:]]
    with app.db.read() as tx:
        saved = {one.name for one in saved_queries.usable(tx, app.me())}
    fields += [f"@{word}" for word in dict.fromkeys(words) if word in saved]
    fields += [_OTHERWISE[word.lower()] for word in words if word.lower() in _OTHERWISE]
    return f" (see also {' and '.join(fields)})" if fields else ""
