"""`order sync` against a shop on loopback that pages, is busy, is unwell, refuses, and lies (F-A21)."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.shops.http import TRIES
from gateway.shops.shopify import Shopify
from ticketctl import clock
from ticketctl.cli import main as cli
from ticketctl.domain.formats.shopify import OrderPage
from ticketctl.errors import ShopTrouble
from ticketctl.settings.table import Shop
from ticketctl.store.db.database import Database
from ticketctl.store.desk import journal
from ticketctl.store.people import shop_orders

TOKEN = "shpat_secret"
Reply = tuple[int, dict[str, str], bytes]


def order(n: int, **changes: Any) -> dict[str, Any]:
    return {
        "name": f"#{n}",
        "email": f"c{n}@x.example",
        "total_price": "9.90",
        "currency": "EUR",
        "financial_status": "paid",
        "created_at": "2026-03-01T10:00:00Z",
        "updated_at": f"2026-03-02T10:{n % 60:02}:00Z",
    } | changes


class Store(HTTPServer):
    """A shop with some orders, two a page; `replies` come first, whatever is asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.orders = [order(n) for n in range(1, 6)]
        self.replies: list[Reply] = []
        self.asked: list[dict[str, list[str]]] = []
        self.tokens: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def reply(self, path: str) -> Reply:
        asked = parse_qs(urlsplit(path).query)
        self.asked.append(asked)
        if self.replies:
            return self.replies.pop(0)
        start = int(asked.get("page_info", ["0"])[0])
        since = asked.get("updated_at_min", [""])[0]
        found = [one for one in self.orders if one["updated_at"] >= since]
        headers = {"Content-Type": "application/json"}
        if len(found) > start + 2:
            link = f"{self.url}/admin/api/2026-01/orders.json?limit=250&page_info={start + 2}"
            headers["Link"] = f'<{self.url}/before>; rel="previous", <{link}>; rel="next"'
        return 200, headers, json.dumps({"orders": found[start : start + 2]}).encode()


class _Handler(BaseHTTPRequestHandler):
    server: Store

    def do_GET(self) -> None:
        self.server.tokens.add(self.headers.get("X-Shopify-Access-Token", ""))
        status, headers, body = self.server.reply(self.path)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """The test's output is not the place."""


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def fetch(store: Store, since: str | None = None) -> tuple[list[OrderPage], list[float]]:
    pauses: list[float] = []
    client = Shopify(Shop(name="lamps", url=store.url), TOKEN, pauses.append)
    return list(client.orders(clock.parse(since) if since else None)), pauses


def numbers(pages: list[OrderPage]) -> list[str]:
    return [one.number for page in pages for one in page.orders]


def test_every_page_is_read_in_turn_F_A21(store: Store) -> None:
    pages, pauses = fetch(store)
    assert numbers(pages) == ["#1", "#2", "#3", "#4", "#5"]
    assert (len(pages), pauses, store.tokens) == (3, [], {TOKEN})
    assert store.asked[0]["status"] == ["any"]
    assert "updated_at_min" not in store.asked[0]


def test_only_what_changed_since_is_asked_for_F_A21(store: Store) -> None:
    pages, _ = fetch(store, "2026-03-02T10:04:00Z")
    assert numbers(pages) == ["#4", "#5"]
    assert pages[-1].until == clock.parse("2026-03-02T10:05:00Z")


@pytest.mark.parametrize(
    ("header", "pause"), [("2.5", 2.5), ("86400", 60.0), ("-1", 0.0), ("soon", 1.0), ("nan", 60.0)]
)
def test_a_busy_shop_is_waited_for_as_it_wishes_F_A21(
    store: Store, header: str, pause: float
) -> None:
    store.replies = [(429, {"Retry-After": header}, b"busy")]
    pages, pauses = fetch(store)
    assert (len(numbers(pages)), pauses) == (5, [pause])


def test_an_unwell_shop_is_asked_again_and_then_given_up_F_A21(store: Store) -> None:
    store.replies = [(503, {}, b"") for _ in range(TRIES - 1)]
    pages, pauses = fetch(store)
    assert (len(numbers(pages)), pauses) == (5, [1.0, 2.0, 4.0, 8.0])
    store.replies = [(502, {}, b"<html>") for _ in range(TRIES)]
    with pytest.raises(ShopTrouble, match="answers 502"):
        fetch(store)


HOSTILE: dict[str, tuple[Callable[[Store], Reply], str]] = {
    "no token": (lambda s: (401, {}, b'{"errors":"x"}'), r"refused access \(401\).*lamps"),
    "no right": (lambda s: (403, {}, b""), "refused access"),
    "gone": (lambda s: (404, {}, b""), "answers 404"),
    "elsewhere": (lambda s: (302, {"Location": "http://evil.example/"}, b""), "answers 302"),
    "broken JSON": (lambda s: (200, {}, b'{"orders": [{'), "cannot be read"),
    "no orders": (lambda s: (200, {}, b"<html>sign in</html>"), "cannot be read"),
    "another server's page": (
        lambda s: (200, {"Link": '<http://evil.example/o.json>; rel="next"'}, b'{"orders":[]}'),
        "on another server",
    ),
    "our server by another name": (
        lambda s: (200, {"Link": f'<{s.url}@evil.example/>; rel="next"'}, b'{"orders":[]}'),
        "on another server",
    ),
}


@pytest.mark.parametrize(("reply", "said"), HOSTILE.values(), ids=HOSTILE)
def test_what_a_shop_must_not_answer_F_A21(
    store: Store, reply: Callable[[Store], Reply], said: str
) -> None:
    store.replies = [reply(store)]
    with pytest.raises(ShopTrouble, match=said) as trouble:
        fetch(store)
    assert TOKEN not in str(trouble.value)
    assert store.tokens == {TOKEN}


def test_a_circle_of_pages_ends_F_A21(store: Store) -> None:
    link = f'<{store.url}/admin/api/2026-01/orders.json?page_info=0>; rel="next"'
    store.replies = [(200, {"Link": link}, b'{"orders":[]}') for _ in range(9)]
    with pytest.raises(ShopTrouble, match="circle"):
        fetch(store)


def test_a_shop_that_is_away_F_A21(store: Store) -> None:
    shop = Shop(name="lamps", url="http://127.0.0.1:9")
    with pytest.raises(ShopTrouble, match="does not answer"):
        list(Shopify(shop, TOKEN, lambda _: None).orders(None))


def test_order_sync_from_the_command_line_F_A21(
    store: Store,
    sqlite_db: Database,
    sqlite_url: str,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[[shop]]\nname = "lamps"\nurl = "{store.url}"\n')
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_CONFIG", str(config))
    assert cli.run(["order", "sync"]) == 2
    monkeypatch.setenv("TICKETCTL_SHOP_LAMPS_TOKEN", TOKEN)
    assert cli.run(["order", "sync", "other"]) == 3
    capsys.readouterr()
    assert cli.run(["order", "sync"]) == 0
    assert capsys.readouterr().out == "lamps: 5 orders read, 5 new, 0 changed\n"
    store.orders[4]["fulfillment_status"] = "fulfilled"
    assert cli.run(["order", "sync"]) == 0
    assert capsys.readouterr().out == "lamps: 1 order read, 0 new, 1 changed\n"
    assert store.asked[-1]["updated_at_min"] == ["2026-03-02T10:05:00Z"]
    store.replies = [(401, {}, b"")]
    assert cli.run(["order", "sync", "lamps"]) == 9
    with sqlite_db.read() as tx:
        assert shop_orders.count(tx) == 5
        assert [one.new["read"] for one in journal.of(tx, "shop", "lamps")] == [5]
