"""One form for every spelling of an address (RFC 5890, UTS 46)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketctl.domain.base import addresses, identity, values
from ticketctl.domain.base.addresses import address_key, readable
from ticketctl.errors import BadInput

# Domains as people write them, and their A-labels as RFC 5891 has them.
SPELLINGS = [
    ("bücher.example", "xn--bcher-kva.example"),
    ("españa.example", "xn--espaa-rta.example"),
    ("пример.example", "xn--e1afmkfd.example"),
    ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
    ("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"),
    ("mail.żółw.example", "mail.xn--w-uga1v8h.example"),
    ("straße.example", "xn--strae-oqa.example"),
]


@pytest.mark.parametrize(("written", "ascii"), SPELLINGS)
def test_every_spelling_of_a_domain_is_one_address_G1(written: str, ascii: str) -> None:
    forms = {written, written.upper().replace("SS", "ẞ"), ascii, ascii.upper()}
    forms |= {unicodedata.normalize(form, written) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert {address_key(f" Ana@{one} ") for one in forms} == {f"ana@{ascii}"}
    assert readable(f"ana@{ascii}") == f"ana@{written}"
    assert values.address(f"Ana@{written}") == values.address(f"ana@{ascii}") == f"ana@{ascii}"
    assert str(identity.parse(f"ana@{written}")) == f"email:ana@{ascii}"
    assert values.domain(written) == ascii


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@straße.example", "ana@strasse.example"),
        ("ana@bücher.example", "ana@bucher.example"),
        ("ana@раураl.example", "ana@paypal.example"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kvb.example"),
        ("aña@x.example", "ana@x.example"),
    ],
)
def test_domains_that_only_look_alike_are_two_G1(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ana@ｂücher．example", "ana@xn--bcher-kva.example"),
        ("ana@bü\u00adcher。example", "ana@xn--bcher-kva.example"),
        ("JOSE\u0301@x.example", "josé@x.example"),
        ("@Bücher.example", "@xn--bcher-kva.example"),
        ("*@*.bücher.example", "*@*.xn--bcher-kva.example"),
        ("*@*bü*.example", "*@*bü*.example"),
        ("ana@[IPv6:2001:DB8::1]", "ana@[ipv6:2001:db8::1]"),
        ("ana@℀.example", "ana@℀.example"),
        ("", ""),
        ("Ñandú", "ñandú"),
    ],
)
def test_keys_of_odd_addresses_and_patterns_G1(written: str, key: str) -> None:
    assert address_key(written) == key


@pytest.mark.parametrize("written", ["ana@-bü-.example/", "ana@" + "ü" * 300])
def test_what_no_domain_can_be_is_refused(written: str) -> None:
    with pytest.raises(BadInput):
        values.address(written)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_has_a_key_that_is_its_own_key(local: str, domain: str) -> None:
    key = address_key(f"{local}@{domain}")
    assert address_key(key) == key
    assert isinstance(readable(key), str)
    assert addresses.domain(addresses.domain(domain)) == addresses.domain(domain)


def test_a_long_text_costs_little() -> None:
    assert address_key("ü\u0301\u0323" * 500_000 + "@x") != ""
