"""Personal data: found, erased, redacted; old tickets purged; the file vacuumed.

Imports `db` and `tickets`.
"""
