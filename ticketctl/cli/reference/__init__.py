"""Documentation generated from the program: command reference, manual pages, help topics, keys of desk.toml."""
