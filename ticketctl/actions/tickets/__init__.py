"""Actions on tickets, one file a verb, and what follows from them: rules, routing, clocks.

The one import circle of the program lives here: a rule runs verbs, and a verb asks the rules.
Imports `base`, `mail`, `customers` and `revert`.
"""
