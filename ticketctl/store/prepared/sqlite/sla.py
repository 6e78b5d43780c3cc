"""SQL of the statements in `ticketctl/store/sla`; written by `make sql`, not by hand."""

SCHEMA = "0016"
SQL = {'clock_rows._DUE': {'text': 'SELECT clock.ticket_id FROM clock WHERE clock.next_at <= ? GROUP BY clock.ticket_id '
                             'ORDER BY min(clock.next_at), clock.ticket_id',
                     'parameters': ('now:time',),
                     'columns': ('ticket_id',)},
 'clock_rows._FORGET': {'text': 'DELETE FROM clock WHERE clock.ticket_id = ? AND clock.kind = ? AND clock.cycle = ?',
                        'parameters': ('of_ticket', 'of_kind', 'of_cycle')},
 'clock_rows._FORGET_EVENTS': {'text': 'DELETE FROM sla_event WHERE sla_event.ticket_id = ? AND sla_event.clock = ? '
                                       'AND sla_event.cycle = ?',
                               'parameters': ('of_ticket', 'of_kind', 'of_cycle')},
 'clock_rows._OF': {'text': 'SELECT clock.id, clock.ticket_id, clock.kind, clock.cycle, clock.policy, '
                            'clock.policy_version, clock.calendar, clock.target, clock.used, clock.started_at, '
                            'clock.runs, clock.since, clock.state, clock.due_at, clock.warn_at, clock.stopped_at, '
                            'clock.ends, clock.breached_at, clock.at_retarget, clock.segment, clock.owner, '
                            'clock.priority, clock.answered_by, clock.next_at FROM clock WHERE clock.ticket_id = ? '
                            'ORDER BY clock.id',
                    'parameters': ('of_ticket',),
                    'columns': ('id',
                                'ticket_id',
                                'kind',
                                'cycle',
                                'policy',
                                'policy_version',
                                'calendar',
                                'target',
                                'used',
                                'started_at:time',
                                'runs:json',
                                'since:time',
                                'state',
                                'due_at:time',
                                'warn_at:time',
                                'stopped_at:time',
                                'ends:json',
                                'breached_at:time',
                                'at_retarget',
                                'segment',
                                'owner',
                                'priority',
                                'answered_by',
                                'next_at:time')},
 'clock_rows._RUNNING': {'text': "SELECT ticket.id FROM ticket WHERE ticket.status IN ('escalated', 'new', 'open', "
                                 "'waiting') AND ticket.id > ? ORDER BY ticket.id\n"
                                 ' LIMIT ? OFFSET 0',
                         'parameters': ('after', 'most'),
                         'columns': ('id',)},
 'clock_rows._UNCOMPUTABLE': {'text': "SELECT ticket.id FROM ticket WHERE ticket.status IN ('escalated', 'new', "
                                      "'open', 'waiting') AND (ticket.id IN (SELECT clock.ticket_id FROM clock WHERE "
                                      "clock.stopped_at IS NULL AND clock.state = 'running' AND clock.due_at IS NULL) "
                                      "OR ticket.sla_state = 'failed') ORDER BY ticket.id",
                              'columns': ('id',)},
 'clock_rows._UPSERT': {'text': 'INSERT INTO clock (ticket_id, kind, cycle, policy, policy_version, calendar, target, '
                                'used, started_at, runs, since, state, due_at, warn_at, stopped_at, ends, breached_at, '
                                'at_retarget, segment, owner, priority, answered_by, next_at) VALUES (?, ?, ?, ?, ?, '
                                '?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ticket_id, kind, '
                                'cycle) DO UPDATE SET policy = excluded.policy, policy_version = '
                                'excluded.policy_version, calendar = excluded.calendar, target = excluded.target, used '
                                '= excluded.used, started_at = excluded.started_at, runs = excluded.runs, since = '
                                'excluded.since, state = excluded.state, due_at = excluded.due_at, warn_at = '
                                'excluded.warn_at, stopped_at = excluded.stopped_at, ends = excluded.ends, breached_at '
                                '= excluded.breached_at, at_retarget = excluded.at_retarget, segment = '
                                'excluded.segment, owner = excluded.owner, priority = excluded.priority, answered_by = '
                                'excluded.answered_by, next_at = excluded.next_at',
                        'parameters': ('ticket_id',
                                       'kind',
                                       'cycle',
                                       'policy',
                                       'policy_version',
                                       'calendar',
                                       'target',
                                       'used',
                                       'started_at:time',
                                       'runs:json',
                                       'since:time',
                                       'state',
                                       'due_at:time',
                                       'warn_at:time',
                                       'stopped_at:time',
                                       'ends:json',
                                       'breached_at:time',
                                       'at_retarget',
                                       'segment',
                                       'owner',
                                       'priority',
                                       'answered_by',
                                       'next_at:time'),
                        'defaults': {'calendar': '',
                                     'used': 0,
                                     'runs': None,
                                     'since': None,
                                     'due_at': None,
                                     'warn_at': None,
                                     'stopped_at': None,
                                     'ends': None,
                                     'breached_at': None,
                                     'at_retarget': 0,
                                     'segment': '',
                                     'owner': None,
                                     'priority': 0,
                                     'answered_by': None,
                                     'next_at': None}},
 'clock_rows._WORDS': {'text': 'SELECT message.n, message.direction, message.class FROM message WHERE '
                               'message.ticket_id = ?',
                       'parameters': ('of_ticket',),
                       'columns': ('n', 'direction', 'class')},
 'due._HOW_MANY_LATE': {'text': "SELECT count(*) AS count_1 FROM ticket WHERE ticket.status IN ('escalated', 'new', "
                                "'open', 'waiting') AND ticket.due_at < ?",
                        'parameters': ('now:time',),
                        'columns': ('count_1',)},
 'due._LATE': {'text': "SELECT ticket.id FROM ticket WHERE ticket.status IN ('escalated', 'new', 'open', 'waiting') "
                       'AND ticket.due_at < ?\n'
                       ' LIMIT 1 OFFSET 0',
               'parameters': ('now:time',),
               'columns': ('id',)},
 'due._LATE_OR_WARNED': {'text': "SELECT ticket.id FROM ticket WHERE ticket.status IN ('escalated', 'new', 'open', "
                                 "'waiting') AND (ticket.due_at < ? OR ticket.due_at IS NOT NULL AND ticket.warn_at <= "
                                 '?)\n'
                                 ' LIMIT 1 OFFSET 0',
                         'parameters': ('now:time', 'now:time'),
                         'columns': ('id',)},
 'due._WAITS': {'text': 'SELECT clock.id FROM clock WHERE clock.next_at <= ?\n LIMIT 1 OFFSET 0',
                'parameters': ('now:time',),
                'columns': ('id',)},
 'events._MARK_TOLD': {'text': 'UPDATE sla_event SET told_at=? WHERE sla_event.ticket_id = ? AND sla_event.clock = ? '
                               'AND sla_event.cycle = ? AND sla_event.kind = ? AND sla_event.level = ? AND '
                               'sla_event.told_at IS NULL',
                       'parameters': ('now:time', 'of_ticket_id', 'of_clock', 'of_cycle', 'of_kind', 'of_level')},
 'events._OF': {'text': 'SELECT sla_event.ticket_id, sla_event.clock, sla_event.cycle, sla_event.kind, '
                        'sla_event.level, sla_event.at, sla_event.noted_at, sla_event.told_at FROM sla_event WHERE '
                        'sla_event.ticket_id = ? ORDER BY sla_event.at, sla_event.clock, sla_event.cycle, '
                        'sla_event.level, sla_event.kind',
                'parameters': ('of_ticket',),
                'columns': ('ticket_id',
                            'clock',
                            'cycle',
                            'kind',
                            'level',
                            'at:time',
                            'noted_at:time',
                            'told_at:time')},
 'events._UNTOLD': {'text': 'SELECT sla_event.ticket_id, sla_event.clock, sla_event.cycle, sla_event.kind, '
                            'sla_event.level, sla_event.at, sla_event.noted_at, sla_event.told_at FROM sla_event WHERE '
                            'sla_event.ticket_id = ? AND sla_event.told_at IS NULL ORDER BY sla_event.at, '
                            'sla_event.clock, sla_event.cycle, sla_event.level, sla_event.kind',
                    'parameters': ('of_ticket',),
                    'columns': ('ticket_id',
                                'clock',
                                'cycle',
                                'kind',
                                'level',
                                'at:time',
                                'noted_at:time',
                                'told_at:time')},
 'expiry._OLDER_UNROUTED': {'text': "SELECT ticket.id FROM ticket WHERE ticket.status IN ('escalated', 'new', 'open', "
                                    "'waiting') AND [[free]] AND (SELECT event.type FROM event WHERE event.ticket_id = "
                                    "ticket.id AND event.type IN ('assigned', 'unassigned') ORDER BY event.n DESC\n"
                                    " LIMIT 1 OFFSET 0) = 'unassigned' AND ticket.segment = ? AND ticket.id < ? ORDER "
                                    'BY ticket.id\n'
                                    ' LIMIT ? OFFSET 0',
                            'parameters': ('[[free]]', 'of_segment', 'before', 'most'),
                            'columns': ('id',)},
 'expiry._RESOLVED': {'text': "SELECT ticket.id FROM ticket WHERE ticket.id > ? AND ticket.status = 'resolved' AND "
                              'ticket.resolved_at < ? ORDER BY ticket.id\n'
                              ' LIMIT ? OFFSET 0',
                      'parameters': ('after', 'before:time', 'most'),
                      'columns': ('id',)},
 'expiry._UNROUTED': {'text': "SELECT ticket.id FROM ticket WHERE ticket.id > ? AND ticket.status IN ('escalated', "
                              "'new', 'open', 'waiting') AND [[free]] AND (SELECT event.type FROM event WHERE "
                              "event.ticket_id = ticket.id AND event.type IN ('assigned', 'unassigned') ORDER BY "
                              'event.n DESC\n'
                              " LIMIT 1 OFFSET 0) = 'unassigned' ORDER BY ticket.id\n"
                              ' LIMIT ? OFFSET 0',
                      'parameters': ('after', '[[free]]', 'most'),
                      'columns': ('id',)},
 'expiry._WAITING': {'text': "SELECT ticket.id FROM ticket WHERE ticket.id > ? AND ticket.status = 'waiting' AND "
                             'ticket.wait_until <= ? ORDER BY ticket.id\n'
                             ' LIMIT ? OFFSET 0',
                     'parameters': ('after', 'now:time', 'most'),
                     'columns': ('id',)},
 'outcome_rows._DELETE': {'text': 'DELETE FROM clock_outcome WHERE clock_outcome.ticket_id = ? AND clock_outcome.kind '
                                  '= ? AND clock_outcome.cycle = ? AND clock_outcome.outcome = ? AND clock_outcome.at '
                                  '= ?',
                          'parameters': ('of_ticket_id', 'of_kind', 'of_cycle', 'of_outcome', 'of_at:time')},
 'outcome_rows._OF': {'text': 'SELECT clock_outcome.id, clock_outcome.ticket_id, clock_outcome.kind, '
                              'clock_outcome.cycle, clock_outcome.outcome, clock_outcome.at, clock_outcome.owner, '
                              'clock_outcome.segment, clock_outcome.priority, clock_outcome.policy, '
                              'clock_outcome.policy_version, clock_outcome.calendar, clock_outcome.target, '
                              'clock_outcome.used, clock_outcome.elapsed, clock_outcome.started_at, '
                              'clock_outcome.due_at, clock_outcome.at_retarget, clock_outcome.ended_at, '
                              'clock_outcome.answered_by, clock_outcome.runs, clock_outcome.since, clock_outcome.ends '
                              'FROM clock_outcome WHERE clock_outcome.ticket_id = ? ORDER BY clock_outcome.id',
                      'parameters': ('of_ticket',),
                      'columns': ('id',
                                  'ticket_id',
                                  'kind',
                                  'cycle',
                                  'outcome',
                                  'at:time',
                                  'owner',
                                  'segment',
                                  'priority',
                                  'policy',
                                  'policy_version',
                                  'calendar',
                                  'target',
                                  'used',
                                  'elapsed',
                                  'started_at:time',
                                  'due_at:time',
                                  'at_retarget',
                                  'ended_at:time',
                                  'answered_by',
                                  'runs:json',
                                  'since:time',
                                  'ends:json')},
 'outcome_rows._UPSERT': {'text': 'INSERT INTO clock_outcome (ticket_id, kind, cycle, outcome, at, owner, segment, '
                                  'priority, policy, policy_version, calendar, target, used, elapsed, started_at, '
                                  'due_at, at_retarget, ended_at, answered_by, runs, since, ends) VALUES (?, ?, ?, ?, '
                                  '?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ticket_id, kind, '
                                  'cycle, outcome, at) DO UPDATE SET owner = excluded.owner, segment = '
                                  'excluded.segment, priority = excluded.priority, policy = excluded.policy, '
                                  'policy_version = excluded.policy_version, calendar = excluded.calendar, target = '
                                  'excluded.target, used = excluded.used, elapsed = excluded.elapsed, started_at = '
                                  'excluded.started_at, due_at = excluded.due_at, at_retarget = excluded.at_retarget, '
                                  'ended_at = excluded.ended_at, answered_by = excluded.answered_by, runs = '
                                  'excluded.runs, since = excluded.since, ends = excluded.ends',
                          'parameters': ('ticket_id',
                                         'kind',
                                         'cycle',
                                         'outcome',
                                         'at:time',
                                         'owner',
                                         'segment',
                                         'priority',
                                         'policy',
                                         'policy_version',
                                         'calendar',
                                         'target',
                                         'used',
                                         'elapsed',
                                         'started_at:time',
                                         'due_at:time',
                                         'at_retarget',
                                         'ended_at:time',
                                         'answered_by',
                                         'runs:json',
                                         'since:time',
                                         'ends:json'),
                          'defaults': {'owner': None,
                                       'segment': '',
                                       'priority': 0,
                                       'calendar': '',
                                       'used': 0,
                                       'elapsed': 0,
                                       'due_at': None,
                                       'at_retarget': 0,
                                       'ended_at': None,
                                       'answered_by': None,
                                       'runs': None,
                                       'since': None,
                                       'ends': None}}}
