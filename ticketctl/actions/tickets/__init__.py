"""Actions on tickets, one file a verb, and what follows from them: rules, routing, clocks.

The one import circle of the program is here: a rule runs verbs, and every verb runs the rules.
Imports `base`, `mail`, `customers` and `revert`.
"""
