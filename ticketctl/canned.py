"""Canned answers: texts of the site's template folder, `answers/NAME.txt`, `answers/LANGUAGE/NAME.txt` first.

They are filled in, in a sandbox, with what the customer's mail may say and nothing internal (L15).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ticketctl.errors import BadInput, NotFound
from ticketctl.render import LANGUAGE, LAST_LANGUAGE, UserTemplate
from ticketctl.samples import samples

# What an answer may say: all of it known to the customer.
NAMES = ("customer_name", "ticket", "ticket_subject", "agent_name", "desk_name", "tag")

_NAME = re.compile(r"\w[\w.-]{0,80}")


class Answers:
    """The canned answers of a site; `language` is the desk's."""

    def __init__(self, site: str, language: str = LAST_LANGUAGE) -> None:
        self._folder = Path(site) / "answers" if site else None
        self._desk_language = language

    def lint(self) -> list[str]:
        """Fill in every answer with sample data; one line a problem."""
        problems = []
        sample = samples("reply")[0]
        for path in self._files():
            try:
                self._filled(path, sample)
            except BadInput as wrong:
                problems.append(f"{path}: {wrong}")
        return problems

    def names(self) -> list[str]:
        """Every answer there is, in any language, in alphabetical order."""
        return sorted({path.stem for path in self._files()})

    def fill(self, name: str, language: str | None, data: Mapping[str, Any]) -> str:
        """An answer in the customer's language, else as it is; NotFound for an unknown one, naming those there are.

        BadInput where it cannot be filled in with `data`.
        """
        return self._filled(self._path(name, language), data)

    def _filled(self, path: Path, data: Mapping[str, Any]) -> str:
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise BadInput(f"the answer {path} cannot be read as UTF-8 text.") from None
        shown = {name: data[name] for name in NAMES}
        return UserTemplate(source, {}).render(shown).strip()

    def _files(self) -> list[Path]:
        if self._folder is None:
            return []
        found = (path for part in ("*.txt", "*/*.txt") for path in self._folder.glob(part))
        return sorted(path for path in found if _NAME.fullmatch(path.stem))

    def _path(self, name: str, language: str | None) -> Path:
        if self._folder is None:
            raise NotFound(
                f'no answer "{name}": set `templates` in config.toml, and put answers/{name}.txt into that folder.'
            )
        if _NAME.fullmatch(name):
            for path in self._places(self._folder, name, language):
                if path.is_file():
                    return path
        known = ", ".join(self.names()) or f"none; put {name}.txt into {self._folder}"
        raise NotFound(f'no answer "{name}"; there are: {known}.')

    def _places(self, folder: Path, name: str, language: str | None) -> Iterator[Path]:
        """es-mx, es, without a language, the desk's language, English, any other."""
        asked = (language or "").lower().replace("_", "-")
        if LANGUAGE.fullmatch(asked):
            yield folder / asked / f"{name}.txt"
            yield folder / asked.partition("-")[0] / f"{name}.txt"
        yield folder / f"{name}.txt"
        for fallback in (self._desk_language, LAST_LANGUAGE):
            yield folder / fallback / f"{name}.txt"
        yield from sorted(folder.glob(f"*/{name}.txt"))


def lint(site: str) -> list[str]:
    """Problems of the site's canned answers, one a line; none is an empty list."""
    return Answers(site).lint()
