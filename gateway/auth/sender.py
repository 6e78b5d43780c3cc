"""Is a mail that claims to be an agent's really his (G13)? Only such mail is looked at so closely.

In this order: submitted with his own login, the verdict of a trusted relay, his domain's DKIM signature.
What cannot be found out is unknown, and the unknown has no power.
"""

from collections.abc import Callable, Iterator

from gateway.auth import results
from gateway.auth.results import Authenticity
from gateway.parse.mail import Mail
from ticketctl.desk.definition import Agent
from ticketctl.safe import one_line
from ticketctl.writing import never_in_a_write

SECONDS = 5  # that one look-up may take
SIGNATURES = 2  # of his domain that are tried
SINGLE = ("from", "subject", "date", "message-id")
"""Headers that a signature must cover and that may stand only once: what is added on top is not signed."""

Lookup = Callable[..., bytes | None]
"""dkimpy's dnsfunc: a name and `timeout` to the TXT record there, None for none."""


@never_in_a_write
def prove(
    mail: Mail,
    raw: bytes,
    agent: Agent,
    *,
    login: str,
    trusted: bool,
    authserv_id: str,
    verify_dkim: bool,
    lookup: Lookup | None = None,
) -> Authenticity:
    """Whether `agent` wrote the mail, and why. `login`: as whom the client logged in, "" for nobody.

    May ask the DNS, never for longer than SECONDS * SIGNATURES, and only where no relay has judged.
    """
    if [one.key for one in mail.from_] != [agent.email]:
        return Authenticity(None, "the From line is not the agent's address alone (G13)")
    if login and login.lower() in (agent.email, agent.name.lower(), agent.login.lower()):
        return Authenticity(True, f"{agent.name} logged in to send it (G13)")
    judged = results.verdict(mail, trusted=trusted, authserv_id=authserv_id)
    if judged.passed is not None or not verify_dkim:
        return judged
    signed = _signed(mail, raw, agent, lookup)
    return Authenticity(signed.passed, f"{judged.why}; {signed.why}")


def _signed(mail: Mail, raw: bytes, agent: Agent, lookup: Lookup | None) -> Authenticity:
    """Our own look at the signatures of his domain; a bad one refutes nothing, lists break them."""
    domain = agent.email.rpartition("@")[2]
    if any(len(mail.all(name)) > 1 for name in SINGLE):
        return Authenticity(None, "a header that must be alone stands twice (G13)")
    why = f"no DKIM signature of {domain} (G13)"
    for at, tags in _of_domain(mail, domain):
        fault = _fault(tags) or _broken(raw, at, lookup)
        if not fault:
            return Authenticity(True, f"DKIM signature of {tags['d']} holds (G13)")
        why = f"DKIM signature of {one_line(tags['d'])} {fault} (G13)"
    return Authenticity(None, why)


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
