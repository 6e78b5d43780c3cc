"""Records, identities, times, durations and other values that every other folder uses.

Imports no other folder of the domain.
"""
