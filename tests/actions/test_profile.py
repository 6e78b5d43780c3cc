"""What the desk knows of a customer counts for their tickets: in lists, rules and service levels."""

from datetime import UTC

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.base import custom_fields
from ticketctl.actions.customers.customer import CustomerChanges, find
from ticketctl.actions.customers.customer import edit as change
from ticketctl.domain.loading.load import parse as read
from ticketctl.domain.query import own_fields
from ticketctl.domain.query.parser import parse
from ticketctl.errors import BadInput, Refused
from ticketctl.store.tickets import ticket_lists

TIERS = (
    DESK
    + """
[[field]]
on = "customer"
name = "tier"
type = "choice"
choices = ["gold", "plain"]

[[field]]
on = "customer"
name = "seats"
type = "number"

[[sla]]
name = "gold"
match = "cf.tier:gold"
targets.default.first = "1h"

[[sla]]
name = "usual"
targets.default.first = "8h"

[[rule]]
name = "gold first"
on = "created"
when = "cf.tier:gold cf.seats>=10"
then = ["priority:high"]
"""
)


def found(helpdesk: DeskFixture, text: str) -> list[int]:
    kinds = own_fields.kinds(read(TIERS).fields)
    asked = parse(text, now=helpdesk.at, zone=UTC, me=None, types=kinds)
    return sorted(
        one.id
        for one in helpdesk.read(lambda tx: ticket_lists.page(tx, asked.condition, asked.sort, 100))
    )


@pytest.mark.postgres
def test_the_customers_profile_decides_in_lists_rules_and_service_levels(
    helpdesk: DeskFixture,
) -> None:
    helpdesk.apply(TIERS)
    first, other = (
        helpdesk.open(),
        helpdesk.open(author="dora@customer.example", author_name="Dora"),
    )
    profile = CustomerChanges(fields={"tier": "gold", "seats": "12"})
    helpdesk.do(lambda w: change(w, find(w.tx, "carl@customer.example"), profile), "root")
    later = helpdesk.open(subject="Again")
    assert [helpdesk.ticket(n).policy for n in (first, other, later)] == ["usual", "usual", "gold"]
    assert [helpdesk.ticket(n).priority for n in (other, later)] == ["medium", "high"]
    assert found(helpdesk, "cf.tier:gold") == [first, later]
    assert found(helpdesk, "customer.cf.tier:gold -cf.seats>12") == [first, later]
    assert (
        found(helpdesk, "cf.tier:none") == found(helpdesk, "cf.seats<3 OR -cf.tier:any") == [other]
    )


def test_a_rule_that_compares_a_number_with_a_word_is_no_rule() -> None:
    with pytest.raises(Refused, match=r'cf\.seats is a number; "many" is not'):
        read(TIERS.replace("cf.seats>=10", "cf.seats>=many"))


@pytest.mark.parametrize("given", ["1e308", "-1e308", "9007199254740993", "9" * 400, "inf"])
def test_a_number_that_cannot_be_kept_exactly_is_refused(helpdesk: DeskFixture, given: str) -> None:
    with pytest.raises(Refused, match="is outside that range"):
        helpdesk.do(lambda w: custom_fields.value(w.definition, "invoice", given))
    with pytest.raises(BadInput, match="is a number up to"):
        parse(
            f"cf.invoice>{given}",
            now=helpdesk.at,
            zone=UTC,
            me=None,
            types={"cf.invoice": "number"},
        )


def test_the_largest_number_is_kept_as_it_is(helpdesk: DeskFixture) -> None:
    assert (
        helpdesk.do(lambda w: custom_fields.value(w.definition, "invoice", "9007199254740991"))
        == 2**53 - 1
    )
