"""Finds and renders templates.

Templates of ours and of the site (`mail/LANGUAGE/KIND.{subject,txt,html}.j2`) are strict: a missing variable is an
error. A template on the command line (`--row-template`) is user input. Values are data, never templates (K8).
"""

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import (
    Environment,
    FileSystemLoader,
    TemplateError,
    TemplateSyntaxError,
    meta,
    nodes,
    pass_context,
)
from jinja2.runtime import Context

from ticketctl import clock
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.templating.direction import direction
from ticketctl.templating.rich_text import paragraphs
from ticketctl.templating.samples import samples
from ticketctl.templating.sandbox import PAGES, ROWS, WORDS, BoundedEnvironment, CompiledFiles

KINDS = (
    "ack", "reply", "notification", "escalation", "resolution", "error", "transcript", "status", "oversize",
    "survey", "sla",
)  # fmt: skip
CHANNEL_KINDS = (
    "ack",
    "notice",
    "resolution",
    "survey",
)  # of which there are words for other channels
LAST_LANGUAGE = "en"  # the fallback after the customer's language and the help desk's

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_SIGNATURE_MARK = re.compile(r"^--(?=[ \t]*$)", re.MULTILINE)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)

# Errors of a template with its data.
WRONG = (
    TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError, MemoryError,
    SyntaxError,
)  # fmt: skip

Data = Mapping[str, Any]
_compiled = CompiledFiles()


class MailText(NamedTuple):
    """A rendered mail: a subject of one line, text with LF lines, HTML if the kind has it, the language used."""

    subject: str
    text: str
    html: str | None
    language: str


def templates() -> Path:
    """The folder `templates/`: beside the package in a wheel, beside its parent in a checkout or editable install."""
    packed = Path(str(files("ticketctl") / "templates"))
    return packed if packed.is_dir() else Path(__file__).resolve().parents[2] / "templates"


class MailTemplates:
    """The mail templates: the site's folder first, then ours; the given language, the help desk's, English (L15)."""

    def __init__(self, site: Path | None = None, language: str = LAST_LANGUAGE) -> None:
        self._roots = [root / "mail" for root in (site, templates()) if root is not None]
        self._desk_language = language
        self._environment = lru_cache(maxsize=None)(self._make_environment)
        self._place = lru_cache(maxsize=256)(self._find_place)
        self._channel_language = lru_cache(maxsize=256)(self._find_channel_language)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """All languages that have a folder, sorted."""
        folders = (folder for root in self._roots if root.is_dir() for folder in root.iterdir())
        found = {folder.name for folder in folders if folder.is_dir()}
        return tuple(sorted(name for name in found if LANGUAGE.fullmatch(name)))

    def render(self, kind: str, language: str, data: Data) -> MailText:
        """Render the mail of that kind. Refused if a template does not fit its data, NotFound without one.

        HTML is used only from the same place as the text: a site that overrides the text alone sends text alone.
        """
        used, has_html = self._place(kind, language, _second())
        environment = self._environment(used)
        values = {**data, "language": used}
        subject = " ".join(_fill(environment, f"{kind}.subject.j2", values).split())
        html = None
        if has_html:
            more = {"title": subject, "direction": direction(used)}
            html = _fill(environment, f"{kind}.html.j2", values | more)
        return MailText(
            subject=subject,
            text=_fill(environment, f"{kind}.txt.j2", values),
            html=html,
            language=used,
        )

    def channel_text(self, kind: str, language: str, data: Data) -> tuple[str, str]:
        """What is said of that kind on other channels than mail (`KIND.channel.j2`), and the language used."""
        used = self._channel_language(kind, language, _second())
        text = _fill(self._environment(used), f"{kind}.channel.j2", {**data, "language": used})
        return text.strip(), used

    def quotation(self, language: str, data: Data) -> str:
        """The message that a reply quotes, as the reply has it below its text."""
        used, _ = self._place("reply", language, _second())
        return _fill(self._environment(used), "quote.txt.j2", {**data, "language": used}).rstrip()

    def markers(self) -> tuple[str, ...]:
        """The “reply above this line” of every language, used to cut quoted text (I7)."""
        lines = (
            _fill(self._environment(language), "marker.txt.j2", {}).strip()
            for language in self.languages
        )
        return tuple(dict.fromkeys(lines))

    def lint(self) -> list[str]:
        """Render every mail in every language with sample data; one line a problem."""
        problems = [
            f"mail/{language}: there is no {kind}.{part}.j2"
            for language in self.languages
            for kind in KINDS
            for part in ("subject", "txt")
            if not any((root / language / f"{kind}.{part}.j2").is_file() for root in self._roots)
        ]
        return problems + [
            problem
            for language in self.languages
            for render, kinds in ((self.render, KINDS), (self.channel_text, CHANNEL_KINDS))
            for kind in kinds
            for sample in samples(kind)
            for problem in _problem(render, kind, language, sample)
        ]

    def _find_place(self, kind: str, language: str, _second: int) -> tuple[str, bool]:
        """The language whose folder has this kind, and whether it has HTML there; looked for anew every second."""
        for name in self._chain(language):
            for root in self._roots:
                if (root / name / f"{kind}.txt.j2").is_file():
                    return name, (root / name / f"{kind}.html.j2").is_file()
        raise NotFound(f"no template for mail of kind {kind!r}.")

    def _find_channel_language(self, kind: str, language: str, _second: int) -> str:
        for name in self._chain(language):
            if any((root / name / f"{kind}.channel.j2").is_file() for root in self._roots):
                return name
        raise NotFound(f"no template for {kind!r} on other channels.")

    def _chain(self, language: str) -> tuple[str, ...]:
        """es-mx, es, the help desk's, en. A language comes from mail: an invalid one never becomes a path."""
        asked = language.strip().lower().replace("_", "-")
        if not LANGUAGE.fullmatch(asked):
            asked = self._desk_language
        chain = (asked, asked.split("-")[0], self._desk_language, LAST_LANGUAGE)
        return tuple(dict.fromkeys(chain))

    def _make_environment(self, language: str) -> BoundedEnvironment:
        folders = [root / name for name in self._chain(language) for root in self._roots]
        filters: dict[str, Callable[..., Any]] = {
            "body": body, "quoted": quoted, "paragraphs": paragraphs, "local": _local, "pairs": pairs
        }  # fmt: skip
        return BoundedEnvironment(
            PAGES,
            filters,
            loader=_TemplateFiles(folders),
            bytecode_cache=_compiled,
            autoescape=lambda name: name is not None and name.endswith(".html.j2"),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )


class _TemplateFiles(FileSystemLoader):
    """Template files; that one has changed is noticed within a second."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """A template's source, its file, and whether that is still the same."""
        source, file, is_current = super().get_source(environment, template)
        look = lru_cache(maxsize=1)(lambda _second: is_current())
        return source, file, lambda: look(_second())


def _second() -> int:
    return int(time.monotonic())


class UserTemplate:
    """A template typed by a user, run in a sandbox; BadInput if it cannot be parsed.

    With `rows` it is a --row-template, else a canned reply, which has no loops and no arithmetic.
    """

    def __init__(
        self, source: str, filters: Mapping[str, Callable[..., object]], *, rows: bool = True
    ) -> None:
        self._name = "row template" if rows else "canned reply"
        self._environment = BoundedEnvironment(ROWS if rows else WORDS, filters, autoescape=False)
        try:
            self._template = self._environment.from_string(source)
        except WRONG as wrong:
            raise BadInput(f"the {self._name} cannot be read: {_error_text(wrong)}") from wrong

    def render(self, data: Data) -> str:
        """The template filled in with `data`; BadInput if it uses an unknown name, or does something forbidden."""
        try:
            return self._environment.fill(self._template, data)
        except WRONG as wrong:
            raise BadInput(f"the {self._name} cannot be filled in: {_error_text(wrong)}") from wrong


def check(source: str, names: Collection[str]) -> None:
    """BadInput, naming the line, for a canned reply that cannot be parsed or uses a name not in `names`."""
    environment = BoundedEnvironment(WORDS, {})
    try:
        tree = environment.parse(source)
        asked = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as wrong:
        raise BadInput(f"line {wrong.lineno}: {wrong.message}") from wrong
    except WRONG as wrong:
        raise BadInput(f"the canned reply cannot be read: {_error_text(wrong)}") from wrong
    for node in tree.find_all(nodes.Name):
        if node.name in asked and node.name not in names:
            raise BadInput(
                f"line {node.lineno}: '{node.name}' is undefined; known names: {', '.join(names)}."
            )


def markers(site: Path | None = None) -> tuple[str, ...]:
    """The marker lines of every language (I7)."""
    return MailTemplates(site).markers()


def lint(site: Path | None = None) -> list[str]:
    """Problems of our templates and the site's, one a line; none is an empty list."""
    return MailTemplates(site).lint()


def _problem(
    render: Callable[[str, str, Data], object], kind: str, language: str, sample: Data
) -> Iterator[str]:
    try:
        render(kind, language, sample)
    except Refused as wrong:
        yield f"mail/{language}: {wrong}"


def _fill(environment: BoundedEnvironment, name: str, data: Data) -> str:
    try:
        return environment.fill(environment.get_template(name), data)
    except WRONG as wrong:
        raise Refused(f"the template {name} cannot be filled in: {_error_text(wrong)}") from wrong


def _error_text(wrong: BaseException) -> str:
    """The message of an error, with its place."""
    if isinstance(wrong, RecursionError):
        return "it is nested too deeply."
    return str(wrong) or "it takes too much memory."


# ---- filters ---------------------------------------------------------------------------------------------------------


def body(text: str) -> str:
    """Text for a plain body: a line `--` would cut it in mail readers, so it gets an invisible space inside."""
    return _SIGNATURE_MARK.sub("-\u200b-", text.replace("\r\n", "\n")).rstrip()


def quoted(text: str) -> str:
    """Text with `> ` before every line; lines already quoted get one more `>`."""
    lines = text.replace("\r\n", "\n").rstrip().split("\n")
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)


@pass_context
def pairs(context: Context, values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Names and values of a mapping for a `name: value` list, without empty ones; times in the help desk's zone."""
    shown = ((name.replace("_", " "), _listed(value)) for name, value in values.items())
    return [(name, _local_if_time(context, value)) for name, value in shown if value]


def _local_if_time(context: Context, value: str) -> str:
    if not _TIME.fullmatch(value):
        return value
    try:
        return _local(context, value)
    except BadInput:  # a customer's own text, such as 2026-99-99T00:00:00Z
        return value


def _listed(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {inner}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


@pass_context
def _local(context: Context, value: str | datetime) -> str:
    """A time in the help desk's zone: 2026-03-09 09:10 CET."""
    stamp = clock.parse(value) if isinstance(value, str) else value
    return stamp.astimezone(ZoneInfo(context["timezone"])).strftime("%Y-%m-%d %H:%M %Z")
