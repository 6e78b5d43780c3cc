"""Suggests canned replies for a ticket, by its type and by words they share (F-L10)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.domain.rules import canned
from ticketctl.domain.rules.canned import Canned
from ticketctl.store.tickets import messages, tickets
from ticketctl.store.tickets.search import fold

_MESSAGES = 25  # the latest messages, whose words count
_FILLED_IN = re.compile(r"\{[{%#](?:(?!\{[{%#]).)*?[}%#]\}", re.DOTALL)
_SHORTEST = 4  # letters of a significant word


class Suggestion(Struct, frozen=True):
    """A canned reply, whether it is for the ticket's type, and the words they share, rarest first."""

    answer: Canned
    same_type: bool
    words: Sequence[str]


def suggest(work: Work, ticket_id: int, answers: Iterable[Canned]) -> list[Suggestion]:
    """The canned replies that suit a ticket, best first, each in the customer's language."""
    ticket = tickets.get(work.tx, ticket_id)
    permission.require(work, ticket)
    latest = messages.of(work.tx, ticket_id, _MESSAGES)
    said = _words(ticket.subject, *(one.text for one in latest if one.direction == "in"))
    words = _words_by_name(answers)
    common = Counter(word for one in words.values() for word in one)
    order = canned.languages(ticket.language, work.definition.settings.language)
    found = []
    for name, variants in _by_name(answers).items():
        shared = sorted(words[name] & said, key=lambda word: (common[word], word))
        answer = canned.best(variants, order)
        assert answer is not None
        same = bool(answer.type) and answer.type == ticket.type
        if shared or same:
            found.append(
                (sum(1 / common[word] for word in shared), Suggestion(answer, same, shared))
            )
    found.sort(key=lambda one: (not one[1].same_type, -one[0], one[1].answer.name))
    return [one for _, one in found]


def _by_name(answers: Iterable[Canned]) -> Mapping[str, list[Canned]]:
    found: dict[str, list[Canned]] = {}
    for one in answers:
        found.setdefault(one.name, []).append(one)
    return found


def _words_by_name(answers: Iterable[Canned]) -> Mapping[str, set[str]]:
    """Words of all languages: a customer may write in another language than theirs."""
    return {
        name: _words(name, *(_FILLED_IN.sub(" ", one.text) for one in variants))
        for name, variants in _by_name(answers).items()
    }


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in fold(text).split() if len(word) >= _SHORTEST}
