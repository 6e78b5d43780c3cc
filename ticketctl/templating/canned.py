"""Canned replies: those the team shares, and files of the site's template folder.

A file is `answers/NAME.txt` or `answers/LANGUAGE/NAME.txt`. If the database has a name, files of that name are not used
in any language. All are rendered in a sandbox, with public data only (L15).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from ticketctl.domain.rules import canned
from ticketctl.domain.rules.canned import MAIL, REPLY, REPORT, Canned
from ticketctl.errors import BadInput, NotFound
from ticketctl.templating import render
from ticketctl.templating.render import LANGUAGE, LAST_LANGUAGE, UserTemplate
from ticketctl.templating.samples import samples

NAMES = canned.NAMES[REPLY]

_PAGES = {MAIL: "*/*.txt.j2", REPORT: "*.j2"}  # files below the folder of their kind
_NAME = re.compile(r"\w[\w.-]{0,80}")


class Answers:
    """All canned replies: `shared` are those in the database; `language` is the help desk's."""

    def __init__(
        self, site: str, language: str = LAST_LANGUAGE, shared: Sequence[Canned] = ()
    ) -> None:
        self._site = Path(site) if site else None
        self._shared = shared
        self._desk_language = language

    def lint(self) -> list[str]:
        """Render every text with sample data; one line a problem."""
        problems = []
        for one in (*self._shared, *self._files()):
            try:
                check(one if one.source == canned.SHARED else _read(one))
            except BadInput as wrong:
                where = f"canned reply {one}" if one.source == canned.SHARED else one.source
                problems.append(f"{where}: {wrong}")
        return problems

    def every(self, kind: str | None = None) -> list[Canned]:
        """All canned replies, or those of a kind, by name and language; unreadable files have no text.

        Mails and reports, of which there are many and nobody chooses one, only if asked for.
        """
        if kind in _PAGES:
            return list(self._pages(kind))
        files = [_read(one, strict=False) for one in self._files()]
        return canned.by_type(
            (one for one in (*self._shared, *files) if kind in (None, one.kind)), None
        )

    def get(self, name: str, language: str | None, kind: str | None = None) -> Canned:
        """A text in the given language, else the best one; NotFound, listing those of the kind."""
        order = canned.languages(language, self._desk_language)
        for place in (self._shared, self._files(), *(list(self._pages(one)) for one in _PAGES)):
            variants = [one for one in place if one.name == name and kind in (None, one.kind)]
            if found := canned.best(variants, order):
                return found if found.source == canned.SHARED else _read(found)
        known = dict.fromkeys(one.name for one in self.every(kind))
        there = (
            f"known: {', '.join(known)}" if known else f"add it with `ticketctl canned add {name}`"
        )
        raise NotFound(f'there is no canned reply "{name}"; {there}.')

    def fill(self, name: str, language: str | None, data: Mapping[str, object]) -> str:
        """Render a canned reply in the customer's language; NotFound for an unknown one, listing all.

        BadInput if it cannot be rendered with `data`.
        """
        return fill(self.get(name, language, REPLY).text, data)

    def _files(self) -> list[Canned]:
        """The files that no shared canned reply replaces, not yet read."""
        if self._site is None:
            return []
        taken = {one.name for one in self._shared}
        found = sorted(
            path for part in ("*.txt", "*/*.txt") for path in (self._site / "answers").glob(part)
        )
        files = (path for path in found if _NAME.fullmatch(path.stem) and path.stem not in taken)
        return [
            _file(path, path.parent.name if path.parent.name != "answers" else "") for path in files
        ]

    def _pages(self, kind: str) -> Iterator[Canned]:
        """The templates of mails or reports: the site's in place of ours."""
        roots = [one for one in (render.templates(), self._site) if one is not None]
        found = {
            (path.name, "" if kind == REPORT else path.parent.name): path
            for root in roots
            for path in sorted((root / kind).glob(_PAGES[kind]))
        }
        for (file, language), path in sorted(found.items()):
            one = replace(_file(path, language), name=file.partition(".")[0], kind=kind)
            yield _read(one, strict=False)


def fill(source: str, data: Mapping[str, object], kind: str = REPLY) -> str:
    """Render a text with the variables of its kind from `data`; BadInput if that fails."""
    if kind not in canned.NAMES:
        raise BadInput(f"a template of kind {kind} cannot be filled in here.")
    shown = {name: data[name] for name in canned.NAMES[kind]}
    return UserTemplate(source, {}, rows=False).render(shown).strip()


def check(one: Canned) -> None:
    """BadInput, naming the line, for a text that cannot be parsed, uses an unknown name, or cannot be rendered."""
    for source in (one.subject, one.text):
        render.check(source, canned.NAMES[one.kind])
        fill(source, samples("reply")[0], one.kind)


def lint(site: str, shared: Sequence[Canned] = ()) -> list[str]:
    """Problems of the canned replies, one a line; none is an empty list."""
    return Answers(site, shared=shared).lint()


def _file(path: Path, language: str) -> Canned:
    fits = LANGUAGE.fullmatch(language)
    return Canned(name=path.stem, language=language if fits else "", text="", source=str(path))


def _read(one: Canned, *, strict: bool = True) -> Canned:
    """The canned reply with its text; if it has none, BadInput if `strict`."""
    try:
        return replace(one, text=Path(one.source).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        if strict:
            raise BadInput(f"the answer {one.source} cannot be read as UTF-8 text.") from None
        return one
