"""A running gateway serves its metrics; the part that does so may die alone."""

import socket
import urllib.request
from collections.abc import Callable

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.support.ports import free_port
from tests.support.running_gateway import RunningGateway
from tests.support.senders import deliver, mail

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


def scrape(port: int) -> dict[tuple[str, ...], float]:
    """The figures by name and values of labels, as Prometheus asks for them; empty while nobody answers."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/metrics", headers={"Accept": OPEN_METRICS}
    )
    try:
        with urllib.request.urlopen(asked) as answer:
            assert answer.headers["Content-Type"].startswith(OPEN_METRICS)
            text = answer.read().decode()
    except OSError:
        return {}
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(port: int, *name: str) -> float:
    return scrape(port).get(name, -1)


def test_metrics_of_a_gateway_at_work(
    db_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    port = free_port()
    running = new_gateway(db_url, f'metrics = "127.0.0.1:{port}"')
    running.catch()
    running.start()
    deliver(running.port, mail(1))
    running.until(running.idle, "the mail is filed and what follows sent")
    running.until(
        lambda: figure(port, "ticketctl_recent_mails_in", "smtp", "done", "new") == 1,
        "the mail is counted",
    )
    host = socket.gethostname()
    running.until(
        lambda: figure(port, "ticketctl_part_up", host, "metrics") == 1, "the parts are noted"
    )
    running.until(
        lambda: figure(port, "ticketctl_sends_mail") == 1, "the part that sends is noted, too"
    )
    assert figure(port, "ticketctl_mails_received_total") == 1
    assert running.kill("metrics")
    running.until(
        lambda: figure(port, "ticketctl_part_restarts_total", host, "metrics") == 1,
        "another process serves metrics",
    )
    assert running.said("part send started") == 1
    assert running.stop() == 0


def test_an_address_that_is_taken_is_refused(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        running = new_gateway(sqlite_url, f'metrics = "127.0.0.1:{port}"')
        assert running.launch().wait() == 9
    assert running.said(f"cannot listen on 127.0.0.1:{port}: the address is in use") == 1
