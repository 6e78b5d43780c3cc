"""What a help desk decides by itself: rules, routing, access, surveys, which canned reply applies.

Imports `base`, `definition`, `query` and `calendar`.
"""
