"""What several commands share: parameter types, completion, one action on many tickets, text input.

Imports `console` and `cli.views`.
"""
