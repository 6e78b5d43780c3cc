"""Canned replies and saved queries: adds, changes and suggests them, and replaces words in all of them.

Imports `base`, `mail`, `customers` and `tickets`.
"""
