"""Formats of other programs that we read: chat transcripts, a shop's orders.

Imports `base`.
"""
