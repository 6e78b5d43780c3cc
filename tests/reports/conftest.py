"""A desk with promises, and its reports."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.desk import DeskFixture
from ticketctl.domain.query import parser
from ticketctl.reports.figures import period
from ticketctl.reports.figures.frame import Request
from ticketctl.reports.kinds import registry as reports
from ticketctl.reports.model import Report
from ticketctl.store.desk import definitions


def made(
    helpdesk: DeskFixture,
    name: str,
    now: datetime | None = None,
    *,
    words: str | None = None,
    where: str = "",
    compare: bool = False,
    **how: Any,
) -> Report:
    """A report as `report NAME --period WORDS` makes it, of everybody's tickets."""
    now = now or helpdesk.at
    with helpdesk.db.read() as tx:
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
