"""Reads desk.toml and checks it as a whole: names that refer to nothing, duplicates, times that cannot be.

Stands above the rest of the domain.
"""
