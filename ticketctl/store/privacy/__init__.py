"""Personal data: found, erased, redacted; old tickets purged; the file vacuumed.

Imports the other folders of the store, `reports` apart.
"""
