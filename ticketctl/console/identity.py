"""Finds out who the user is: --as (admins), TICKETCTL_AGENT or config.toml, then the OS login in desk.toml."""

from typing import TYPE_CHECKING

from ticketctl.domain.base.records import Actor
from ticketctl.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from ticketctl.domain.definition.definition import Agent, Definition


def who(definition: "Definition", os_user: str, named: str | None, as_agent: str | None) -> Actor:
    """The actor of this invocation; NotAllowed if no agent matches, NotFound for an unknown name.

    On a desk without agents the OS user is the one agent and admin.
    """
    if not definition.agents:
        return Actor(name=as_agent or named or os_user, os_user=os_user, role="admin")
    mine = _named(definition, named) if named else _by_login(definition, os_user)
    if mine is None:
        raise NotAllowed(
            f"no agent of this desk has the login {os_user!r}.",
            'Say who you are with TICKETCTL_AGENT=name, or agent = "name" in config.toml,',
            f'or ask an admin to add login = "{os_user}" to your [[agent]] in desk.toml.',
        )
    if as_agent and as_agent != mine.name:
        if mine.role != "admin":
            raise NotAllowed(f"only admins may use --as; {mine.name} is {mine.role}.")
        mine = _named(definition, as_agent)
    return Actor(name=mine.name, os_user=os_user, role=mine.role)


def _named(definition: "Definition", name: str) -> "Agent":
    for agent in definition.agents:
        if agent.name == name:
            return agent
    known = ", ".join(agent.name for agent in definition.agents)
    raise NotFound(f"there is no agent {name!r}; the agents are {known}.")


def _by_login(definition: "Definition", login: str) -> "Agent | None":
    return next((agent for agent in definition.agents if agent.login == login), None)
