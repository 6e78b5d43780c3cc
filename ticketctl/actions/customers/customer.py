"""Creates and edits customers and their identities (F-A17, F-A22, F-C9).

Each change is an entry in the journal; undo/customers.py reverts it.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from ticketctl.actions.base import custom_fields, permission
from ticketctl.actions.base.context import Work
from ticketctl.domain.base import identity, values
from ticketctl.domain.base.identity import EMAIL, Identity
from ticketctl.domain.base.records import Customer
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.safe import header_value
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import journal
from ticketctl.store.people import customers, identities, shop_orders

KIND = "customer"  # of journal lines
_PAGE = 2000  # characters of a page's URL


class CustomerChanges(Struct, frozen=True, kw_only=True):
    """What to change; UNSET stays as it is."""

    name: str | UnsetType = UNSET
    language: str | UnsetType | None = UNSET
    fields: dict[str, Any] = {}  # of the profile; None unsets one


def find(tx: Tx, who: str) -> Customer:
    """The customer with a number or an identity (`12`, `ana@x.example`, `twitter:@ana`), following merges.

    BadInput if it is neither, which names the customers who have it in their name; NotFound if there is no such one.
    """
    who = who.strip()
    if who.isascii() and who.isdecimal():
        if len(who) > 18:
            raise NotFound(f"no customer {who}.")
        return customers.final(tx, int(who))
    try:
        named = identity.parse(who)
    except BadInput as wrong:
        raise BadInput(_of_name(tx, who) or wrong.sentence) from None
    found = customers.by_identity(tx, named.kind, named.value)
    if found is None:
        raise NotFound(f"no customer has the identity {named}.")
    return found


def _of_name(tx: Tx, who: str) -> str:
    """The sentence about customers with this in their name; "" if there is none."""
    from contextlib import closing
    from itertools import islice
    from shlex import quote

    from ticketctl.store.people import customer_lists

    with closing(customer_lists.listing(tx, who)) as listing:
        found = [one.customer for one in islice(listing, 2)] if who else []
    said = f'"{who}" is not an identity'
    if len(found) == 1:
        return f"{said}; write {found[0].id} for {found[0].name or word(tx, found[0].id)}."
    return f"{said}; `ticketctl customer list {quote(who)}` finds customers by name." * bool(found)


def meet(work: Work, who: str) -> Customer:
    """The customer with a number or an identity. An unknown identity creates the customer, which undo reverts."""
    try:
        return find(work.tx, who)
    except NotFound:
        if who.strip().isdecimal():
            raise
    named = identity.parse(who)
    made = customers.find_or_create_by(
        work.tx, named.kind, named.value, name="", language=None, at=work.at
    )
    note(work, made.id, "made", new=str(named))
    return made


def word(tx: Tx, id: int) -> str:
    """A customer's name in history: their address, else their first identity."""
    one = customers.get(tx, id)
    return one.email or next(iter(one.identities), "")


def edit(work: Work, one: Customer, changes: CustomerChanges, comment: str = "") -> bool:
    """Change a customer's data. False if nothing changed. NotFound or Refused for an invalid field.

    NotAllowed if the customer has tickets and the actor may see none of them.
    """
    permission.require_customer_seen(work, one.id, "edit")
    wanted: dict[str, Any] = {}
    if isinstance(changes.name, str):
        wanted["name"] = header_value(changes.name)
    if changes.language is not UNSET:
        wanted["language"] = changes.language and values.language(changes.language)
    wanted = {name: new for name, new in wanted.items() if new != getattr(one, name)}
    fields = custom_fields.changes(
        work.definition, custom_fields.CUSTOMER, one.profile, changes.fields
    )
    for name, new in wanted.items():
        note(work, one.id, name, old=getattr(one, name), new=new, comment=comment)
    for name, new in fields.items():
        note(work, one.id, f"cf.{name}", old=one.profile.get(name), new=new, comment=comment)
    if fields:
        kept = one.profile | fields
        wanted["profile"] = {name: new for name, new in kept.items() if new is not None}
    if wanted:
        customers.change(work.tx, one.id, **wanted)
    return bool(wanted)


def touch(work: Work, one: Customer, page: str | None) -> None:
    """Record that the customer was seen now, and on which page, if given (F-C9). Not written to the journal."""
    columns: dict[str, Any] = {"last_seen_at": work.at}
    if page is not None:
        columns["last_page"] = header_value(page)[:_PAGE] or None
    customers.change(work.tx, one.id, **columns)


def link(work: Work, one: Customer, words: Iterable[str], comment: str = "") -> list[Identity]:
    """Add identities to a customer, and return the new ones. Conflict if one belongs to another customer.

    NotAllowed unless the actor may see all of the customer's tickets: a new address may write to all of them.
    """
    permission.require_customers(work, (one.id,), "link")
    new = []
    for named in map(identity.parse, words):
        if not customers.add_identity(work.tx, one.id, named.kind, named.value, work.at):
            continue
        note(work, one.id, "linked", new=str(named), comment=comment)
        new.append(named)
        if named.kind == EMAIL and not customers.get(work.tx, one.id).email:
            customers.change(work.tx, one.id, email=named.value)
    return new


def unlink(work: Work, one: Customer, words: Iterable[str], comment: str = "") -> list[Identity]:
    """Remove identities from a customer; their tickets stay. Refused for the last identity.

    NotAllowed as in `link`.
    """
    permission.require_customers(work, (one.id,), "unlink")
    gone = [identity.parse(word) for word in words]
    for named in gone:
        held = identities.drop(work.tx, one.id, named)
        if held is None:
            raise NotFound(f"{named} is not an identity of customer {one.id}.")
        left = customers.get(work.tx, one.id)
        if not left.identities:
            raise Refused(
                f"{named} is the only identity of customer {one.id}; link another one first."
            )
        if named.kind == EMAIL:
            shop_orders.release(work.tx, named.value, one.id)
        if named.value == left.email and named.kind == EMAIL:
            customers.change(work.tx, one.id, email=first_email(left))
        old = {"identity": msgspec.to_builtins(held), "email": one.email}
        note(work, one.id, "unlinked", old=old, comment=comment)
    return gone


def first_email(one: Customer) -> str:
    """The first mail address among a customer's identities, or ""."""
    found = (each.partition(":")[2] for each in one.identities if each.startswith("email:"))
    return next(found, "")


def note(work: Work, id: int, type: str, **what: Any) -> None:
    """Append an entry to a customer's journal; a blank comment is stored as none."""
    what["comment"] = (what.get("comment") or "").strip() or None
    journal.append(
        work.tx,
        at=work.at,
        actor=work.actor,
        kind=KIND,
        subject=str(id),
        type=type,
        group=work.group,
        **what,
    )
