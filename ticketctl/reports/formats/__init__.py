"""One file a format: reports in, bytes or text out.

Imports `reports.model` and `figures`.
"""
