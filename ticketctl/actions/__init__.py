"""The commands that change the help desk. A call is one transaction, and one group for undo."""
