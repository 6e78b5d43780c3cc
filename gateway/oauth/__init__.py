"""OAuth 2.0 for mail accounts: asks for consent once in a browser, then renews tokens (B10).

Imports `shared`.
"""
