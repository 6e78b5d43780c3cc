"""An owner as people type them: ben, Ben, @ben, ben@help.example, @me or me, none or nobody."""

from ticketctl.console.context import App

ME = frozenset({"@me", "me", "myself"})
NOBODY = frozenset({"none", "nobody", "noone", "unassigned"})


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
