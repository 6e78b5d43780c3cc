"""The HTML of a mail as a mail program takes it: its colours in light and dark, with and without its style sheet."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from lxml import html as lxml_html  # type: ignore[import-untyped]

PHONE, PAGE = 390, 600  # CSS pixels
CLIPPED = 102 * 1024  # bytes; Gmail cuts off what is longer
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
_DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{(.*?\})\s*\}", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_EDGES = 5  # pixels: borders of a cell and the space beside it
_PIXELS = re.compile(r"(\d+(?:\.\d+)?)px")


class Paint(NamedTuple):
    """The colours of an element with words of its own."""

    words: str
    ink: str
    paper: str

    @property
    def contrast(self) -> float:
        return contrast(self.ink, self.paper)


class MailPage:
    """A page, and what is wrong with it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree: Any = lxml_html.document_fromstring(source)
        self.elements = [one for one in self.tree.iter() if isinstance(one.tag, str)]
        self.sheet = "".join(one.text or "" for one in self.tree.iter("style"))

    @cached_property
    def dark(self) -> dict[str, dict[str, str]]:
        """What the style sheet says of each class in the dark."""
        block = _DARK.search(self.sheet)
        rules = _RULE.findall(block[1]) if block else []
        return {name.strip().removeprefix("."): declared(style) for name, style in rules}

    def meta(self, name: str) -> str:
        found = self.tree.xpath("//meta[@name=$name]/@content", name=name)
        assert len(found) == 1, f"there is not one <meta name={name}>"
        return str(found[0])

    def links(self) -> list[tuple[str, str]]:
        """Where each link leads, and what it shows."""
        return [(one.get("href", ""), one.text_content()) for one in self.tree.iter("a")]

    def painted(self, scheme: str) -> Iterator[Paint]:
        """The colours of all words; in light they are those of a program that drops the style sheet."""
        yield from self._painted(self.tree.body, scheme, "", "")

    def _painted(self, element: Any, scheme: str, ink: str, paper: str) -> Iterator[Paint]:
        styles = [declared(element.get("style", ""))]
        if scheme == "dark":
            styles += [self.dark.get(one, {}) for one in element.get("class", "").split()]
        for style in styles:
            ink = style.get("color", ink)
            paper = style.get("background-color", paper)
        words = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
        if words:
            yield Paint(words, ink, paper)
        for child in element:
            if isinstance(child.tag, str):
                yield from self._painted(child, scheme, ink, paper)

    def half_painted(self) -> list[str]:
        """Every place that sets a colour without a background, or the other way round."""
        styles = [one.get("style", "") for one in self.elements]
        styles += [style for _, style in _RULE.findall(self.sheet)]
        return [
            style
            for style in styles
            if ("color" in declared(style)) != ("background-color" in declared(style))
        ]

    def left_light(self) -> list[str]:
        """The styles with colours that no class makes dark."""
        return [
            one.get("style", "")
            for one in self.elements
            if "color" in declared(one.get("style", ""))
            and not any("color" in self.dark.get(name, {}) for name in one.get("class", "").split())
        ]

    def wide(self, room: int) -> list[str]:
        """All that must be wider than `room`."""
        found = []
        for one in self.elements:
            style = declared(one.get("style", ""))
            sizes = [*style.get("width", "").split(), *style.get("min-width", "").split()]
            pixels = [float(size[1]) for size in map(_PIXELS.fullmatch, sizes) if size]
            row = [one.get("width", "") for one in (one if one.tag == "tr" else [one])]
            pixels.append(sum(int(size) + _EDGES for size in row if size.isdigit()))
            if max(pixels) > room:
                found.append(lxml_html.tostring(one, encoding="unicode")[:100])
        return found

    def tables_of_no_kind(self) -> list[str]:
        """Tables that are neither for layout alone nor have headings that say what they head."""
        return [
            lxml_html.tostring(table, encoding="unicode")[:200]
            for table in self.tree.iter("table")
            if (table.get("role") == "presentation")
            == bool(table.xpath("./tr/th[@scope]|./thead/tr/th[@scope]"))
            or table.xpath(".//th[not(@scope)]")
        ]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2): from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def declared(style: str) -> dict[str, str]:
    """A style as property and value."""
    pairs = (one.partition(":") for one in style.split(";") if ":" in one)
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def _luminance(colour: str) -> float:
    assert re.fullmatch("#[0-9a-f]{6}", colour), f"{colour!r} is no colour"
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
