"""What others bring in is new, in whatever order their transactions end."""

from collections.abc import Callable
from functools import partial
from threading import Event, Thread

from tests.support.desk import DeskFixture
from tests.support.screen import PATIENCE
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import comment
from ticketctl.store.db.database import Database
from ticketctl.ui.news import News


def test_what_was_begun_before_a_reading_and_ended_after_it_is_new(
    postgres_url: Callable[[], str],
) -> None:
    """Its line of history has a lower number than the last that was read."""
    desk = DeskFixture(Database(postgres_url()))
    for n in (1, 2):
        desk.open(subject=f"Question {n}", author=f"c{n}@customer.example")
    has_begun, may_end = Event(), Event()

    def slowly(work: Work) -> None:
        comment.comment(work, ticket_id=1, text="slow")
        work.tx.flush()
        has_begun.set()
        may_end.wait(PATIENCE)

    def read(news: News) -> News:
        return desk.read(lambda tx: news.read(tx, "ana"))

    news = read(News())
    slow = Thread(target=partial(desk.do, slowly, "ben"))
    slow.start()
    has_begun.wait(PATIENCE)
    desk.do(partial(comment.comment, ticket_id=2, text="quick"), "ben")
    news = read(news)
    assert news.since_look("Mine") == [2]
    news = news.look("Mine")
    may_end.set()
    slow.join()
    news = read(news)
    assert news.since_look("Mine") == [1]
    assert read(news.look("Mine")).since_look("Mine") == []
    desk.db.dispose()
