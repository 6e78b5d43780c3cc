"""Versions of the definition, audit log, canned replies, rule log, work loads, surveys.

Imports `db` and `tickets`.
"""
