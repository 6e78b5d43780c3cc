"""Customers, their identities and orders, and absences of agents.

Imports `db` and `tickets`.
"""
