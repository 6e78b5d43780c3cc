"""The alerts and the dashboard of docs/examples/monitoring know our metrics, and fire when they should."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.run.metrics import text
from ticketctl import clock
from ticketctl.settings.table import Gateway, Settings
from ticketctl.store.db import meta
from ticketctl.store.db.database import Database

FOLDER = Path(__file__).parents[2] / "docs/examples/monitoring"
RULES = FOLDER / "prometheus-rules.yml"
DASHBOARD = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
WIRE = Path(__file__).parents[1] / "wire"
Promtool = Callable[..., str]


@pytest.fixture
def promtool() -> Promtool:
    """A function: runs promtool, which must find no fault, and returns what it says."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool (Debian's prometheus) is not installed")

    def run(*words: str | Path) -> str:
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def expressions() -> Iterator[str]:
    """The queries of the dashboard."""
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def test_alerts_and_dashboard_ask_only_for_metrics_that_there_are(sqlite_db: Database) -> None:
    sqlite_db.write(lambda tx: meta.record(tx, meta.BACKUP, clock.now()))
    gateway = Gateway(tls_cert=f"{WIRE}/localhost.pem", tls_key=f"{WIRE}/localhost.key")
    families = text_string_to_metric_families(text(sqlite_db, Settings(gateway=gateway)))
    there = {family.name for family in families}
    there |= {f"{name}_total" for name in there} | {f"{name}_bucket" for name in there}
    asked = RULES.read_text(encoding="utf-8") + " ".join(expressions())
    assert set(re.findall(r"\bticketctl_\w+", asked)) <= there


def test_promtool_accepts_the_alerts(promtool: Promtool) -> None:
    assert "SUCCESS" in promtool("check", "rules", RULES)


def test_promtool_accepts_the_queries_of_the_dashboard(promtool: Promtool, tmp_path: Path) -> None:
    rules = [{"record": f"panel:{n}", "expr": query} for n, query in enumerate(expressions())]
    file = tmp_path / "dashboard.json"  # which is YAML, too
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    assert f"{len(rules)} rules found" in promtool("check", "rules", file)


def test_the_panels_of_the_dashboard_do_not_overlap() -> None:
    taken = [
        (x, y)
        for place in (panel["gridPos"] for panel in DASHBOARD["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


@pytest.mark.parametrize(
    ("series", "alert"),
    [
        ({"ticketctl_sends_mail": "1x9 0x9"}, "TicketctlSendsNoMail"),
        ({'ticketctl_files_mail{instance="a"}': "0x20", 'ticketctl_files_mail{instance="b"}': "1x20"}, ""),
        ({'ticketctl_gateway_up{host="mail1"}': "1x5 0x15", 'ticketctl_gateway_up{host="mail2"}': "1x20",
          'ticketctl_part_up{host="mail1",part="send"}': "1x5 0x15"}, "TicketctlGatewayVanished"),
        ({'ticketctl_gateway_up{host="mail1"}': "1x20", 'ticketctl_part_up{host="mail1",part="send"}': "1x5 0x15"},
         "TicketctlPartDown"),
        ({'ticketctl_part_restarts_total{host="mail1",part="send"}': "0+1x20"}, "TicketctlPartRestarts"),
        ({"ticketctl_inbox_oldest_age_seconds": "0+60x20"}, "TicketctlMailNotFiled"),
        ({"ticketctl_outbox_oldest_overdue_seconds": "600x20"}, ""),
        ({'ticketctl_inbox_mails{state="held"}': "0x3 2x20"}, "TicketctlMailHeld"),
        ({'ticketctl_outbox_mails{state="failed"}': "7x20"}, ""),
        ({'ticketctl_outbox_mails{state="failed"}': "7x10 8x10"}, "TicketctlMailFailed"),
        ({'ticketctl_poll_failing{account="support",folder="INBOX"}': "1x20"}, "TicketctlMailboxNotPolled"),
        ({"ticketctl_backup_timestamp_seconds": "-180000x20"}, "TicketctlBackupOld"),
        ({"ticketctl_certificate_expiry_timestamp_seconds": "864000x20"}, "TicketctlCertificateExpires"),
        ({'ticketctl_filing_seconds_bucket{le="300.0"}': "5x20", 'ticketctl_filing_seconds_bucket{le="900.0"}': "9x20",
          'ticketctl_filing_seconds_bucket{le="+Inf"}': "9x20"}, "TicketctlFilingSlow"),
    ],
)  # fmt: skip
def test_alerts_fire_when_they_should(
    promtool: Promtool, tmp_path: Path, series: dict[str, str], alert: str
) -> None:
    """And no other one with them. The figures are of every minute; the alerts those after twenty."""
    given = {"ticketctl_database_up": "1x20"} | series
    firing = 'count by (alertname) (ALERTS{alertstate="firing"})'
    samples = [{"labels": f'{{alertname="{alert}"}}', "value": 1}] if alert else []
    test: dict[str, Any] = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in given.items()],
        "promql_expr_test": [{"expr": firing, "eval_time": "20m", "exp_samples": samples}],
    }
    file = tmp_path / "test.json"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "tests": [test]}))
    promtool("test", "rules", file)
