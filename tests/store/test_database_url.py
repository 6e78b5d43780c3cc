"""The URL of a database is read as SQLAlchemy reads it, without importing it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import URL, make_url

from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.database_url import parse_url

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12)
HOSTS = st.sampled_from(("db.example", "10.0.0.1", "::1", "db-1.internal"))


def parts(url: URL) -> tuple[object, ...]:
    return url.username, url.password, url.host, url.port, url.database, dict(url.query)


def same(text: str) -> None:
    ours = parse_url(text)
    found = ours.user, ours.password, ours.host, ours.port, ours.database, dict(ours.query)
    assert found == parts(make_url(text))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/lib/desk.db",
        "sqlite:///desk.db",
        "sqlite:////with%20blank/%C5%BElut%C3%BD.db",
        "sqlite+pysqlite:////a/b.db?timeout=5",
        "postgresql://desk@db.example/desk",
        "postgresql+psycopg://desk:p%40ss%2Fword@db.example:5433/desk?sslmode=require",
        "postgresql://desk@[::1]:5432/desk",
        "postgresql://desk@/desk?host=/run/postgresql",
        "postgresql:///desk",
        "postgresql://db.example",
    ],
)
def test_a_url_is_read_as_sqlalchemy_reads_it(url: str) -> None:
    same(url)


@given(WORDS, WORDS, HOSTS, st.integers(1, 65535) | st.none(), WORDS)
def test_any_login_and_name_come_back(
    user: str, password: str, host: str, port: int | None, name: str
) -> None:
    made = URL.create("postgresql+psycopg", user, password, host, port, name)
    text = made.render_as_string(hide_password=False)
    same(text)
    again = parse_url(parse_url(text).text())
    assert again == parse_url(text)
    assert (again.user, again.password, again.database) == (user, password, name)


@given(WORDS)
def test_any_path_comes_back(name: str) -> None:
    path = f"/srv/{name}.db"
    text = URL.create("sqlite", database=path).render_as_string()
    assert parse_url(text).database == path
    assert parse_url(parse_url(text).text()).database == path


A, B = ("a.example", "5432"), ("b.example", "5433")


@pytest.mark.parametrize(
    ("url", "servers"),
    [
        ("postgresql://desk@/desk?host=a.example:5432&host=b.example:5433", (A, B)),
        ("postgresql://desk@a.example:5432,b.example:5433/desk", (A, B)),
        ("postgresql+psycopg://desk@a.example:5432,[::1]/desk", (A, ("::1", ""))),
        (
            "postgresql://desk@a.example,b.example/desk?port=6432",
            (("a.example", "6432"), ("b.example", "6432")),
        ),
        ("postgresql://desk@/desk?host=/run/a,/run/b&port=1,2", (("/run/a", "1"), ("/run/b", "2"))),
    ],
)
def test_several_servers_are_tried_in_turn(url: str, servers: tuple[tuple[str, str], ...]) -> None:
    for read in (parse_url(url), parse_url(parse_url(url).text())):
        assert read.servers() == [
            {"user": "desk", "dbname": "desk", "host": host, "port": port} for host, port in servers
        ]
        assert read.wants_primary


def test_a_server_that_takes_no_writes_will_do_where_the_url_says_so() -> None:
    url = parse_url("postgresql://a.example,b.example/desk?target_session_attrs=any")
    assert not url.wants_primary
    assert {one["target_session_attrs"] for one in url.servers()} == {"any"}
    one = parse_url("postgresql://a.example/desk?target_session_attrs=read-write")
    assert one.servers()[0]["target_session_attrs"] == "read-write", "libpq looks"


def test_one_server_is_used_whatever_it_is() -> None:
    for url in ("postgresql://db.example:5433/desk", "postgresql:///desk?host=db.example:5433"):
        (server,) = parse_url(url).servers()
        assert {**server, "port": str(server["port"])} == {
            "host": "db.example", "port": "5433", "dbname": "desk"
        }  # fmt: skip
        assert not parse_url(url).wants_primary


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", None),
        ("?sslmode=require", None),
        ("?prepare_threshold=off", 0),
        ("?prepare_threshold=5", 5),
    ],
)
def test_the_url_says_when_statements_are_prepared(query: str, expected: int | None) -> None:
    url = parse_url(f"postgresql://desk@db.example/desk{query}")
    assert url.prepare_threshold == expected
    assert "prepare_threshold" not in url.parameters()
    assert parse_url(url.text()).prepare_threshold == expected


@pytest.mark.parametrize("word", ["0", "-1", "never", "", "5.0", "٣", "9" * 20])
def test_another_word_for_when_statements_are_prepared_is_refused(word: str) -> None:
    with pytest.raises(DatabaseTrouble, match='is "off" or a number from 1'):
        parse_url(f"postgresql://desk@db.example/desk?prepare_threshold={word}")
