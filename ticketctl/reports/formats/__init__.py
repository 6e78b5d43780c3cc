"""Writes reports, one file a format.

Imports `reports.model` and `figures`.
"""
