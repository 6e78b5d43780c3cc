"""Checks who sent a mail: Authentication-Results, trusted relays, DKIM.

Imports `parse`.
"""
