"""The definition of a help desk: desk.toml as records, with look-ups.

Imports `base`.
"""
