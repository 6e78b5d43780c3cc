"""What a help desk decides by itself: rules, routing, access, surveys, which canned reply fits.

Imports `base`, `definition`, `query` and `calendar`.
"""
