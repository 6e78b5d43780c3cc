"""Copies a whole desk from one database to another. Imports `db` and `tickets`."""
