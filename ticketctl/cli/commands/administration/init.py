"""`ticketctl init`: create a desk: database, config.toml, desk.toml. Harmless to run again."""

import click

from ticketctl.console.context import App, pass_app


@click.command("init")
@click.option("--url", metavar="URL", help="Database URL (default: a SQLite file).")
@click.option("--domain", metavar="DOMAIN", help="Domain of the desk's addresses.")
@click.option("--group", metavar="NAME", help="Group of this host that may use a SQLite desk.")
@click.option(
    "--email", metavar="ADDRESS", help="Your address; makes you the first agent, an admin."
)
@click.option("--agent", metavar="NAME", help="The first agent's name (default: the login).")
@click.option("--login", metavar="LOGIN", help="The first agent's login (default: yours).")
@click.option("--survey", is_flag=True, help="Ask customers how satisfied they are (mail, 1 to 5).")
@pass_app
def command(
    app: App,
    url: str | None,
    domain: str | None,
    group: str | None,
    email: str | None,
    agent: str | None,
    login: str | None,
    survey: bool,
) -> None:
    """Create a desk: database, config.toml and desk.toml. Existing files are kept.

    A SQLite file is private to you (0600, its folder 0700); with --group, a group shares it (0660, 0770).
    """
    from ticketctl.cli.commands.administration import init_run

    init_run.run(app, url, domain, group, init_run.FirstAgent(email, agent, login), survey)
