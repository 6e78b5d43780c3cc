"""What a command needs of a terminal: its context, output streams, row formats, JSON shapes.

Below the gateway, whose commands print through it too. Imports `actions` and what is below them.
"""
