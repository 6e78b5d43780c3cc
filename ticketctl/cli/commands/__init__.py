"""The commands, in folders named after the sections of `ticketctl --help`.

A large command has two files: `sla.py` declares its options and imports little, so that --help is quick;
`sla_run.py` does the work and is imported when the command runs.
A command imports `cli.shared`, `cli.views` and `console`, seldom another command.
"""
