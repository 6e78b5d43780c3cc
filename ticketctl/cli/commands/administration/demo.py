"""`ticketctl demo`: a desk with sample mail, to look around."""

from pathlib import Path

import click

from ticketctl.console.context import App, pass_app


@click.command("demo")
@click.option("--folder", default=".run", metavar="DIR", help="Keep the demo's desk in DIR.")
@pass_app
def command(app: App, folder: str) -> None:
    """Run a desk with sample mail on loopback, to look around; `make run` starts this."""
    from gateway.run import demo

    demo.run(Path(folder))
