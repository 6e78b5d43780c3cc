"""`ticketctl demo`: a desk with sample mail, to look around."""

from pathlib import Path

import click

from ticketctl.console.context import Desk, pass_desk


@click.command("demo")
@click.option("--folder", default=".run", metavar="DIR", help="Keep the demo's desk in DIR.")
@pass_desk
def command(desk: Desk, folder: str) -> None:
    """Run a desk with sample mail on loopback, to look around; `make run` starts this."""
    from gateway.run import demo

    demo.run(Path(folder))
