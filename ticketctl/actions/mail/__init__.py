"""Outgoing mail and the people it goes to: the outbound guard, customer mail, notifications, limits.

Imports `base`.
"""
