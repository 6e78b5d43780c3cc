"""The query language of `list`, rules and service levels: text in, a condition tree out.

Imports `base` and `definition`.
"""
