"""Proves the sender of a mail (G13): by login, by a trusted relay, or by a DKIM signature of the sender's domain."""

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

SECONDS = 5  # for one DNS look-up
SIGNATURES = 2  # of the domain that are checked
SINGLE = ("from", "subject", "date", "message-id")
"""Headers that a signature must cover and that may occur only once: an added one is not signed."""

OPTIONAL = {
    "to": "to", "cc": "cc", "reply-to": "reply_to", "in-reply-to": "in_reply_to", "references": "references",
}  # fmt: skip
"""Headers that are used only if the signature covers them, with the fields of Mail that they fill."""

TWICE = reason("header-repeated")

Lookup = Callable[..., bytes | None]
"""The dnsfunc of dkimpy: takes a name and `timeout`, returns the TXT record or None."""


class ProvenMail(Struct, frozen=True):
    """The proof of the sender, and the part of the mail that it covers.

    `by_dkim`: it rests on a signature alone; whoever has a signed mail can send it again.
    """

    proof: Proof
    mail: Mail
    by_dkim: bool = False


@never_in_a_write
def by_login_or_relay(
    mail: Mail, author: str, *, agent: Agent | None, login: str, authserv_id: str
) -> ProvenMail:
    """Return the proof by `login` ("" for none) or by the relay's Authentication-Results."""
    alone = _is_single_author(mail, author)
    if alone and agent and is_login(agent, login):
        return ProvenMail(Proof(AUTHENTICATED, reason("agent-login", agent=agent.name)), mail)
    found = authentication_results.verdict(mail, authserv_id)
    if not alone and found.proof.word != REFUTED:
        return ProvenMail(_not_single_author(author), mail)
    if not found.proof.sure or found.by is None:
        return ProvenMail(found.proof, mail)
    return _covered_by_relay(mail, found.proof, found.by)


def _covered_by_relay(mail: Mail, proof: Proof, signers: frozenset[str]) -> ProvenMail:
    """Return the part of the mail that the signatures cover which the relay found valid.

    The relay names the domain only, so with several signatures of that domain only what all of them cover counts.
    """
    signatures = [
        tags
        for tags in map(_tags, mail.all("dkim-signature"))
        if not signers or any(authentication_results.is_aligned(tags["d"], one) for one in signers)
    ]
    if not signatures and not signers:
        return ProvenMail(proof, mail)  # DMARC can only rest on SPF
    fault = next((why for tags in signatures if (why := _fault(tags))), "")
    if not signatures:
        fault = "is not in the mail"
    if fault or _duplicate_header(mail):
        why = f"its DKIM signature {fault}" if fault else TWICE.text
        why_not = reason("relay-pass-not-enough", relay=proof.why.text, fault=why)
        return ProvenMail(Proof(NONE, why_not), mail)
    return ProvenMail(proof, _drop_uncovered(mail, signatures), by_dkim=True)


def is_login(agent: Agent, login: str) -> bool:
    """Did this agent log in with this name?"""
    return bool(login) and login.lower() in (agent.email, agent.name.lower(), agent.login.lower())


@never_in_a_write
def by_dkim(mail: Mail, raw: bytes, author: str, lookup: Lookup | None = None) -> ProvenMail:
    """Check the signatures of the author's domain ourselves. A bad one refutes nothing, because lists break them.

    If one is valid, the mail is returned without the headers that it does not cover. May query the DNS, for at most
    SECONDS * SIGNATURES.
    """
    domain = author.rpartition("@")[2]
    if not _is_single_author(mail, author):
        return ProvenMail(_not_single_author(author), mail)
    if _duplicate_header(mail):
        return ProvenMail(Proof(NONE, TWICE), mail)
    why = reason("no-dkim-signature", domain=domain)
    for at, tags in _of_domain(mail, domain):
        fault = _fault(tags) or _why_invalid(raw, at, lookup)
        if not fault:
            proof = Proof(AUTHENTICATED, reason("dkim-pass", domain=tags["d"]))
            return ProvenMail(proof, _drop_uncovered(mail, [tags]), by_dkim=True)
        why = reason("dkim-not-enough", domain=terminal_line(tags["d"]), fault=fault)
    return ProvenMail(Proof(NONE, why), mail)


def _is_single_author(mail: Mail, author: str) -> bool:
    return [one.key for one in mail.from_] == [author]


def _not_single_author(author: str) -> Proof:
    return Proof(NONE, reason("from-not-author", author=author))


def _duplicate_header(mail: Mail) -> bool:
    return any(len(mail.all(name)) > 1 for name in (*SINGLE, *OPTIONAL))


def _drop_uncovered(mail: Mail, signatures: list[dict[str, str]]) -> Mail:
    """Remove headers that the signatures do not cover, because others may have added them; note it as a defect."""
    covers = frozenset[str].intersection(*map(_covers, signatures))
    added = [name for name in OPTIONAL if name not in covers and mail.all(name)]
    empty = {OPTIONAL[name]: None if name == "in-reply-to" else () for name in added}
    values = ", ".join(f"{name} {terminal_line(mail.first(name))[:200]}" for name in added)
    note = (f"not signed, so not used: {values}",) if added else ()
    return replace(mail, **empty, defects=(*mail.defects, *note))


def _covers(tags: dict[str, str]) -> frozenset[str]:
    return frozenset(tags.get("h", "").lower().split(":"))


def _of_domain(mail: Mail, domain: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Return the first signatures by the domain or a parent: index among all, and tags."""
    found = 0
    for at, value in enumerate(mail.all("dkim-signature")):
        tags = _tags(value)
        if found < SIGNATURES and authentication_results.is_aligned(tags.get("d", ""), domain):
            found += 1
            yield at, tags


def _tags(value: str) -> dict[str, str]:
    """Parse a tag list (RFC 6376 section 3.2); the domain in lower case."""
    pairs = (part.partition("=") for part in value[: authentication_results.MAX_LENGTH].split(";"))
    tags = {name.strip(): "".join(word.split()) for name, _, word in pairs}
    return tags | {"d": tags.get("d", "").lower()}


def _fault(tags: dict[str, str]) -> str:
    """Return what a signature lacks to be a proof; "" if nothing."""
    if "l" in tags:
        return "does not cover the end of the text"
    covers = _covers(tags)
    missing = [name for name in SINGLE if name not in covers]
    return f"does not cover {', '.join(missing)}" if missing else ""


def _why_invalid(raw: bytes, at: int, lookup: Lookup | None) -> str:
    """Return why the signature with this index is invalid; "" if it is valid."""
    import dkim

    try:
        checked = dkim.DKIM(raw, timeout=SECONDS, minkey=1024)
        holds = checked.verify(at, lookup or dkim.get_txt)
    except Exception as trouble:
        # Errors of dkimpy, of the DNS, of sockets, and whatever a foreign key or header causes.
        return f"cannot be checked: {terminal_line(str(trouble))[:120]}"
    return "" if holds else "is not valid, or its key cannot be found"
