"""Statements for reports and `stats`.

Imports `db`, `tickets`, `queues` and `desk`.
"""
