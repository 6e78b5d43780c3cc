"""From a row of the inbox to a ticket: analyse, read, identify, decide, file.

Imports `parse`, `screen`, `thread`, `trim`, `auth`, `commands` and `lines`.
"""
