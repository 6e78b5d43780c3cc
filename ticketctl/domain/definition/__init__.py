"""The definition of a help desk: what desk.toml says, as records, with look-ups in them.

Imports `base`; reading the file also calls the checks in `loading`.
"""
