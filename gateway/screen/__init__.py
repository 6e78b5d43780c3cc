"""Decides what kind of mail it is: small rules in one ordered table. Every rule that matches is recorded.

No database, no network. Imports `parse`.
"""
