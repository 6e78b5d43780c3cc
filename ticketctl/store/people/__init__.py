"""Customers, their identities and orders, and which agents are away.

Imports `db` and `tickets`.
"""
