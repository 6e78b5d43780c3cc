"""Explains an empty result: which words were searched as text, or that nothing can match."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.console.context import App
    from ticketctl.domain.base.condition import Condition

_BEGINS = 3  # letters that a beginning of a word needs to say something


def tell(
    app: "App", condition: "Condition", *, searched: Sequence[str] = (), otherwise: str = ""
) -> None:
    """Print one note about a query that found nothing; `searched` are the words of `ticketctl search`.

    `otherwise` is printed where there is nothing to explain.
    """
    from ticketctl.cli.shared.filters import leaves
    from ticketctl.domain.query.contradictions import never

    if never(condition):
        app.out.note("no ticket can match: parts of the query exclude each other.")
        return
    asked = [str(one) for leaf in leaves(condition) if leaf.field == "text" for one in leaf.values]
    words = [one[1:-1] if one[1:-1].isalpha() and one[0] == '"' else one for one in asked]
    if not words:
        if otherwise:
            app.out.note(otherwise)
        return
    told = " and ".join(f'"{terminal_line(word)}"' for word in dict.fromkeys(words))
    step = f"; {terminal_line(_step(searched))}" if searched else ""
    app.out.note(f"nothing found; the texts were searched for {told}{_hint(app, words)}{step}.")


def _step(searched: Sequence[str]) -> str:
    """What to search for next: one of several words, the words of a phrase, words that begin alike."""
    if len(searched) > 1:
        word = max(searched, key=len)
        return f"`ticketctl search {shlex.quote(word)}` asks for less"
    plain = searched[0].strip('"*')
    words = [word for word in plain.split() if word.isalnum()]
    if len(words) > 1:
        return f"`ticketctl search {shlex.join(words)}` finds the words apart"
    if len(plain) > _BEGINS and words:
        begins = plain[: max(_BEGINS, len(plain) * 2 // 3)]
        return f"`ticketctl search {shlex.quote(begins + '*')}` finds all that begins so"
    return "`ticketctl list all` shows every ticket"


_OTHERWISE = {"me": "owner:@me", "late": "is:breached", "urgent": "priority:critical"}


def _hint(app: "App", words: list[str]) -> str:
    """How to write those words that are agents, addresses, saved queries or the beginning of a status."""
    from ticketctl.domain.base.status import STATUSES
    from ticketctl.store.tickets import saved_queries

    agents = {one.name for one in app.definition.agents}
    fields = [f"owner:{word}" for word in words if word in agents]
    fields += [f"email:{terminal_line(word)}" for word in words if "@" in word and " " not in word]
    segments = {one.name for one in app.definition.segments}
    fields += [f"segment:{word}" for word in words if word in segments]
    fields += [f"tag:{terminal_line(word[1:])}" for word in words if word[:1] == "+" and word[1:]]
    with app.db.read() as tx:
        saved = {one.name for one in saved_queries.usable(tx, app.me())}
    fields += [f"@{word}" for word in words if word in saved]
    fields += [_OTHERWISE[word.lower()] for word in words if word.lower() in _OTHERWISE]
    fields += [f"status:{one}" for word in words for one in STATUSES if _begins(one, word)]
    return f" (see also {' and '.join(dict.fromkeys(fields))})" if fields else ""


def _begins(name: str, word: str) -> bool:
    return len(word) >= _BEGINS and name.startswith(word.lower())
