"""Takes commands back, over all that they touched, and calls off mail not yet sent.

Imports `base`, `mail`, `customers`, `tickets` and `texts`.
"""
