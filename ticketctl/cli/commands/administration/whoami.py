"""`ticketctl whoami`: which agent am I?"""

import click

from ticketctl.console.context import Desk, pass_desk


@click.command("whoami")
@pass_desk
def command(desk: Desk) -> None:
    """Print which agent you are: name, role, login, segments. Exit 4 if that is unknown."""
    from ticketctl.console.rows import one
    from ticketctl.safe import one_line

    actor = desk.actor()
    segments = [part.name for part in desk.definition.segments if actor.name in part.members]
    if desk.options.get("json"):
        shape = {"agent": actor.name, "role": actor.role, "os_user": actor.os_user}
        one(desk, shape | {"segments": segments})
        return
    places = ", ".join(segments) or "no segment"
    desk.out.data(one_line(f"{actor.name} ({actor.role}, login {actor.os_user}) in {places}"))
