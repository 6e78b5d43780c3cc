"""What `inbox` and `outbox` share: rows of mail by page, and a verb for each of several ids."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ticketctl.console import access, rows
from ticketctl.console.access import Mail
from ticketctl.console.context import App
from ticketctl.console.view import Column, View, plain
from ticketctl.errors import Conflict, DeskError, NotAllowed, NotFound, PartlyDone
from ticketctl.safe import terminal, terminal_line

if TYPE_CHECKING:
    from ticketctl.store.db.database import Tx

PAGE = 500
ON_SCREEN = 50  # rows on a terminal unless --limit says more; machine forms have no limit


class Result(NamedTuple):
    """The result for one item: what was done, or why not."""

    id: int
    word: str
    refusal: DeskError | None

    @property
    def outcome(self) -> str:
        """In words."""
        return f"refused: {self.refusal}" if self.refusal else self.word


RESULTS: View[Result] = View(
    [Column("id", lambda r: r.id), Column("result", lambda r: r.outcome)],
    ("id", "result"),
    lambda r: {
        "id": r.id,
        "ok": r.refusal is None,
        "error": str(r.refusal) if r.refusal else None,
        "code": r.refusal.exit_code if r.refusal else 0,
    },
    lambda r: r.id,
)


def newest(
    app: App,
    listing: "Callable[[Tx, str | None, int | None, int | None], list[Mail]]",
    state: str | None,
    limit: int | None,
) -> Iterator[Mail]:
    """Rows that I may read, newest first, read by page so that any number of them takes little memory."""
    if limit is None and not rows.is_machine(app):
        limit = ON_SCREEN
    limit = limit or None
    before: int | None = None
    with app.db.read() as tx:
        while limit is None or limit > 0:
            size = min(PAGE, limit or PAGE)
            page = listing(tx, state, size, before)
            mine = access.mails(app, tx, page)[:limit]
            yield from mine
            if len(page) < size:
                return
            before = page[-1].id
            limit = None if limit is None else limit - len(mine)


def each(
    app: App,
    numbers: Sequence[int],
    word: str,
    get: "Callable[[Tx, int], Mail]",
    work: "Callable[[Tx, int], object]",
) -> None:
    """Run `work` for every mail id, each in its own transaction, and print a line for each.

    A single id raises its own error; several raise PartlyDone (7) if some were refused.
    """
    app.actor()

    def action(tx: "Tx", number: int) -> None:
        access.mail(app, tx, get(tx, number))
        work(tx, number)

    results = [_one(app, number, word, action) for number in numbers]
    refused = [result.refusal for result in results if result.refusal]
    if refused and len(results) == 1:
        raise refused[0]
    if app.options.json or app.options.format:
        rows.rows(app, RESULTS, results)
    else:
        for result in results:
            app.out.data(terminal(f"{result.id} {result.outcome}"))
    if refused:
        raise PartlyDone(f"{len(refused)} of {len(results)} could not be done.")


def _one(app: App, number: int, word: str, work: "Callable[[Tx, int], object]") -> Result:
    try:
        app.db.write(lambda tx: work(tx, number))
    except (Conflict, NotFound, NotAllowed) as refusal:
        return Result(number, word, refusal)
    return Result(number, word, None)


def facts(app: App, shape: Mapping[str, object], lines: Sequence[str] = ()) -> None:
    """Print one row: as JSON with --json, else a line for each fact, then `lines`. Text from outside is made safe."""
    if app.options.json:
        rows.one(app, shape)
        return
    known = {name: value for name, value in shape.items() if value not in (None, [], "")}
    width = max(map(len, known))
    shown = [
        f"{name.replace('_', ' '):{width}}  {terminal_line(plain(value))}"
        for name, value in known.items()
    ]
    app.out.page("\n".join([*shown, *map(terminal_line, lines)]))
