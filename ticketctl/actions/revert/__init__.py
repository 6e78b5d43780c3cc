"""Reverts single lines of a ticket's history, for undo and unmerge.

Imports `base` and `customers`.
"""
