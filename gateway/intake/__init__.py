"""Turns a row of the inbox into a ticket: analyse, read, decide, file.

Imports `shared`, `parse`, `screen`, `thread`, `trim`, `auth`, `commands`, `lines` and `receive`.
"""
