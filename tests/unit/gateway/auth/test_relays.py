"""Which peers are believed (G13)."""

import pytest

from gateway.auth.relays import is_trusted

RELAYS = ("127.0.0.1", "10.0.0.0/8", "2001:db8::/32")


@pytest.mark.parametrize("remote", ["127.0.0.1", "10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1"])
def test_relays_are_addresses_and_networks_G13(remote: str) -> None:
    assert is_trusted(remote, RELAYS)


@pytest.mark.parametrize("remote", ["", "127.0.0.2", "11.0.0.1", "2001:db9::1"])
def test_others_are_not_believed_G13(remote: str) -> None:
    assert not is_trusted(remote, RELAYS)
