"""How tickets, customers, clocks and canned replies look on a terminal.

Imports `console`.
"""
