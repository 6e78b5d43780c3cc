"""Undoes a whole command, on everything it touched, and cancels mail not yet sent.

Imports `base`, `mail`, `customers`, `revert`, `tickets` and `texts`.
"""
