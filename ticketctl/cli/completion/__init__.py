"""What the shell offers after TAB."""
