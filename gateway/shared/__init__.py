"""What every room of the gateway may use: reply codes, the log, time budgets, heartbeats.

Imports no other room of the gateway but `parse`.
"""
