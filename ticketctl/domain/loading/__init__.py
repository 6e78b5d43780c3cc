"""Reads desk.toml and checks it as a whole: unknown names, duplicates, impossible times.

Stands above the rest of the domain.
"""
