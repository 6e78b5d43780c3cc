"""The desk of these lives in its versions: its own zone is none of its calendars', and policies and agents change."""

_WEEK = ("mon", "tue", "wed", "thu", "fri")

_HEAD = """
[desk]
name = "Help"
domain = "help.example"
timezone = "Asia/Kathmandu"
reopen_window = "60d"

[[mailbox]]
address = "support@help.example"
segment = "support"

[[mailbox]]
address = "billing@help.example"
segment = "billing"

[[segment]]
name = "support"
managers = ["eva", "root"]
agents = [{support}]
routing = "load"

[[segment]]
name = "billing"
managers = ["ida"]
agents = ["ana"]

[[rule]]
name = "outage"
on = "message"
when = "text:outage"
then = ["priority:high"]

[[survey]]
name = "csat"
delay = "20h"
segments = ["support"]

[[survey]]
name = "nps"
scale = "0-10"
delay = "40h"
segments = ["billing"]
"""

_POLICY = """
[[sla]]
name = "{name}"
match = "{match}"
calendar = "{calendar}"
pause = {pause}
reopen = "{reopen}"
retarget = "from_start"
warn = "75%"
targets = {{ {targets} }}
escalations = [ {{ at = "due", do = ["notify:managers"{more}] }} ]
"""


def _agents(*names: str) -> str:
    roles = {"eva": "manager", "root": "admin"}
    return "".join(
        f'\n[[agent]]\nname = "{name}"\nemail = "{name}@help.example"\nrole = "{roles.get(name, "agent")}"\n'
        for name in (*names, "eva", "ida", "root")
    )


def _calendar(name: str, zone: str, hours: str, closed: str = "") -> str:
    days = "\n".join(f"{day} = [{hours}]" for day in _WEEK)
    return f'\n[[calendar]]\nname = "{name}"\ntimezone = "{zone}"\nclosed = [{closed}]\n[calendar.hours]\n{days}\n'


def _policy(name: str, match: str, calendar: str, targets: str, **how: str) -> str:
    more = {"pause": '["waiting"]', "reopen": "resume", "more": ""} | how
    return _POLICY.format(name=name, match=match, calendar=calendar, targets=targets, **more)


_LOS_ANGELES = _calendar("angeles", "America/Los_Angeles", '"08:30-12:00", "13:00-17:30"')
_AUCKLAND = _calendar("auckland", "Pacific/Auckland", '"09:00-17:00"', '"2026-03-30 12:00-24:00"')
_MADRID = _calendar("madrid", "Europe/Madrid", '"09:00-18:00"', '"2026-04-03", "05-01"')
_LONGER = _calendar("madrid", "Europe/Madrid", '"08:00-20:00"', '"05-01"')
_ROUND = 'first = "2h", next = "4h", resolve = "20h", assign = "1h"'
_BILLING = {"reopen": "restart", "pause": '{ resolve = ["waiting"], next = ["escalated"] }'}

FIRST = (
    _HEAD.format(support='"ana", "ben"')
    + _agents("ana", "ben")
    + _AUCKLAND
    + _LOS_ANGELES
    + _MADRID
    + _policy("gold", "priority>=high", "auckland", 'default = { first = "1h", next = "2h", resolve = "8h" }',
              more=', "status:escalated"')
    + _policy("billing", "segment:billing", "angeles",
              f'low = {{ first = "9h" }}, default = {{ {_ROUND} }}', **_BILLING)
    + _policy("rest", "", "madrid", 'default = { first = "4h", next = "8h", resolve = "3d" }')
)  # fmt: skip

# Another agent, longer hours and other targets.
SECOND = (
    _HEAD.format(support='"ana", "ben", "zoe"')
    + _agents("ana", "ben", "zoe")
    + _AUCKLAND
    + _LOS_ANGELES
    + _LONGER
    + _policy("gold", "priority>=high", "auckland", 'default = { first = "3h", resolve = "10h" }')
    + _policy("billing", "segment:billing", "angeles",
              f'default = {{ {_ROUND} }}', **_BILLING)
    + _policy("rest", "", "madrid", 'default = { first = "2h", next = "8h", resolve = "30h" }', reopen="ignore")
)  # fmt: skip

# An agent has left, and a policy is gone.
THIRD = (
    _HEAD.format(support='"ana", "zoe"')
    + _agents("ana", "zoe")
    + _AUCKLAND
    + _LOS_ANGELES
    + _MADRID
    + _policy("billing", "segment:billing", "auckland",
              'default = { first = "2h", next = "3h", resolve = "12h" }', reopen="restart")
    + _policy("rest", "priority<critical", "madrid", 'default = { first = "4h", next = "6h", resolve = "2d" }')
)  # fmt: skip
