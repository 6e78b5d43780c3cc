"""Canned replies and saved queries: kept, changed, suggested, words replaced across them.

Imports `base`, `mail`, `customers` and `tickets`.
"""
