"""Checks the arguments of a command: comment, owner, words, addresses. Permissions are in permission.py."""

from collections.abc import Collection

from ticketctl.actions.base.context import Work
from ticketctl.domain.base import synonyms, values
from ticketctl.domain.base.blank import is_blank
from ticketctl.domain.rules import routing
from ticketctl.errors import BadInput, NotFound, Refused

_FEW = 12  # agents that an error names


def require_comment(work: Work, verb: str, text: str) -> None:
    """Refused if the definition requires a comment for `verb` and `text` is blank (F-Q35)."""
    if verb in work.definition.settings.require_comment and not work.automatic and is_blank(text):
        raise Refused(f'{verb} needs a comment: give -m "why".')


def require_eligible_owner(work: Work, name: str, segment: str, *, force: bool = False) -> None:
    """NotFound if `name` is no agent, Refused if they may not own tickets of `segment` (F-Q22, F-Q23)."""
    if work.agentless:
        if name != work.actor.name:
            raise NotFound(
                f'no agent "{name}": this desk defines no agents; only you, {work.actor.name}, can own tickets.'
            )
        return
    if work.definition.agent(name) is None:
        raise NotFound(f'no agent "{name}"{_meant(name, work)}')
    allowed = routing.owners(work.definition, segment)
    admin = work.actor.role == "admin"
    if name in allowed or (admin and (force or name == work.actor.name)) or work.automatic:
        return
    raise Refused(
        f"{name} is neither manager nor agent of segment {segment}: "
        f"choose {', '.join(allowed)}, or ask an admin to use --force."
    )


def _meant(name: str, work: Work) -> str:
    from difflib import get_close_matches

    agents = [one.name for one in work.definition.agents]
    like = get_close_matches(name.lower(), agents, n=1)
    if like:
        return f"; did you mean {like[0]}?"
    return f"; the agents are {', '.join(agents)}." if len(agents) <= _FEW else "."


def require_one_of(given: str, words: Collection[str], what: str) -> None:
    """BadInput unless `given` is one of `words`."""
    if given not in words:
        ours = synonyms.meant(what, given)
        hint = f"did you mean {ours}?" if ours in words else f"choose {', '.join(words)}."
        raise BadInput(f'"{given}" is not a valid {what}; {hint}')


def mail_address(given: str) -> str:
    """Return a mail address in lower case. BadInput if it is not an address."""
    try:
        return values.address(given.strip())
    except BadInput:
        raise BadInput(
            f'"{given}" is not a mail address; write it like carl@customer.example.'
        ) from None
