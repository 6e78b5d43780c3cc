"""Messages of other channels than mail, and answers to surveys, as JSON lines (docs/json.md).

Imports `parse`.
"""
