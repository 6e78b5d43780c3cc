"""Business time: opening hours, the age of a ticket, who is at work.

Imports `base` and `definition`.
"""
