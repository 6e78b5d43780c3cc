"""What every action needs: its context, loading tickets for update, permissions, checks, status transitions.

Imports no other folder of the actions.
"""
