"""The statements that reports and `stats` count with.

Imports `db`, `tickets`, `queues` and `desk`.
"""
