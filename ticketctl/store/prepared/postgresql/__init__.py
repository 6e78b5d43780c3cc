"""Prepared SQL for this kind of database."""
