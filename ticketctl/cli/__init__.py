"""The command line: it stands above everything else, the gateway included.

`main.py` runs a command line, `table.py` lists the commands, `commands/` has a file for each.
Folders, low to high: views, shared, commands; `reference/` documents them.
"""
