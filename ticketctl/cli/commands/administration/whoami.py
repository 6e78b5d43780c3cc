"""`ticketctl whoami`: show which agent you are."""

import click

from ticketctl.console.context import App, pass_app


@click.command("whoami")
@pass_app
def command(app: App) -> None:
    """Print which agent you are: name, role, login, segments. Exit 4 if that is unknown."""
    from ticketctl.console.rows import one
    from ticketctl.safe import terminal_line

    actor = app.actor()
    segments = [part.name for part in app.definition.segments if actor.name in part.members]
    if app.options.json:
        shape = {"agent": actor.name, "role": actor.role, "os_user": actor.os_user}
        one(app, shape | {"segments": segments})
        return
    places = ", ".join(segments) or "no segment"
    app.out.data(terminal_line(f"{actor.name} ({actor.role}, login {actor.os_user}) in {places}"))
