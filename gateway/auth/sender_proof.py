"""Is a mail really its sender's (G13)? By their login, the verdict of a trusted relay, their domain's DKIM signature.

What cannot be found out is `none`, which has no power.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from gateway.auth import authentication_results
from gateway.parse.mail import Mail
from ticketctl.domain.base.proof import AUTHENTICATED, NONE, REFUTED, Proof
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.definition.definition import Agent
from ticketctl.safe import terminal_line
from ticketctl.write_guard import never_in_a_write

SECONDS = 5  # that one look-up may take
SIGNATURES = 2  # of his domain that are tried
SINGLE = ("from", "subject", "date", "message-id")
"""Headers that a signature must cover and that may stand only once: what is added on top is not signed."""

OPTIONAL = {
    "to": "to", "cc": "cc", "reply-to": "reply_to", "in-reply-to": "in_reply_to", "references": "references",
}  # fmt: skip
"""Headers that are believed where the signature covers them, and the fields of a Mail that they fill."""

TWICE = reason("header-repeated")

Lookup = Callable[..., bytes | None]
"""dkimpy's dnsfunc: a name and `timeout` to the TXT record there, None for none."""


class Signed(Struct, frozen=True):
    """What proves the sender, and the mail as far as that covers it. `by_dkim`: a signature alone does, and a signed
    mail can be sent again by whoever has it."""

    proof: Proof
    mail: Mail
    by_dkim: bool = False


@never_in_a_write
def by_login_or_relay(
    mail: Mail, author: str, *, agent: Agent | None, login: str, authserv_id: str
) -> Signed:
    """What is known at once: as whom the client logged in ("" for nobody), and what the relay found."""
    alone = _is_alone(mail, author)
    if alone and agent and is_login(agent, login):
        return Signed(Proof(AUTHENTICATED, reason("agent-login", agent=agent.name)), mail)
    found = authentication_results.verdict(mail, authserv_id)
    if not alone and found.proof.word != REFUTED:
        return Signed(_not_alone(author), mail)
    if not found.proof.sure or found.by is None:
        return Signed(found.proof, mail)
    return _vouched(mail, found.proof, found.by)


def _vouched(mail: Mail, proof: Proof, signers: frozenset[str]) -> Signed:
    """The mail as far as the signatures cover it that the relay found to hold; it names the domain, not which of
    several, so only what all of that domain cover."""
    signatures = [
        tags
        for tags in map(_tags, mail.all("dkim-signature"))
        if not signers or any(authentication_results.aligned(tags["d"], one) for one in signers)
    ]
    if not signatures and not signers:
        return Signed(proof, mail)  # DMARC can only rest on SPF
    fault = next((why for tags in signatures if (why := _fault(tags))), "")
    if not signatures:
        fault = "is not in the mail"
    if fault or _stands_twice(mail):
        why = f"its DKIM signature {fault}" if fault else TWICE.text
        why_not = reason("relay-pass-not-enough", relay=proof.why.text, fault=why)
        return Signed(Proof(NONE, why_not), mail)
    return Signed(proof, _covered(mail, signatures), by_dkim=True)


def is_login(agent: Agent, login: str) -> bool:
    """Is it the agent who logged in so?"""
    return bool(login) and login.lower() in (agent.email, agent.name.lower(), agent.login.lower())


@never_in_a_write
def signed(mail: Mail, raw: bytes, author: str, lookup: Lookup | None = None) -> Signed:
    """Our own look at the signatures of the author's domain; a bad one refutes nothing, lists break them.

    Where one holds, the mail comes back without the headers that it does not cover. May ask the DNS,
    never for longer than SECONDS * SIGNATURES.
    """
    domain = author.rpartition("@")[2]
    if not _is_alone(mail, author):
        return Signed(_not_alone(author), mail)
    if _stands_twice(mail):
        return Signed(Proof(NONE, TWICE), mail)
    why = reason("no-dkim-signature", domain=domain)
    for at, tags in _of_domain(mail, domain):
        fault = _fault(tags) or _broken(raw, at, lookup)
        if not fault:
            proof = Proof(AUTHENTICATED, reason("dkim-pass", domain=tags["d"]))
            return Signed(proof, _covered(mail, [tags]), by_dkim=True)
        why = reason("dkim-not-enough", domain=terminal_line(tags["d"]), fault=fault)
    return Signed(Proof(NONE, why), mail)


def _is_alone(mail: Mail, author: str) -> bool:
    return [one.key for one in mail.from_] == [author]


def _not_alone(author: str) -> Proof:
    return Proof(NONE, reason("from-not-author", author=author))


def _stands_twice(mail: Mail) -> bool:
    return any(len(mail.all(name)) > 1 for name in (*SINGLE, *OPTIONAL))


def _covered(mail: Mail, signatures: list[dict[str, str]]) -> Mail:
    """The mail without what others may have added to it on the way, or when they sent it again; its notes tell."""
    covers = frozenset[str].intersection(*map(_covers, signatures))
    added = [name for name in OPTIONAL if name not in covers and mail.all(name)]
    empty = {OPTIONAL[name]: None if name == "in-reply-to" else () for name in added}
    said = ", ".join(f"{name} {terminal_line(mail.first(name))[:200]}" for name in added)
    note = (f"not signed, so not followed: {said}",) if added else ()
    return replace(mail, **empty, defects=(*mail.defects, *note))


def _covers(tags: dict[str, str]) -> frozenset[str]:
    return frozenset(tags.get("h", "").lower().split(":"))


def _of_domain(mail: Mail, domain: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The first signatures by the domain or a parent of it: place among all, and tags."""
    found = 0
    for at, value in enumerate(mail.all("dkim-signature")):
        tags = _tags(value)
        if found < SIGNATURES and authentication_results.aligned(tags.get("d", ""), domain):
            found += 1
            yield at, tags


def _tags(value: str) -> dict[str, str]:
    """The tag list of RFC 6376 section 3.2, domain in lower case."""
    pairs = (part.partition("=") for part in value[: authentication_results.LONGEST].split(";"))
    tags = {name.strip(): "".join(word.split()) for name, _, word in pairs}
    return tags | {"d": tags.get("d", "").lower()}


def _fault(tags: dict[str, str]) -> str:
    """What a signature lacks to prove what a mail commands, "" for nothing."""
    if "l" in tags:
        return "does not cover the end of the text"
    covers = _covers(tags)
    missing = [name for name in SINGLE if name not in covers]
    return f"does not cover {', '.join(missing)}" if missing else ""


def _broken(raw: bytes, at: int, lookup: Lookup | None) -> str:
    """Why the signature at this place does not hold, "" where it does."""
    import dkim

    try:
        checked = dkim.DKIM(raw, timeout=SECONDS, minkey=1024)
        holds = checked.verify(at, lookup or dkim.get_txt)
    except Exception as trouble:
        # Errors of its own, of the DNS, of sockets, and whatever a foreign key or header makes it raise.
        return f"cannot be checked: {terminal_line(str(trouble))[:120]}"
    return "" if holds else "is not valid, or its key cannot be found"
