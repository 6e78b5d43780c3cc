"""Is the sender who it says, by the checks that the relay in front of us made (G13, RFC 8601)."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from gateway.parse.mail import Mail
from ticketctl.domain.base.proof import AUTHENTICATED, NONE, REFUTED, Proof
from ticketctl.domain.base.reasons import reason
from ticketctl.write_guard import never_in_a_write

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


class Vouched(Struct, frozen=True):
    """What the relay says of the sender. `by`: the d= of the DKIM signatures that alone carry it, and with them only
    what they cover (empty where the relay names none); None: it speaks of the whole mail as it came."""

    proof: Proof
    by: frozenset[str] | None = None


@never_in_a_write
def verdict(mail: Mail, authserv_id: str) -> Vouched:
    """The judgement of the sender's domain by the server of this name; "" where nobody's is believed.

    Its dmarc=fail refutes the mail whatever the From looks like.
    """
    if not authserv_id:
        return _none("relay-not-trusted")
    first, later = _blocks(mail, authserv_id)
    if not first:
        return _none("no-authentication-results", server=authserv_id)
    found = [one for header in first for one in results_of(header[:LONGEST])]
    below = [one for header in later for one in results_of(header[:LONGEST])]
    if any(one.method == "dmarc" and one.result == "fail" for one in (*found, *below)):
        return Vouched(Proof(REFUTED, reason("dmarc-fail")))
    if any(len(header) > LONGEST for header in first):
        return _none("authentication-results-too-long", server=authserv_id)
    domain = mail.sender.key.rpartition("@")[2] if mail.sender else ""
    if not domain or len(mail.from_) > 1:
        return _none("sender-not-single")
    return _judged(found, domain)


def _none(slug: str, **values: str) -> Vouched:
    return Vouched(Proof(NONE, reason(slug, **values)))


def _blocks(mail: Mail, authserv_id: str) -> tuple[list[str], list[str]]:
    """The Authentication-Results with our id above the first hop that is not that server's: the first ones, with no
    hop and no other server's between them, and those below. What stands lower came with the mail: anybody wrote it."""
    wanted = authserv_id.strip().lower()
    first: list[str] = []
    later: list[str] = []
    hops, together = 0, True
    for name, value in mail.headers:
        if name == "received":
            if hops and _is_foreign(value, wanted):
                break
            hops += 1
            together = not first
        elif name == "authentication-results":
            if _id_of(value[:LONGEST]) == wanted:
                (first if together else later).append(value)
            else:
                together = not first
    return first, later


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

    try:
        parsed = AuthenticationResultsHeader.parse(f"Authentication-Results: {header}")
    except Exception:
        # It raises ValueError, IndexError and AttributeError on headers that large providers really send, and
        # RecursionError on comments that an attacker nests.
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


def _judged(results: Sequence[Result], domain: str) -> Vouched:
    """DMARC decides where it was checked; else an aligned SPF or DKIM pass proves the domain."""
    for each in results:
        if each.method == "dmarc" and each.result in BROKEN:
            return _none("dmarc-not-passed", result=each.result)
    passed = [
        (each.method, proven)
        for each in results
        if each.result == "pass" and (proven := _proven(each))
    ]
    ours = {method: proven for method, proven in passed if aligned(proven, domain)}
    method = next((one for one in ("dmarc", "spf", "dkim") if one in ours), None)
    if method is None:
        return _unproven(results, domain)
    proof = Proof(AUTHENTICATED, reason("relay-pass", method=method, domain=ours[method]))
    if "spf" in ours:
        return Vouched(proof)
    signers = frozenset(proven for method, proven in passed if method == "dkim")
    if not signers and any(each.method == "dkim" for each in results):
        return Vouched(proof)  # no signature holds: DMARC rests on SPF
    return Vouched(proof, frozenset(one for one in signers if aligned(one, domain)) or signers)


def _unproven(results: Sequence[Result], domain: str) -> Vouched:
    failed = next((each for each in results if each.result in BROKEN), None)
    if failed is not None:
        return _none("relay-fail", method=failed.method, result=failed.result, domain=domain)
    return _none("no-relay-pass", domain=domain)


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
