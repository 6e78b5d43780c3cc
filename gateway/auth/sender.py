"""Is a mail really its sender's (G13)? By their login, the verdict of a trusted relay, their domain's DKIM signature.

What cannot be found out is `none`, which has no power.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from gateway.auth import results
from gateway.parse.mail import Mail
from ticketctl.desk.definition import Agent
from ticketctl.desk.proof import AUTHENTICATED, NONE, Proof
from ticketctl.safe import one_line
from ticketctl.writing import never_in_a_write

SECONDS = 5  # that one look-up may take
SIGNATURES = 2  # of his domain that are tried
SINGLE = ("from", "subject", "date", "message-id")
"""Headers that a signature must cover and that may stand only once: what is added on top is not signed."""

OPTIONAL = {
    "to": "to", "cc": "cc", "reply-to": "reply_to", "in-reply-to": "in_reply_to", "references": "references",
}  # fmt: skip
"""Headers that are believed where the signature covers them, and the fields of a Mail that they fill."""

Lookup = Callable[..., bytes | None]
"""dkimpy's dnsfunc: a name and `timeout` to the TXT record there, None for none."""


class Signed(Struct, frozen=True):
    """What a signature proves, and the mail as far as it is covered."""

    proof: Proof
    mail: Mail


@never_in_a_write
def judged(mail: Mail, author: str, *, agent: Agent | None, login: str, authserv_id: str) -> Proof:
    """What is known at once: as whom the client logged in ("" for nobody), and what the relay found."""
    if [one.key for one in mail.from_] != [author]:
        return Proof(NONE, f"the From line is not the address {author} alone (G13)")
    if agent and is_login(agent, login):
        return Proof(AUTHENTICATED, f"{agent.name} logged in to send it (G13)")
    return results.verdict(mail, authserv_id)


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
    if [one.key for one in mail.from_] != [author]:
        return Signed(Proof(NONE, f"the From line is not the address {author} alone (G13)"), mail)
    if any(len(mail.all(name)) > 1 for name in (*SINGLE, *OPTIONAL)):
        return Signed(Proof(NONE, "a header that must be alone stands twice (G13)"), mail)
    why = f"no DKIM signature of {domain} (G13)"
    for at, tags in _of_domain(mail, domain):
        fault = _fault(tags) or _broken(raw, at, lookup)
        if not fault:
            proof = Proof(AUTHENTICATED, f"DKIM signature of {tags['d']} holds (G13)")
            return Signed(proof, _covered(mail, tags))
        why = f"DKIM signature of {one_line(tags['d'])} {fault} (G13)"
    return Signed(Proof(NONE, why), mail)


def _covered(mail: Mail, tags: dict[str, str]) -> Mail:
    """The mail without what others may have added to it on the way, or when they sent it again."""
    covered = tags.get("h", "").lower().split(":")
    added = [field for name, field in OPTIONAL.items() if name not in covered]
    return replace(mail, **{field: None if field == "in_reply_to" else () for field in added})


def _of_domain(mail: Mail, domain: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The first signatures by the domain or a parent of it: place among all, and tags."""
    found = 0
    for at, value in enumerate(mail.all("dkim-signature")):
        tags = _tags(value)
        if found < SIGNATURES and results.aligned(tags.get("d", ""), domain):
            found += 1
            yield at, tags


def _tags(value: str) -> dict[str, str]:
    """The tag list of RFC 6376 section 3.2, domain in lower case."""
    pairs = (part.partition("=") for part in value[: results.LONGEST].split(";"))
    tags = {name.strip(): "".join(word.split()) for name, _, word in pairs}
    return tags | {"d": tags.get("d", "").lower()}


def _fault(tags: dict[str, str]) -> str:
    """What a signature lacks to prove what a mail commands, "" for nothing."""
    if "l" in tags:
        return "leaves the end of the text open"
    covered = tags.get("h", "").lower().split(":")
    missing = [name for name in SINGLE if name not in covered]
    return f"does not cover {', '.join(missing)}" if missing else ""


def _broken(raw: bytes, at: int, lookup: Lookup | None) -> str:
    """Why the signature at this place does not hold, "" where it does."""
    import dkim
    from dns.exception import DNSException

    try:
        checked = dkim.DKIM(raw, timeout=SECONDS, minkey=1024)
        holds = checked.verify(at, lookup or dkim.get_txt)
    except (
        dkim.DKIMException,
        DNSException,
        OSError,
        ValueError,
        LookupError,
        TypeError,
    ) as trouble:
        return f"cannot be checked: {one_line(str(trouble))[:120]}"
    return "" if holds else "does not hold, or its key cannot be had"
