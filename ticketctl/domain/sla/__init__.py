"""Service levels: which policy applies to a ticket, what its clocks say, and what moves them.

policy.py      a policy with its calendar; targets, pauses, moments
sla_clock.py   one clock: start, pause, resume, stop, void, retarget; its state at an instant
advance.py     what a happening does to the clocks of a ticket
happenings.py  the happenings of a ticket, from its history
tellings.py    the history as it was told before a split or an unmerge changed it
outcome.py     how clocks turned out: what reports count, and nothing later changes
pressing.py    the clock that a list shows

Imports `base`, `definition`, `query` and `calendar`.
"""
