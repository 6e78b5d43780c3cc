"""The gateway's processes and commands: supervisor, timer, status, demo, doctor.

Imports every other folder.
"""
