"""What every action stands on: its context, tickets loaded for update, permission, status transitions.

Imports no other folder of the actions.
"""
