"""Metrics for Prometheus: what `gateway.metrics` serves and `gateway status --format prometheus` prints.

All come from the database, so that they are the same on every host and survive a restart. It is a part of its own,
which takes no other with it if it fails; without the setting it does not run, and its library is not imported.
"""

import logging
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import cast

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeHistogramMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from gateway.run import desk_facts
from gateway.run.desk_facts import DeskFacts
from gateway.shared.heartbeat import Beat, silent
from ticketctl import __version__
from ticketctl.errors import DatabaseTrouble, MailServerTrouble
from ticketctl.settings.table import Settings
from ticketctl.store.db.database import Database

log = logging.getLogger("ticketctl.gateway.metrics")

BUCKETS = (1, 2, 5, 15, 60, 300, 900, 3600)  # seconds
WAIT_SECONDS = 5.0  # for another scrape that the database keeps waiting


class DeskCollector:
    """Reads the figures anew for each scrape. If the database is away, it says only that."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings
        self._turn = threading.Lock()

    def collect(self) -> Iterable[Metric]:
        """Return all metrics."""
        facts = self._read()
        is_up = GaugeMetricFamily("ticketctl_database_up", "1 if the database answers.")
        is_up.add_metric([], int(facts is not None))
        about = InfoMetricFamily("ticketctl", "The version.", {"version": __version__})
        return [about, is_up, *(_families(facts) if facts else ())]

    def _read(self) -> DeskFacts | None:
        if not self._turn.acquire(timeout=WAIT_SECONDS):
            return None
        try:
            return desk_facts.read(self._db, self._settings)
        except DatabaseTrouble as trouble:
            log.warning("metrics cannot be read: %s", trouble)
            return None
        finally:
            self._turn.release()


class MetricsServer:
    """The part `metrics`: an HTTP server that answers GET with all metrics."""

    def __init__(self, db: Database, settings: Settings, beat: Beat = silent) -> None:
        self._registry = registry(db, settings)
        self._address = settings.gateway.metrics
        self._beat = beat

    def run(self, stop: threading.Event) -> None:
        """Serve until `stop`. MailServerTrouble if the address cannot be listened on."""
        host, _, port = self._address.rpartition(":")
        try:
            server, thread = start_http_server(int(port), host.strip("[]"), self._registry)
        except OSError as trouble:
            raise MailServerTrouble(
                f"cannot serve metrics on {self._address}: {trouble.strerror}."
            ) from None
        log.info("metrics on http://%s/metrics", self._address)
        self._beat(False)
        stop.wait()
        server.shutdown()
        thread.join()
        server.server_close()


def registry(db: Database, settings: Settings) -> CollectorRegistry:
    """Return a registry of the desk's metrics alone."""
    made = CollectorRegistry()
    made.register(cast(Collector, DeskCollector(db, settings)))
    return made


def text(db: Database, settings: Settings) -> str:
    """Return all metrics in the format of textfile collectors."""
    return str(generate_latest(registry(db, settings)), "utf-8")


def _families(facts: DeskFacts) -> Iterator[Metric]:
    yield from _gateways(facts)
    yield from _queues(facts)
    yield from _lately(facts)
    yield from _mailboxes(facts)
    yield _gauge("sla_breached_tickets", "Active tickets past their due time.", facts.late_tickets)
    for name, help_, at in (
        ("backup_timestamp_seconds", "When `db backup` succeeded last.", facts.backup_at),
        (
            "certificate_expiry_timestamp_seconds",
            "When the certificate of gateway.tls_cert expires.",
            facts.certificate_until,
        ),
    ):
        if at:
            yield _gauge(name, help_, at.timestamp())


def _gauge(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"ticketctl_{name}", help_, value)


def _gateways(facts: DeskFacts) -> Iterator[Metric]:
    health = facts.health
    yield _gauge("files_mail", "1 if a gateway runs that files mail.", health.works("intake"))
    yield _gauge("sends_mail", "1 if a gateway runs that sends mail.", health.works("send"))
    up = GaugeMetricFamily(
        "ticketctl_gateway_up", "Gateways that run, by host; 0 if one vanished.", labels=["host"]
    )
    running: Counter[tuple[str, str]] = Counter()
    restarts: Counter[tuple[str, str]] = Counter()
    gateways = Counter({one.host: 0 for one in health.gateways})
    for one in health.gateways:
        is_alive = one.is_alive(health.now)
        gateways[one.host] += is_alive
        for part in one.parts:
            where = (one.host, part.part)
            running[where] += is_alive and part.state == "running"
            restarts[where] += part.restarts
    for host, count in gateways.items():
        up.add_metric([host], count)
    yield up
    labels = ["host", "part"]
    parts = GaugeMetricFamily(
        "ticketctl_part_up", "Running processes of a part of the gateway.", labels=labels
    )
    again = CounterMetricFamily(
        "ticketctl_part_restarts", "Restarts of a part since its gateway started.", labels=labels
    )
    for where, count in running.items():
        parts.add_metric(where, count)
        again.add_metric(where, restarts[where])
    yield from (parts, again)


def _queues(facts: DeskFacts) -> Iterator[Metric]:
    for name, what, counts in (
        ("inbox_mails", "Mails that are not filed yet, or held.", facts.waiting_in),
        ("outbox_mails", "Mails not sent, by state.", facts.waiting_out),
    ):
        family = GaugeMetricFamily(f"ticketctl_{name}", what, labels=["state"])
        for state, count in counts.items():
            family.add_metric([state], count)
        yield family
    yield _gauge(
        "inbox_oldest_age_seconds", "Age of the oldest mail not filed.", facts.oldest_unfiled
    )
    yield _gauge(
        "outbox_oldest_overdue_seconds",
        "How long the oldest mail not sent has been due.",
        facts.oldest_unsent,
    )
    for name, number in facts.numbers.items():
        yield CounterMetricFamily(
            f"ticketctl_mails_{name}", f"Mails {name} since the desk began.", number
        )


def _lately(facts: DeskFacts) -> Iterator[Metric]:
    came: Counter[tuple[str, str, str]] = Counter()
    for one in facts.incoming:
        came[one.door, one.state, one.verdict or ""] += one.mails
    incoming = GaugeMetricFamily(
        "ticketctl_recent_mails_in",
        "Mails received within the last 3600 seconds.",
        labels=["door", "state", "verdict"],
    )
    for labels, count in came.items():
        incoming.add_metric(labels, count)
    went: Counter[tuple[str, str]] = Counter()
    for copy in facts.outgoing:
        went[copy.kind, copy.state] += copy.mails
    outgoing = GaugeMetricFamily(
        "ticketctl_recent_mails_out",
        "Mails queued within the last 3600 seconds, once for each recipient.",
        labels=["kind", "state"],
    )
    for pair, count in went.items():
        outgoing.add_metric(pair, count)
    yield from (incoming, outgoing)
    yield _durations(
        "filing_seconds",
        "From receiving to filing, of mails received within the last 3600 seconds.",
        [(one.seconds, one.mails) for one in facts.incoming if one.seconds is not None],
    )
    yield _durations(
        "sending_seconds",
        "From queueing to sending, with send_delay, of mails queued within the last 3600 seconds.",
        [(copy.seconds, copy.mails) for copy in facts.outgoing if copy.seconds is not None],
    )


def _durations(name: str, help_: str, found: list[tuple[int, int]]) -> Metric:
    """Return how long it took, as of now: a distribution that may also shrink."""
    buckets = [
        (f"{float(bound)}", sum(mails for seconds, mails in found if seconds <= bound))
        for bound in BUCKETS
    ]
    every = sum(mails for _, mails in found)
    total = sum(seconds * mails for seconds, mails in found)
    return GaugeHistogramMetricFamily(
        f"ticketctl_{name}", help_, buckets=[*buckets, ("+Inf", every)], gsum_value=total
    )


def _mailboxes(facts: DeskFacts) -> Iterator[Metric]:
    labels = ["account", "folder"]
    last = GaugeMetricFamily(
        "ticketctl_poll_success_timestamp_seconds",
        "When an IMAP folder was read to its end last.",
        labels=labels,
    )
    failing = GaugeMetricFamily(
        "ticketctl_poll_failing",
        "1 if an IMAP folder could not be read for 900 seconds.",
        labels=labels,
    )
    for one in facts.folders:
        where = (one.account, one.folder)
        if one.last_ok_at:
            last.add_metric(where, one.last_ok_at.timestamp())
        failing.add_metric(where, int(where in facts.failing))
    yield from (last, failing)
    yield _gauge(
        "imap_stuck_mails", "Mails that cannot be fetched, or not moved once filed.", facts.stuck
    )
