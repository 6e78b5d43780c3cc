"""Receives mail by SMTP, LMTP, IMAP, a pipe or from files. A mail is in the inbox before it is acknowledged.

Imports `shared` and `parse`; `smtp` imports `auth` as well, `imap` imports `oauth`.
"""
