"""What other programs write and a help desk reads: chat transcripts, a shop's orders.

Imports `base` only.
"""
