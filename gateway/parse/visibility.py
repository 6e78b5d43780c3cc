"""Removes what a browser would not show, by the `hidden` attribute and inline styles (H10).

`mso-hide` is no reason: it hides only from Outlook.
"""

import re
from typing import Any

from msgspec import Struct

_ZERO = re.compile(r"[+-]?(?:0+(?:\.0*)?|\.0+)(?:[a-z]+|%)?")
_RELATIVE = re.compile(
    r"[0-9.]*(?:em|ex|ch|%)|inherit|unset|smaller|larger"
)  # to the size of the element around
_SIZE = re.compile(r"0|[0-9.]+(?:[a-z]+|%)|(?:xx?-)?(?:small|large)|medium|smaller|larger")
_INLINE = {"a", "b", "em", "font", "i", "small", "span", "strong", "u"}
_CELLS = {"table", "tbody", "td", "th", "thead", "tr"}  # grow with what is in them


class _State(Struct, frozen=True):
    """What the elements inside inherit."""

    gone: bool = False  # nothing inside can be seen
    no_size: bool = False  # a font size of 0
    unseen: bool = False  # visibility: hidden


def remove_invisible(tree: Any) -> bool:
    """Remove invisible elements and text; return whether there were any."""
    states: dict[Any, _State] = {}
    gone: list[Any] = []
    removed = False
    for element in tree.iter():
        above = states.get(element.getparent(), _State())
        if not isinstance(element.tag, str):
            continue  # a comment
        state = states[element] = _state(element, above)
        if state.gone and not above.gone:
            gone.append(element)
        elif state.no_size or state.unseen:
            removed = _remove_text(element) or removed
            if state.unseen:
                element.attrib.pop("alt", None)
        if not state.gone and "display" in element.get("style", ""):
            del element.attrib["style"]  # it was read here, overridden values included
    for element in gone:
        element.text = None
        element.attrib.pop("alt", None)
        del element[:]
    return removed or bool(gone)


def _remove_text(element: Any) -> bool:
    """Remove the text of an element, but not of those inside; return whether there was any."""
    said = [element.text, *(child.tail for child in element)]
    element.text = " "  # visible words around it stay apart
    for child in element:
        child.tail = " "
    return any(piece and not piece.isspace() for piece in said)


def _state(element: Any, above: _State) -> _State:
    """Return what holds for the text of an element. `above`: what holds around it."""
    style = _declarations(element.get("style") or "")
    size = style.get("font-size", "medium" if element.tag == "font" and element.get("size") else "")
    visibility = style.get("visibility", "")
    display = style.get("display", "none" if "hidden" in element.attrib else "")
    return _State(
        gone=above.gone
        or display == "none"
        or _ZERO.fullmatch(style.get("opacity", "")) is not None
        or _is_clipped(element.tag, display, style),
        no_size=_has_no_size(size, above),
        unseen=visibility in ("hidden", "collapse")
        or (above.unseen and visibility not in ("visible", "initial")),
    )


def _has_no_size(size: str, above: _State) -> bool:
    if not size or (above.no_size and _RELATIVE.fullmatch(size)):
        return above.no_size
    return _ZERO.fullmatch(size) is not None


def _is_clipped(tag: str, display: str, style: dict[str, str]) -> bool:
    """Is a block of no height or width, with what overflows hidden?"""
    if tag in _CELLS or (tag in _INLINE and display in ("", "inline")):
        return False
    overflow = style.get("overflow", "") + style.get("overflow-x", "") + style.get("overflow-y", "")
    if "hidden" not in overflow and "clip" not in overflow:
        return False
    sizes = (style.get(name, "") for name in ("height", "max-height", "width", "max-width"))
    return any(_ZERO.fullmatch(size) for size in sizes)


def _declarations(style: str) -> dict[str, str]:
    """Return the declarations that count: the last of each name, important ones before others."""
    found: dict[str, str] = {}
    important: dict[str, str] = {}
    for each in style.lower().split(";"):
        name, _, value = each.partition(":")
        name, value = name.strip(), " ".join(value.split())
        wins = important if value.endswith("important") and "!" in value else found
        value = value.partition("!")[0].strip()
        if name == "font":
            name, value = "font-size", _size_in(value)
        if value:
            wins[name] = value
    return found | important


def _size_in(font: str) -> str:
    """Return the size in a value of `font`, as in "bold 13px/1.2 Arial"; "" if there is none."""
    words = (word.partition("/")[0] for word in font.split())
    return next((word for word in words if _SIZE.fullmatch(word)), "")
