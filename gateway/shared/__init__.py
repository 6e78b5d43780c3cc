"""What every folder of the gateway may use: reply codes, the log, CPU budgets, heartbeats.

Imports no other folder of the gateway.
"""
