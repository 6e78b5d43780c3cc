"""Every code that the code or a test cites is a row of docs/rules.md or docs/features.md."""

import ast
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from string import Formatter

import pytest

from tests.support import sources
from tests.support.sources import ROOT
from ticketctl.cli.reference.write import with_reasons
from ticketctl.domain.base.reasons import REASONS

OURS = sources.files("ticketctl", "gateway")
FILES = [
    path
    for path in (*OURS, *sources.files("tests"), *sorted(ROOT.glob("tests/**/*.txt")))
    if path != Path(__file__)
]

# A bare code is a mail rule; Q and T are letters of features, which must not be cited without their F-.
_CODE = r"F-[A-Z]\d{1,2}|[A-LQT]\d{1,2}"
# Not C3 of `=C3=BC`, A1 of `SUM(A1)` and `A1:B2`, T1 of `T1.subject`, nor what stands in quotes or a path.
_CITED = re.compile(rf"(?<![\w%=\-'\"`/@.+$#&])(?:{_CODE})(?![\w%=@'\"`]|[.:]\w)")
_RANGE = re.compile(rf"(?<![\w-])({_CODE})-({_CODE})(?!\w)")
_BRACKET = re.compile(rf"(?:^|(?<=\s))\((?:(?:{_CODE})(?:, |\)))+")
_OLD = re.compile(r"\((?:[^()\n]*[ ,;(])?((?:row|decision) \d{1,2})\b|\b(features? row \d+)")
_IN_NAME = re.compile(r"_(F_[A-Z]\d{1,2}|[A-LQT]\d{1,2}|row_\d{1,2})(?=_|\b)")
_ANY = re.compile(r"(?<![A-Za-z0-9])[A-LQT]\d|row_\d|\b(?:row|decision) \d")
_CONTROLS = re.compile(r"\bC0\b.*\bC1\b")  # the two sets of control characters


@cache
def page(name: str) -> list[tuple[str, str]]:
    """The rows of a page: the heading above each, and its code."""
    found, heading = [], ""
    for line in (ROOT / "docs" / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.split()[1]
        elif row := re.match(r"\| ((?:F-)?[A-Z]\d+) \| \S", line):
            found.append((heading, row[1]))
    return found


def known() -> set[str]:
    return {code for name in ("rules.md", "features.md") for _, code in page(name)}


def in_prose(text: str) -> Iterator[str]:
    """The codes of a comment or a docstring."""
    for line in text.splitlines():
        if not _CONTROLS.search(line):
            yield from (code for both in _RANGE.findall(line) for code in both)
            yield from _CITED.findall(line)
            yield from ("".join(one) for one in _OLD.findall(line))


def in_string(text: str) -> Iterator[str]:
    """The codes of any other string: only such as stand alone in brackets."""
    for group in _BRACKET.findall(text):
        yield from re.findall(_CODE, group)


def in_python(source: str) -> Iterator[str]:
    docstrings = {
        node.body[0].lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and ast.get_docstring(node, clean=False) is not None
    }
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type == tokenize.COMMENT or (
            token.type == tokenize.STRING and token.start[0] in docstrings
        ):
            yield from in_prose(token.string)
        elif token.type == tokenize.STRING:
            yield from in_string(token.string.strip("rfbRFB\"'"))
        elif token.type == tokenize.NAME and token.string.startswith("test_"):
            yield from (code.replace("F_", "F-") for code in _IN_NAME.findall(token.string))


def in_page(source: str) -> Iterator[str]:
    for line in source.splitlines():
        yield from in_prose(line) if line.startswith("# ") else in_string(line)


def cited(path: Path) -> set[str]:
    """The codes that a file cites."""
    source = path.read_text(encoding="utf-8")
    if not _ANY.search(source):
        return set()
    return set(in_python(source) if path.suffix == ".py" else in_page(source))


def test_every_code_that_is_cited_is_explained() -> None:
    unknown = {str(path.relative_to(ROOT)): cited(path) - known() for path in FILES}
    unknown = {path: codes for path, codes in unknown.items() if codes}
    assert unknown == {}, "give each a row in docs/rules.md or docs/features.md, or mend the code"


def test_every_feature_has_a_test_that_is_named_after_it() -> None:
    """The faults F-R and the decisions F-D have theirs wherever they can go wrong."""
    names = " ".join(
        node.name
        for path in sources.files("tests/features")
        for node in sources.nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    tested = {code.replace("F_", "F-") for code in _IN_NAME.findall(names)}
    features = {code for heading, code in page("features.md") if heading not in ("F-R", "F-D")}
    assert len(features) > 120
    assert features - tested == set(), "write it in tests/features, seen from outside"


@pytest.mark.parametrize("name", ["rules.md", "features.md"])
def test_every_code_has_one_row_in_its_section_and_in_order(name: str) -> None:
    rows = page(name)
    assert all(code.rstrip("0123456789") == heading for heading, code in rows)
    numbers = [(code.rstrip("0123456789"), int(re.sub(r"\D", "", code))) for _, code in rows]
    sections = list(dict.fromkeys(letter for letter, _ in numbers))
    assert numbers == sorted(set(numbers), key=lambda one: (sections.index(one[0]), one[1]))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""Who may add (D9, F-L8; RFC 3464)."""', {"D9", "F-L8"}),
        ("x = 1  # E13", {"E13"}),
        ('"""Rules A1–A19, G1-G5 and K1 to K8."""', {"A1", "A19", "G1", "G5", "K1", "K8"}),
        ('why = f"#{n} is gone (D8)"', {"D8"}),
        ('said = ("=?utf-8?q?=C3=BC?=", "A4", "=SUM(A1)", sheet["B2"])', set()),
        ('"""`T1.subject`, #A1B2C3, L10N, B2:C3 and C0 and C1 controls."""', set()),
        ("def test_D15_mail_to_a_merged_ticket_F_R19(): pass", {"D15", "F-R19"}),
        ('"""Forgotten (row 40), kept (F-A9; decision 9)."""', {"row 40", "F-A9", "decision 9"}),
        ("def test_row_40_nobody_is_left(): pass", {"row_40"}),
    ],
)
def test_codes_are_told_from_what_only_looks_like_them(source: str, found: set[str]) -> None:
    assert set(in_python(source)) == found


def test_users_read_no_code() -> None:
    spoken = {
        f"{path.relative_to(ROOT)}:{node.lineno}": node.value
        for path in OURS
        for node in _strings(path)
        if set(in_string(str(node.value)))
    }
    assert spoken == {}, (
        "say it in a sentence; a reason has a slug (ticketctl/domain/base/reasons.py)"
    )


def _strings(path: Path) -> Iterator[ast.Constant]:
    """The text constants of a module but its docstrings."""
    statements = {id(node.value) for node in sources.nodes(path) if isinstance(node, ast.Expr)}
    for node in sources.nodes(path):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in statements
        ):
            yield node


def test_every_reason_is_listed_given_and_stands_for_a_rule() -> None:
    listed = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    assert with_reasons(listed) == listed, "run `make docs`"
    assert {rule for _, rule in REASONS.values()} <= known()
    assert [slug for slug in REASONS if not re.fullmatch(r"[a-z]+(-[a-z]+)*", slug)] == []
    given = {node.value for path in OURS if path.name != "reasons.py" for node in _strings(path)}
    steps = {"no-reply-token", "no-bounce-address", "no-known-message-id", "no-subject-tag"}
    assert REASONS.keys() - given - steps - {"no-early-answer"} == set()


def test_every_reason_is_given_all_that_its_sentence_names() -> None:
    """Else a rare mail would raise where its reason is written down."""
    wanted = {
        slug: {field for _, field, _, _ in Formatter().parse(text) if field}
        for slug, (text, _) in REASONS.items()
    }
    calls = [
        (f"{path.relative_to(ROOT)}:{node.lineno}", node)
        for path in OURS
        for node in sources.calls(path)
        if ast.unparse(node.func) in ("reason", "hit", "_none")
    ]
    lacking = {
        (place, slug.value): wanted[slug.value] - {given.arg for given in call.keywords}
        for place, call in calls
        for slug in ast.walk(call.args[0])
        if isinstance(slug, ast.Constant) and slug.value in wanted
    }
    assert len(lacking) > 80
    assert {place: names for place, names in lacking.items() if names} == {}
