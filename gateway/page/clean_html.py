"""Sanitises the HTML of mails by an allow-list of tags, attributes, addresses and styles (K1-K4, K6)."""

import base64
import re
from collections.abc import Mapping
from urllib.parse import unquote

import nh3

MAX_HTML = 2 << 20  # characters; longer HTML is shown as text
MAX_MARKS = 100_000  # tags and entities, each of which takes some microseconds
MAX_DEPTH = 200  # K6
MAX_OPEN = 2_000  # elements open at once; the time grows with their square
MAX_IMAGE = 1 << 20  # bytes
IMAGES = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}
"""Types that are shown inline; not SVG, which may contain scripts."""

_TAG_NAMES = (
    "a abbr b blockquote br caption center cite code col colgroup dd del details div dl dt em figcaption figure font"
    " h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub summary sup table"
    " tbody td tfoot th thead tr tt u ul var wbr"
)
_GONE = {"script", "style", "title", "noscript", "template", "iframe", "object", "svg", "math"}
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title", "valign"},
    "a": {"href"},
    "img": {"alt", "height", "src", "width"},
    "col": {"span", "width"},
    "font": {"color"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"bgcolor", "colspan", "rowspan", "width"},
    "th": {"bgcolor", "colspan", "rowspan", "width"},
}
# Nothing that moves an element, loads anything, or hides text (K4).
_STYLES = {
    *("background-color", "color", "direction", "display", "font-style", "font-weight"),
    "list-style-type",
    *("text-align", "text-decoration", "vertical-align", "white-space"),
    *("border", "border-bottom", "border-collapse", "border-left", "border-right", "border-top"),
    *("padding", "padding-bottom", "padding-left", "padding-right", "padding-top"),
}
_LINKS = ("http://", "https://", "mailto:", "tel:")
_SIZE = re.compile(r"[0-9]{1,4}%?")
_BAD_STYLE = re.compile(r"[\\@(<]|/\*")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
_CLOSED_BY_NEXT = frozenset({"dd", "dt", "li", "p", "td", "th", "tr", "tbody", "thead", "tfoot"})
_SIZES = {"height", "width", "colspan", "rowspan", "span", "start"}
# An empty frame, crossed out: it has no words, so it needs no language.
_SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='48' height='24'><path d='M0 0h48v24H0zL48 24M0 24 48 0' "
    "fill='#eee' stroke='#666'/></svg>"
)
PLACEHOLDER = "data:image/svg+xml;base64," + base64.b64encode(_SVG.encode()).decode()


def clean(html: str, images: Mapping[str, str]) -> str | None:
    """Return the part of `html` that may be shown, balanced; None if it is too large or too deep.

    `images`: data: URLs by lower-case Content-ID. Every other image becomes a placeholder (K3).
    """
    if len(html) > MAX_HTML or html.count("<") + html.count("&") > MAX_MARKS:
        return None
    if _depth(html.lower(), _VOID | _CLOSED_BY_NEXT) > MAX_OPEN:
        return None  # nh3 would take minutes

    def filter_attribute(tag: str, attribute: str, value: str) -> str | None:
        return _allowed_value(attribute, value, images)

    cleaned = nh3.clean(
        html.encode("utf-8", "replace").decode(),  # a lone surrogate makes nh3 raise
        tags=set(_TAG_NAMES.split()),
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=filter_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        filter_style_properties=_STYLES,
        link_rel="noreferrer noopener nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )
    return cleaned if _depth(cleaned, _VOID) <= MAX_DEPTH else None


def image(type_: str, content: bytes) -> str | None:
    """Return a data: URL for an image of the mail; None if its type or size is not allowed."""
    if type_ not in IMAGES or len(content) > MAX_IMAGE:
        return None
    return f"data:{type_};base64,{base64.b64encode(content).decode()}"


def _allowed_value(attribute: str, value: str, images: Mapping[str, str]) -> str | None:
    """Return the allowed value of an attribute; None to drop it."""
    if attribute == "src":
        scheme, _, rest = value.strip().partition(":")
        known = images.get(unquote(rest).lower()) if scheme.lower() == "cid" else None
        return known or PLACEHOLDER
    if attribute == "href":
        return value if value.strip().lower().startswith(_LINKS) else None
    if attribute == "style":
        return None if _BAD_STYLE.search(value) else value
    if attribute in _SIZES:
        return value if _SIZE.fullmatch(value.strip()) else None
    return value


def _depth(html: str, flat: frozenset[str]) -> int:
    """Return how deep the elements nest. Those in `flat` contain no others, or the next of their kind closes them."""
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if closing:
            depth -= name not in flat
        elif name not in flat:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
