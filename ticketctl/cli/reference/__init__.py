"""Documentation generated from the program: command reference, manual pages, keys of desk.toml."""
