"""The inbox and the outbox, what IMAP polling remembers, bans, and whom mail may reach.

Imports `db` and `tickets`.
"""
