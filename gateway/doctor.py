"""The checks of `ticketctl doctor` that need a socket."""

from collections.abc import Iterator

from gateway.outgoing.wire import Patience, Wire
from ticketctl.config import Settings
from ticketctl.errors import MailServerTrouble


def checks(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Name, state (ok or fail) and sentence: does the outgoing server answer, and let us in?"""
    server = settings.outgoing
    wire = Wire(server, Patience(connect=5, command=5, reply=5))
    try:
        wire.open("localhost")
    except MailServerTrouble as trouble:
        yield "outgoing", "fail", trouble.sentence
        return
    wire.quit()
    yield "outgoing", "ok", f"the mail server {server.host}:{server.port} answers."
