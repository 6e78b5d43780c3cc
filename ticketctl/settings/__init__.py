"""The settings of one host (config.toml, environment, options), and how passwords are read.

Imports `errors` and the domain's values.
"""
