"""Finds the mailbox of the desk that an address belongs to (A15, A16)."""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from ticketctl.domain.base import addresses, signed_addresses
from ticketctl.domain.definition.definition import Definition

_ALWAYS = ("postmaster", "abuse")
_BESIDES_PLUS = ("--", "-", "=")


class Route(Struct, frozen=True):
    """Where mail to a recipient goes: a mailbox's address ("" for a bounce address), and the address's detail."""

    mailbox: str
    detail: str = ""


class Directory:
    """The addresses of one version of the desk. `bounces`: the setting outgoing.envelope; "" is bounces@ its domain."""

    def __init__(self, definition: Definition, bounces: str) -> None:
        self._mailboxes: dict[tuple[str, str], str] = {}
        self._mailboxes[_key(bounces or f"bounces@{definition.settings.domain}")] = ""
        for box in definition.mailboxes:
            for address in (box.address, *box.aliases):
                self._mailboxes[_key(address)] = box.address
        self._domains = {domain for _, domain in self._mailboxes} | {
            _domain(definition.settings.domain)
        }
        self._first = definition.mailboxes[0].address if definition.mailboxes else None

    def is_ours(self, recipient: str) -> bool:
        """Is it in one of our domains, or without a domain? To accept any other address would be relaying."""
        _, domain = _key(recipient)
        return not domain or domain in self._domains

    def route(self, recipient: str) -> Route | None:
        """Find the mailbox and the detail of a recipient, ignoring case; None if the address is not ours."""
        local, domain = _key(recipient)
        for base, detail in _readings(local):
            mailbox = self._mailboxes.get((base, domain))
            if mailbox is not None:
                return Route(mailbox, detail)
        if self._first is not None and is_for_all(recipient) and self.is_ours(recipient):
            return Route(self._first)
        return None


def is_for_all(recipient: str) -> bool:
    """Is it postmaster or abuse, which must accept mail from everybody (RFC 5321 4.5.1, RFC 2142)?"""
    return _key(recipient)[0] in _ALWAYS


def split(address: str) -> tuple[str, str]:
    """An address as base address and detail, in lower case, without knowing our addresses; detail "" for none.

    `support+t12.<token>@help.example`; instead of the plus also `-`, `=` or `--`, but only before a token of ours.
    """
    local, at, domain = address.rpartition("@")
    plain = _unquoted(local).lower()
    readings = [(base, detail) for base, detail in _readings(plain) if detail]
    signed = [reading for reading in readings if signed_addresses.is_token(reading[1])]
    base, detail = (signed or readings[-1:] or [(plain, "")])[0]
    return f"{base}{at}{addresses.domain(domain)}", detail


def _readings(local: str) -> Iterator[tuple[str, str]]:
    """Ways to read a local part as base and detail: whole, then at each separator, longest base first."""
    yield local, ""
    yield from _splits(local, "+")
    for separator in _BESIDES_PLUS:
        for base, detail in _splits(local, separator):
            if signed_addresses.is_token(detail):
                yield base, detail


def _splits(local: str, separator: str) -> Iterator[tuple[str, str]]:
    at = local.rfind(separator)
    while at > 0:
        yield local[:at], local[at + len(separator) :]
        at = local.rfind(separator, 0, at)


@lru_cache(4096)
def _key(address: str) -> tuple[str, str]:
    """An address for comparing: local part without quotes, domain in ASCII, both in lower case."""
    local, _, domain = address.rpartition("@") if "@" in address else (address, "", "")
    return _unquoted(local).lower(), _domain(domain)


def _unquoted(local: str) -> str:
    if len(local) < 2 or not (local[0] == local[-1] == '"'):
        return local
    letters = iter(local[1:-1])
    return "".join(next(letters, "") if letter == "\\" else letter for letter in letters)


def _domain(domain: str) -> str:
    """A domain for comparing, without the root's dot."""
    return addresses.domain(domain.rstrip("."))
