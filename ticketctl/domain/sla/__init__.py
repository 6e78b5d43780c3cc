"""Service levels: which policy fits a ticket, what its clocks say, and what moves them.

policy.py    a policy of the desk with its calendar; targets, pauses, moments
clock.py     one clock: start, pause, run on, stop, void, another target; what it says at an instant
advance.py   what a happening does to the clocks of a ticket
story.py     the happenings of a ticket, from its history
pressing.py  the one clock that a list shows
"""
