"""SASL mechanisms for access tokens: XOAUTH2 (Microsoft, Google) and OAUTHBEARER (RFC 7628)."""

from collections.abc import Collection

# In order of preference, with the reply that ends a refusal: a second challenge is the server's error in JSON.
END = {"XOAUTH2": b"", "OAUTHBEARER": b"\1"}


def mechanism(offered: Collection[str]) -> str | None:
    """Choose one of those that a server offers; None if it offers neither."""
    return next((name for name in END if name in offered), None)


def first(mechanism: str, username: str, token: str) -> bytes:
    """Return the client's first response."""
    if mechanism == "XOAUTH2":
        return f"user={username}\1auth=Bearer {token}\1\1".encode()
    who = username.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={who},\1auth=Bearer {token}\1\1".encode()
