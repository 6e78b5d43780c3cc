"""The inbox and the outbox, what IMAP polling remembers, bans, and who may get mail.

Imports `db` and `tickets`.
"""
