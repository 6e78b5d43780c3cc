"""The gateway as processes, and its commands: supervisor, timer, status, demo, doctor.

Stands above the other rooms.
"""
