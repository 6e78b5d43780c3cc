"""What command lines answer, in this process: reports, exports and histories as a script gets them."""

import io
import json
import os
from contextlib import redirect_stdout
from typing import Any

import pytest
from sqlalchemy import select

from tests.figures.recount import World
from ticketctl.cli import main as cli
from ticketctl.clock import rfc3339
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database

WAYS = ("agent", "segment", "source-segment", "priority", "day", "week", "month")
MORE = int(os.environ.get("FIGURES_SEEDS", "0"))  # more lives than a run of all tests has time for
DATABASES = ["sqlite", "postgres"] if MORE else ["sqlite"]


def settle(patch: pytest.MonkeyPatch, url: str) -> None:
    """Let the command lines that follow ask this database, as the admin."""
    patch.setenv("TICKETCTL_DB", url)
    patch.setenv("TICKETCTL_AGENT", "root")


def said(*words: str) -> str:
    """What a command line prints; it must succeed."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, "utf-8")
    with redirect_stdout(out):
        code = cli.run([*words])
    out.flush()
    text = raw.getvalue().decode()
    assert code == 0, (words, code, text)
    return text


def told(*words: str) -> Any:
    """The JSON that a command line prints."""
    return json.loads(said(*words))


def reports(period: str, way: str | None, *how: str) -> list[dict[str, Any]]:
    """The reports of a period but that of the mail; grouped, those that have all figures between them."""
    asked = ("--period", period, *(("--by", way) if way else ()), *how, "--format", "json")
    if MORE:
        return [*told("report", "all", *asked), told("report", "segments", *asked)]
    if way is None:
        return list(told("report", "all", *asked))
    return [told("report", name, *asked) for name in ("agents", "sla", "recovery")]


def world(db: Database) -> World:
    """All that the desk says about itself."""
    everything = "(status:spam OR status:merged OR -status:spam)"
    exported = told("export", "--format", "json", "--messages", everything)
    histories = {one["id"]: told("history", str(one["id"]), "--json") for one in exported}
    versions = [
        told("desk", "show", "--version", str(one["version"]), "--json") | {"at": one["at"]}
        for one in reversed(told("desk", "history", "--json"))
    ]
    for one in exported:
        one["customer"] = one["customer"]["email"]
        clocks = told("sla", "show", str(one["id"]), "--json")
        first = clocks[0] if clocks else None
        one["policy"] = first and f"{first['policy']}@{first['policy_version']}"
    return World(exported, histories, versions, _answers(db))


def _answers(db: Database) -> list[dict[str, Any]]:
    """The answers to surveys, all of them, which no command lists."""
    row = schema.rating.c
    ticket, customer = row.ticket_id.label("ticket"), row.customer_id.label("customer")
    asked = select(row.id, ticket, customer, row.survey, row.scale, row.rating, row.at)
    with db.read() as tx:
        return [one.as_dict() | {"at": rfc3339(one.at)} for one in tx.execute(asked)]
