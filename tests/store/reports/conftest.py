"""A desk with promises, and its reports."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.store.actions.conftest import DESK, House
from ticketctl.domain.query import parser
from ticketctl.reports.figures import period
from ticketctl.reports.figures.frame import Request
from ticketctl.reports.kinds import registry as reports
from ticketctl.reports.model import Report
from ticketctl.store.db.engine import Database
from ticketctl.store.desk import definitions


@pytest.fixture
def house(db: Database) -> House:
    """A fresh desk on each kind of database."""
    made = House(db)
    made.apply(DESK)
    return made


@pytest.fixture
def sqlite_house(sqlite_db: Database) -> House:
    """A fresh desk on SQLite, where the kind of database does not matter."""
    made = House(sqlite_db)
    made.apply(DESK)
    return made


def made(
    house: House,
    name: str,
    now: datetime | None = None,
    *,
    words: str | None = None,
    where: str = "",
    compare: bool = False,
    **how: Any,
) -> Report:
    """A report as `report NAME --period WORDS` makes it, of everybody's tickets."""
    now = now or house.at
    with house.db.read() as tx:
        desk = definitions.current(tx)
        zone = ZoneInfo(desk.settings.timezone)
        asked = Request(
            definition=desk,
            period=period.parse(words, now=now, zone=zone),
            now=now,
            condition=parser.parse(where, now=now, zone=zone, me=None).condition,
            query=where,
            **how,
        )
        return reports.make(tx, name, asked, compare=compare)
