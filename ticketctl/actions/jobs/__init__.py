"""What cron and the gateway's timer run: service levels, rules of time, surveys, purging.

Stands above the other folders of the actions.
"""
