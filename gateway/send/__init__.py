"""Sends the outbox to an SMTP server: compose, sign, send, retry.

Imports `shared`, `parse` and `oauth`.
"""
