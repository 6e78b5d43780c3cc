"""What a help desk knows: plain functions on plain records. No SQL, no I/O, no click.

Imports nothing of ours but `errors` and `clock`.
Its folders, low to high: base, definition, query and calendar, rules and sla, loading.
"""
