"""IMAP polling: the connection, the folder, which messages were fetched, what happens to them afterwards.

Imports `receive`, `oauth`, `parse` and `shared`.
"""
