"""Jobs that cron and the gateway's timer run: service levels, timed rules, surveys, purging.

Stands above the other folders of the actions.
"""
