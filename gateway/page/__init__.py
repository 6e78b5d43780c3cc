"""`export --format html`: a ticket as one page that loads nothing from the network (K1-K8).

Imports `parse`.
"""
