"""Is the sender who it says, by the checks that the relay in front of us made (G13, RFC 8601)."""

import re
from collections.abc import Iterator

from msgspec import Struct

from gateway.parse.mail import Mail
from ticketctl.desk.proof import AUTHENTICATED, NONE, REFUTED, Proof
from ticketctl.writing import never_in_a_write

LONGEST = 8_000
"""Characters of a header that are read; a longer one is no relay's."""

BROKEN = frozenset({"fail", "softfail", "hardfail", "permerror", "policy"})
MARK = re.compile(r'\\.|["()]', re.S)
CLAUSE = re.compile(r"^\s*([a-z][\w-]*)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)(.*)$", re.I | re.S)
PROPERTY = re.compile(r"(?<![a-z])([a-z]++)\s*+\.\s*+([\w-]++)\s*+=\s*+([^\s;]++)", re.I)


class Result(Struct, frozen=True):
    """One check of the relay: method and result in lower case, properties like `header.from`."""

    method: str
    result: str
    properties: dict[str, str]


@never_in_a_write
def verdict(mail: Mail, authserv_id: str) -> Proof:
    """The judgement of the sender's domain by the server of this name; "" where nobody's is believed."""
    if not authserv_id:
        return Proof(NONE, "nobody's Authentication-Results are believed of this way in (G13)")
    header = _topmost(mail, authserv_id)
    if header is None:
        return Proof(NONE, f"no Authentication-Results of {authserv_id} (G13)")
    domain = mail.sender.key.rpartition("@")[2] if mail.sender else ""
    if not domain or len(mail.from_) > 1:
        return Proof(NONE, "not exactly one sender to check (G13)")
    return _judged(results_of(header), domain)


def _topmost(mail: Mail, authserv_id: str) -> str | None:
    """The first Authentication-Results with our id, above the first hop that is not that server's: what stands lower
    came with the mail, and anybody may have written it."""
    wanted = authserv_id.strip().lower()
    hops = 0
    for name, value in mail.headers:
        if name == "received":
            if hops and _is_foreign(value, wanted):
                return None
            hops += 1
        elif name == "authentication-results" and _id_of(value[:LONGEST]) == wanted:
            return value if len(value) <= LONGEST else None
    return None


def _is_foreign(received: str, authserv_id: str) -> bool:
    """Was this hop made by another organisation's server? Hosts without a domain hand on within one."""
    words = _bare(received).split()
    at = next((n for n, word in enumerate(words) if word.lower() == "by"), len(words))
    host = "".join(words[at + 1 : at + 2]).lower().rstrip(".;")
    if "." not in host or ":" in host or host.startswith("["):
        return False
    parent = authserv_id.partition(".")[2]
    home = parent if "." in parent else authserv_id
    return not f".{host}".endswith(f".{home}")


def _id_of(header: str) -> str:
    """The authserv-id: what stands before the first semicolon, without comment and version."""
    words = _bare(header).partition(";")[0].split()
    return words[0].lower() if words and "=" not in words[0] else ""


def results_of(header: str) -> tuple[Result, ...]:
    """The results of one header value; the library reads it, or we do where it refuses."""
    from authres import AuthenticationResultsHeader
    from authres.core import AuthResError

    try:
        parsed = AuthenticationResultsHeader.parse(f"Authentication-Results: {header}")
    except (AuthResError, ValueError, IndexError, AttributeError):
        # It raises these on headers that large providers really send.
        return tuple(_read(header))
    return tuple(
        Result(
            str(each.method).lower(),
            str(each.result).lower(),
            {f"{item.type}.{item.name}".lower(): str(item.value) for item in each.properties},
        )
        for each in parsed.results
        if each.method
    )


def _read(header: str) -> Iterator[Result]:
    """Our own reading: without quoted strings and comments, in which anything may be written."""
    for clause in _bare(header).split(";")[1:]:
        if found := CLAUSE.match(clause):
            properties = {
                f"{kind}.{name}".lower(): value for kind, name, value in PROPERTY.findall(found[3])
            }
            yield Result(found[1].lower(), found[2].lower(), properties)


def _bare(header: str) -> str:
    """A header value without quoted strings and (nested) comments; an open one hides all that follows."""
    text = header[:LONGEST]
    kept: list[str] = []
    at = depth = 0
    quoted = False
    for found in MARK.finditer(text):
        mark = found[0]
        if mark[0] == "\\":
            continue
        if not depth and not quoted:
            kept.append(text[at : found.start()])
        at = found.end()
        if mark == '"':
            quoted = not quoted and not depth  # inside a comment it is a letter like any other
        elif not quoted:
            depth = max(0, depth + (1 if mark == "(" else -1))
    return " ".join(kept if depth or quoted else [*kept, text[at:]])


def _judged(results: tuple[Result, ...], domain: str) -> Proof:
    """DMARC decides where it was checked; else an aligned DKIM or SPF pass proves the domain."""
    for each in results:
        if each.method == "dmarc" and each.result in BROKEN:
            word = REFUTED if each.result == "fail" else NONE
            return Proof(word, f"dmarc={each.result} (G13)")
    for each in results:
        if each.result == "pass" and (proven := _proven(each)) and aligned(proven, domain):
            return Proof(AUTHENTICATED, f"{each.method}=pass for {proven} (G13)")
    failed = next((each for each in results if each.result in BROKEN), None)
    if failed is not None:
        return Proof(NONE, f"{failed.method}={failed.result}, nothing else proves {domain} (G13)")
    return Proof(NONE, f"no check proves {domain} (G13)")


def _proven(result: Result) -> str:
    """The domain that a passed check speaks of, "" if it names none."""
    names = {
        "dmarc": ("header.from",),
        "dkim": ("header.d", "header.i"),
        "spf": ("smtp.mailfrom", "smtp.mail"),
    }.get(result.method, ())
    value = next((result.properties[name] for name in names if name in result.properties), "")
    return value.strip("<>\"'").rpartition("@")[2].lower().rstrip(".")


def aligned(proven: str, domain: str) -> bool:
    """The same domain, or a parent of it. A child proves nothing: others may own it."""
    return proven == domain or ("." in proven and domain.endswith(f".{proven}"))
