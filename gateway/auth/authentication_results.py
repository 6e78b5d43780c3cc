"""Reads what a trusted relay found about the sender, from Authentication-Results (G13, RFC 8601)."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from gateway.parse.mail import Mail
from ticketctl.domain.base import addresses
from ticketctl.domain.base.proof import AUTHENTICATED, NONE, REFUTED, Proof
from ticketctl.domain.base.reasons import reason
from ticketctl.write_guard import never_in_a_write

MAX_LENGTH = 8_000
"""Characters of a header that are read; no relay writes longer ones."""

BROKEN = frozenset({"fail", "softfail", "hardfail", "permerror", "policy"})
MARK = re.compile(r'\\.|["()]', re.S)
CLAUSE = re.compile(r"^\s*([a-z][\w-]*)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)(.*)$", re.I | re.S)
PROPERTY = re.compile(r"(?<![a-z])([a-z]++)\s*+\.\s*+([\w-]++)\s*+=\s*+([^\s;]++)", re.I)


class CheckResult(Struct, frozen=True):
    """One check of the relay: method and result in lower case, properties such as `header.from`."""

    method: str
    result: str
    properties: dict[str, str]


class RelayVerdict(Struct, frozen=True):
    """What the relay says about the sender.

    `by`: the domains (d=) of the DKIM signatures it rests on; then only what they cover is proven. Empty if the relay
    names none. None: it does not rest on DKIM, and covers the whole mail.
    """

    proof: Proof
    by: frozenset[str] | None = None


@never_in_a_write
def verdict(mail: Mail, authserv_id: str) -> RelayVerdict:
    """Return the verdict of the server with this authserv-id on the sender's domain; "": no server is trusted.

    Its dmarc=fail refutes the mail, whatever From says.
    """
    if not authserv_id:
        return _none("relay-not-trusted")
    first, later = _blocks(mail, authserv_id)
    if not first:
        return _none("no-authentication-results", server=authserv_id)
    found = [one for header in first for one in results_of(header[:MAX_LENGTH])]
    below = [one for header in later for one in results_of(header[:MAX_LENGTH])]
    if any(one.method == "dmarc" and one.result == "fail" for one in (*found, *below)):
        return RelayVerdict(Proof(REFUTED, reason("dmarc-fail")))
    if any(len(header) > MAX_LENGTH for header in first):
        return _none("authentication-results-too-long", server=authserv_id)
    domain = mail.sender.key.rpartition("@")[2] if mail.sender else ""
    if not domain or len(mail.from_) > 1:
        return _none("sender-not-single")
    return _evaluate(found, domain)


def _none(slug: str, **values: str) -> RelayVerdict:
    return RelayVerdict(Proof(NONE, reason(slug, **values)))


def _blocks(mail: Mail, authserv_id: str) -> tuple[list[str], list[str]]:
    """Return the headers of our server: the first block of them, and those below, up to the first foreign hop.

    Headers further down came with the mail, so anybody may have written them.
    """
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
            if _id_of(value[:MAX_LENGTH]) == wanted:
                (first if together else later).append(value)
            else:
                together = not first
    return first, later


def _is_foreign(received: str, authserv_id: str) -> bool:
    """Was this Received line written by another organisation's server? Host names without a domain are internal."""
    words = _without_comments(received).split()
    at = next((n for n, word in enumerate(words) if word.lower() == "by"), len(words))
    host = "".join(words[at + 1 : at + 2]).lower().rstrip(".;")
    if "." not in host or ":" in host or host.startswith("["):
        return False
    parent = authserv_id.partition(".")[2]
    home = parent if "." in parent else authserv_id
    return not f".{host}".endswith(f".{home}")


def _id_of(header: str) -> str:
    """Return the authserv-id: the text before the first semicolon, without comment and version."""
    words = _without_comments(header).partition(";")[0].split()
    return words[0].lower() if words and "=" not in words[0] else ""


def results_of(header: str) -> tuple[CheckResult, ...]:
    """Return the results of one header value, by the library, or by our own parser if that fails."""
    from authres import AuthenticationResultsHeader

    try:
        parsed = AuthenticationResultsHeader.parse(f"Authentication-Results: {header}")
    except Exception:
        # It raises ValueError, IndexError and AttributeError on headers that large providers send, and
        # RecursionError on deeply nested comments.
        return tuple(_read(header))
    return tuple(
        CheckResult(
            str(each.method).lower(),
            str(each.result).lower(),
            {f"{item.type}.{item.name}".lower(): str(item.value) for item in each.properties},
        )
        for each in parsed.results
        if each.method
    )


def _read(header: str) -> Iterator[CheckResult]:
    """Parse results ourselves, ignoring quoted strings and comments."""
    for clause in _without_comments(header).split(";")[1:]:
        if found := CLAUSE.match(clause):
            properties = {
                f"{kind}.{name}".lower(): value for kind, name, value in PROPERTY.findall(found[3])
            }
            yield CheckResult(found[1].lower(), found[2].lower(), properties)


def _without_comments(header: str) -> str:
    """Remove quoted strings and (nested) comments; an unclosed one hides everything after it."""
    text = header[:MAX_LENGTH]
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
            quoted = not quoted and not depth  # inside a comment it is an ordinary character
        elif not quoted:
            depth = max(0, depth + (1 if mark == "(" else -1))
    return " ".join(kept if depth or quoted else [*kept, text[at:]])


def _evaluate(results: Sequence[CheckResult], domain: str) -> RelayVerdict:
    """DMARC decides if it was checked; else an aligned SPF or DKIM pass proves the domain."""
    for each in results:
        if each.method == "dmarc" and each.result in BROKEN:
            return _none("dmarc-not-passed", result=each.result)
    passed = [
        (each.method, proven)
        for each in results
        if each.result == "pass" and (proven := _domain_of(each))
    ]
    ours = {method: proven for method, proven in passed if is_aligned(proven, domain)}
    method = next((one for one in ("dmarc", "spf", "dkim") if one in ours), None)
    if method is None:
        return _unproven(results, domain)
    proof = Proof(AUTHENTICATED, reason("relay-pass", method=method, domain=ours[method]))
    if "spf" in ours:
        return RelayVerdict(proof)
    signers = frozenset(proven for method, proven in passed if method == "dkim")
    if not signers and any(each.method == "dkim" for each in results):
        return RelayVerdict(proof)  # no valid signature: DMARC rests on SPF
    return RelayVerdict(
        proof, frozenset(one for one in signers if is_aligned(one, domain)) or signers
    )


def _unproven(results: Sequence[CheckResult], domain: str) -> RelayVerdict:
    failed = next((each for each in results if each.result in BROKEN), None)
    if failed is not None:
        return _none("relay-fail", method=failed.method, result=failed.result, domain=domain)
    return _none("no-relay-pass", domain=domain)


def _domain_of(result: CheckResult) -> str:
    """Return the domain that a passed check is about; "" if it names none."""
    names = {
        "dmarc": ("header.from",),
        "dkim": ("header.d", "header.i"),
        "spf": ("smtp.mailfrom", "smtp.mail"),
    }.get(result.method, ())
    value = next((result.properties[name] for name in names if name in result.properties), "")
    # RFC 8616 section 5 allows U-labels here.
    return addresses.domain(value.strip("<>\"'").rpartition("@")[2].rstrip("."))


def is_aligned(proven: str, domain: str) -> bool:
    """Is it the same domain or a parent? A subdomain proves nothing, because others may own it."""
    return proven == domain or ("." in proven and domain.endswith(f".{proven}"))
