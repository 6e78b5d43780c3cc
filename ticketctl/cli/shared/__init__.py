"""What several commands share: choosing tickets, one action on many tickets, text input, prompts.

Imports `console` and `cli.views`.
"""
