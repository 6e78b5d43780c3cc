"""The screen reads what changed since its first reading, and nothing anew without a change."""

import pytest

from tests.support.desk import DeskFixture
from tests.support.screen import ScreenOf, play
from ticketctl.console.context import App
from ticketctl.console.options import GlobalOptions
from ticketctl.store.tickets import writers
from ticketctl.ui import first_screen, queues
from ticketctl.ui.live import Watch


@pytest.mark.postgres
def test_the_first_look_finds_what_changed_since_the_first_reading_alone(
    helpdesk: DeskFixture,
) -> None:
    helpdesk.open()
    app = App(GlobalOptions(as_agent="ana"))
    app.db = helpdesk.db
    found = first_screen.paint(app, queues.first("is:open"))
    assert not Watch(helpdesk.db, found.version).changed()
    helpdesk.open(subject="While the libraries were loaded")
    watch = Watch(helpdesk.db, found.version)
    assert watch.changed()
    assert not watch.changed()


def test_who_was_writing_before_the_screen_was_opened_is_seen(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()
    ben = writers.holder()
    helpdesk.db.write(lambda tx: writers.begin(tx, 1, "reply", "ben", ben))

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.see(">✎", "✎ ben writes a reply")

    play(story())
