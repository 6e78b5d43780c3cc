"""Parses raw bytes into `Mail`, a frozen record, within limits of size and depth.

No database, no network. Imports no other folder of the gateway.
"""
