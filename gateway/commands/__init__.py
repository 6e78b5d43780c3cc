"""Commands in mail: an agent's lines that begin with `!`, and a customer's `status #12`.

Imports `parse`.
"""
