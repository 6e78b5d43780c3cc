"""Actions on people: customers made, edited, merged and erased, their orders, agents' absences.

Imports `base` and `mail`.
"""
