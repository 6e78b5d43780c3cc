"""SMTP and LMTP servers: sessions, commands, message data, TLS.

Imports `receive`, `auth` and `shared`.
"""
