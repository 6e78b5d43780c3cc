"""An owner as people type them: ben, Ben, @ben, ben@help.example, @me or me, none or nobody."""

from typing import TYPE_CHECKING

from ticketctl.console.context import App

if TYPE_CHECKING:
    from ticketctl.domain.base.condition import Condition

ME = frozenset({"@me", "me", "myself"})
NOBODY = frozenset({"none", "nobody", "noone", "unassigned"})


def in_query(app: App, condition: "Condition") -> "Condition":
    """The condition with its owners and watchers as they are called: `owner:Ben`, `owner:nobody`, `watcher:me`."""
    from ticketctl.domain.base.condition import AllOf, AnyOf, Not, Where

    if isinstance(condition, Where):
        known = {"none", "any", *(one.name for one in app.definition.agents)}
        if condition.field not in ("owner", "watcher") or known.issuperset(condition.values):
            return condition
        found = (word if word in known else read(app, str(word)) for word in condition.values)
        return Where(condition.field, condition.op, tuple(word or "none" for word in found))
    if isinstance(condition, Not):
        return Not(in_query(app, condition.part))
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(in_query(app, part) for part in condition.parts))
    return condition


def read(app: App, word: str) -> str | None:
    """The name of the agent that a word means; None for nobody. A word that means no agent is returned as it is.

    The name of an agent comes before a word with another meaning.
    """
    agents = app.definition.agents
    if any(one.name == word for one in agents):
        return word
    if word.lower() in ME:
        return app.actor().name
    if word.lower() in NOBODY:
        return None
    plain = word.removeprefix("@").casefold()
    alike = [one.name for one in agents if plain in (one.name.casefold(), one.email)]
    return alike[0] if len(alike) == 1 else word


def agent(app: App, word: str) -> str | None:
    """The name of the agent that a word means; None if it means nobody, or no agent."""
    name = read(app, word)
    return name if any(one.name == name for one in app.definition.agents) else None
