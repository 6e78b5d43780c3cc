"""What is said to log in with an access token: XOAUTH2 (Microsoft, Google) and OAUTHBEARER (RFC 7628)."""

from collections.abc import Collection

# By preference, with the answer that ends a refusal: a second challenge is the server's error in JSON.
END = {"XOAUTH2": b"", "OAUTHBEARER": b"\1"}


def mechanism(offered: Collection[str]) -> str | None:
    """The one to take of those a server offers; None where it has neither."""
    return next((name for name in END if name in offered), None)


def first(mechanism: str, username: str, token: str) -> bytes:
    """The first words of the client."""
    if mechanism == "XOAUTH2":
        return f"user={username}\1auth=Bearer {token}\1\1".encode()
    who = username.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={who},\1auth=Bearer {token}\1\1".encode()
