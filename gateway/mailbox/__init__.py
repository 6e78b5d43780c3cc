"""The commands `mailbox list`, `mailbox test` and `mailbox login`.

Imports `receive`, `send` and `oauth`.
"""
