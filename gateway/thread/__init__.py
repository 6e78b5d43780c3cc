"""Finds the ticket that a mail is about: reply token, bounce address, Message-IDs, subject tag (D2).

Imports `parse`.
"""
