"""The commands, in folders named after the sections of `ticketctl --help`.

A command imports `cli.shared`, `cli.views` and `console`, seldom another command.
"""
