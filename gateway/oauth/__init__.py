"""Logging in without a password: consent given once in a browser, tokens renewed ever after (B10)."""
