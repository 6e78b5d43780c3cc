"""SLA clocks as stored, the events they caused, and what is due.

Imports `db` and `tickets`.
"""
