"""Templates of mail and reports, and canned replies: found, checked, rendered in a sandbox.

The only rooms, with `reports/formats`, that import Jinja.
"""
