"""Commands for operators: definition, rules, service levels, database, settings, health."""
