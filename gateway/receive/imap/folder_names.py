"""Finds folders by the names of config.toml, on servers that keep them under a prefix or with another delimiter."""

from imapclient import IMAPClient


def find(client: IMAPClient, written: str) -> tuple[str, bool]:
    """Return a folder's name on the server, and whether it exists.

    The name as written comes first. If there is no such folder, it belongs into the personal namespace (RFC 2342):
    `Done` is `INBOX.Done` on a server whose prefix is `INBOX.`, and `Done/2026` is `INBOX.Done.2026`.
    """
    if written.upper() == "INBOX" or client.folder_exists(written):
        return written, True
    prefix, delimiter = _personal_namespace(client)
    name = written.replace("/", delimiter) if delimiter else written
    if not name.upper().startswith(prefix.upper()):  # INBOX ignores case
        name = prefix + name
    return name, name != written and bool(client.folder_exists(name))


def _personal_namespace(client: IMAPClient) -> tuple[str, str]:
    """Return the prefix of new folders, and the delimiter of all; "" if the server says none."""
    if client.has_capability("NAMESPACE"):
        for prefix, delimiter in client.namespace().personal or ():
            return prefix, delimiter or ""
    for _, delimiter, _ in client.list_folders("", ""):
        return "", delimiter.decode("ascii") if delimiter else ""
    return "", ""
