"""Mail comes in: SMTP, LMTP, IMAP, a pipe or files. Each durable in the inbox before it is acknowledged.

Imports `shared`, `parse` and `oauth`.
"""
