"""The definition of a help desk: what desk.toml says, as records, with look-ups in them.

Imports `base` only; reading and checking the file is `loading`.
"""
