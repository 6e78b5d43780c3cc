"""`ticketctl gateway serve`: waits for the database, then runs the supervisor."""

import logging
import os
import time

from gateway.receive.smtp import listen
from gateway.run.supervisor import Supervisor, notify
from gateway.shared import needs
from gateway.shared.log import begin as begin_log
from ticketctl.console.context import App
from ticketctl.errors import BadInput, DatabaseAway
from ticketctl.settings.table import Settings
from ticketctl.store.db.database import Database

log = logging.getLogger("ticketctl.gateway")

WAIT_SECONDS = 2.0  # before the database is tried again


def serve(app: App) -> int:
    """Run the gateway until a signal stops it, and return the exit code.

    SIGHUP reloads the settings, unless a terminal sends it, which has been closed.
    """
    begin_log(verbose=app.options.verbose)
    settings = _checked(app.settings)
    if settings.gateway.metrics:
        listen.check(listen.parse("gateway.metrics", settings.gateway.metrics))
    _wait_for(app.db)
    app.db.dispose()  # the parts are forked, and must not inherit a connection

    def read_again() -> Settings:
        return _checked(App(app.options).settings)

    return Supervisor(
        settings,
        lambda: app.out.note("the gateway is ready."),
        read_settings=None if os.isatty(0) else read_again,
    ).run()


def _checked(settings: Settings) -> Settings:
    """Return settings with which a gateway can work; BadInput for others."""
    if settings.gateway.metrics:
        needs.metrics("gateway.metrics")
    if not (settings.gateway.smtp or settings.gateway.lmtp or settings.imap):
        raise BadInput("the gateway has nothing to do: no smtp, lmtp or [[imap]] in config.toml.")
    return settings


def _wait_for(db: Database) -> None:
    """Return once the database can be used; DatabaseTrouble if waiting does not help."""
    said = ""
    while True:
        try:
            with db.read():
                break
        except DatabaseAway as trouble:
            if trouble.sentence != said:
                said = trouble.sentence
                log.warning("the gateway waits for its database: %s", said)
                notify(f"STATUS=waits: {said}")
        time.sleep(WAIT_SECONDS)
    if said:
        notify("STATUS=")
