"""The stories of scenarios.json, each through real doors: by SMTP, LMTP and pipe the result is the same."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.paths import DATA
from ticketctl import clock
from ticketctl.store.people import customers

from .story import Story

if TYPE_CHECKING:
    from .conftest import NewDesk

SCENARIOS = json.loads((DATA / "scenarios.json").read_text("utf-8"))["scenarios"]

# How mail comes in, and where it is kept.
WAYS = {"smtp": "sqlite", "lmtp": "postgres", "pipe": "sqlite"}


def cases() -> list[Any]:
    """Every scenario by every way; one without mail runs once."""
    found = []
    for scenario in SCENARIOS:
        with_mail = any("mail" in step for step in scenario["steps"])
        for way in WAYS if with_mail else ("lmtp",):
            found.append(pytest.param(scenario, way, id=f"{scenario['id']}-{way}"))
    return found


@pytest.mark.parametrize(("scenario", "way"), cases())
def test_scenario(
    scenario: dict[str, Any], way: str, new_desk: "NewDesk", monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = scenario.get("setup", {})
    assert set(setup) <= {"queues", "contacts", "followup_window_days", "trusted_authserv_id"}
    desk = new_desk(
        *setup.get("queues", ["support"]),
        way=way,
        kind=WAYS[way],
        window=f"{setup.get('followup_window_days', 14)}d",
        authserv_id=setup.get("trusted_authserv_id", "mx.help.example"),
    )
    for contact in setup.get("contacts", ()):
        known = {"email": contact["email"], "name": "", "language": None, "at": clock.now()}
        desk.db.write(lambda tx, known=known: customers.find_or_create(tx, **known))
    story = Story(desk, monkeypatch)
    for step in scenario["steps"]:
        story.go(dict(step))
