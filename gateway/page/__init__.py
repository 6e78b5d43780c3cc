"""`export --format html`: tickets as a page for people outside that loads nothing from the network (K1-K8).

Imports `parse`.
"""
