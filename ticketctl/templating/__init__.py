"""Templates of mail and reports, and canned replies: finds, checks and renders them in a sandbox.

Only this package and `reports/formats` import Jinja.
"""
