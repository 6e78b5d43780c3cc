"""One file a report; `registry.py` lists them by name.

Imports `figures` and `formats`.
"""
