"""The statements that reports and `stats` count with.

Imports `db` and `tickets`.
"""
