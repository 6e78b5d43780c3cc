"""Personal data: finds, erases and redacts it; purges old tickets; vacuums the file.

Imports `db` and `tickets`.
"""
