"""Actions on customers (create, edit, merge, erase), their orders, and absences of agents.

Imports `base` and `mail`.
"""
