"""Commands for whoever runs the desk: definition, rules, service levels, database, settings, health."""
