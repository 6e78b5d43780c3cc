"""Clocks of tickets as stored, what they made happen, and what is due.

Imports `db` and `tickets`.
"""
