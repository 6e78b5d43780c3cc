"""SQL of the statements in `ticketctl/store/reports`; written by `make sql`, not by hand."""

SCHEMA = "0016"
SQL = {'clocks._ANSWERS': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                             'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                             'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                             'ticket.policy_version, CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) '
                             'THEN (SELECT json_agg(json_build_array(event_1.n, event_1.field, CAST(event_1."old" AS '
                             'TEXT))) AS anon_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND '
                             "event_1.field IN ('type') AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE) END AS "
                             'changes, clock_outcome.kind, clock_outcome.used, clock_outcome.elapsed, '
                             'clock_outcome.target, clock_outcome.at, clock_outcome.answered_by, '
                             'clock_outcome.segment, clock_outcome.priority FROM clock_outcome JOIN ticket ON '
                             'ticket.id = clock_outcome.ticket_id WHERE [[counted]] AND clock_outcome.at >= '
                             '%s::TIMESTAMP WITH TIME ZONE AND clock_outcome.at < %s::TIMESTAMP WITH TIME ZONE AND '
                             "clock_outcome.kind = ANY (%s::TEXT[]) AND clock_outcome.outcome IN ('met', 'late')",
                     'parameters': ('seen:time', 'seen:time', '[[counted]]', 'start:time', 'end:time', 'kinds:list'),
                     'columns': ('of_ticket',
                                 'of_owner',
                                 'of_segment',
                                 'source_segment',
                                 'of_priority',
                                 'of_channel',
                                 'of_type',
                                 'of_mailbox',
                                 'policy',
                                 'policy_version',
                                 'changes:json',
                                 'kind',
                                 'used',
                                 'elapsed',
                                 'target',
                                 'at:time',
                                 'answered_by',
                                 'segment',
                                 'priority')},
 'clocks._DECIDED': {'text': 'SELECT anon_1.alike, anon_1.at, anon_1.ends, '
                             'json_agg(json_build_array(anon_1.ticket_id)) AS tickets FROM (SELECT '
                             'jsonb_build_array(clock_outcome.kind, clock_outcome.outcome, clock_outcome.at_retarget, '
                             'CASE WHEN (clock_outcome.ended_at < %s::TIMESTAMP WITH TIME ZONE) THEN 1 ELSE 0 END, '
                             'clock_outcome.owner, clock_outcome.segment, ticket.source_segment, '
                             'clock_outcome.priority, ticket.channel, ticket.type, CASE WHEN (ticket.updated_at >= '
                             '%s::TIMESTAMP WITH TIME ZONE) THEN (SELECT coalesce(CAST(event_1."old" AS TEXT), '
                             "'null') AS coalesce_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND "
                             "event_1.field = 'type' AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY "
                             'event_1.n  LIMIT 1) END, ticket.mailbox) AS alike, CASE WHEN (%s::INTEGER = 1) THEN '
                             'clock_outcome.at END AS at, CASE WHEN NOT coalesce(clock_outcome.ended_at < '
                             '%s::TIMESTAMP WITH TIME ZONE, false) THEN clock_outcome.ends END AS ends, '
                             'clock_outcome.ticket_id AS ticket_id FROM clock_outcome JOIN ticket ON ticket.id = '
                             'clock_outcome.ticket_id WHERE clock_outcome.at >= %s::TIMESTAMP WITH TIME ZONE AND '
                             "clock_outcome.at < %s::TIMESTAMP WITH TIME ZONE AND clock_outcome.outcome != 'late' AND "
                             '[[counted]]) AS anon_1 GROUP BY anon_1.alike, anon_1.at, anon_1.ends',
                     'parameters': ('seen:time',
                                    'seen:time',
                                    'seen:time',
                                    'timed',
                                    'seen:time',
                                    'start:time',
                                    'end:time',
                                    '[[counted]]'),
                     'columns': ('alike:json', 'at:time', 'ends:json', 'tickets:json')},
 'clocks._MISSED': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                            'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                            'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                            'ticket.policy_version, CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                            '(SELECT json_agg(json_build_array(event_1.n, event_1.field, CAST(event_1."old" AS TEXT))) '
                            'AS anon_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field IN '
                            "('type') AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE) END AS changes, ticket.subject "
                            'AS now_subject, CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                            '(SELECT coalesce(CAST(event_2."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS '
                            "event_2 WHERE event_2.ticket_id = ticket.id AND event_2.field = 'subject' AND event_2.at "
                            '>= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_2.n  LIMIT 1) END AS seen_subject, '
                            'clock_outcome.kind, clock_outcome.cycle, clock_outcome.owner, clock_outcome.segment, '
                            'clock_outcome.priority, clock_outcome.at_retarget, clock_outcome.due_at, '
                            'clock_outcome.calendar, clock_outcome.target, clock_outcome.used, clock_outcome.runs, '
                            'clock_outcome.since, clock_outcome.ends, clock_outcome.policy AS by_policy, '
                            'clock_outcome.policy_version AS by_version, clock_outcome.at, clock_outcome.ended_at FROM '
                            'clock_outcome JOIN ticket ON ticket.id = clock_outcome.ticket_id WHERE [[counted]] AND '
                            'clock_outcome.at >= %s::TIMESTAMP WITH TIME ZONE AND clock_outcome.at < %s::TIMESTAMP '
                            "WITH TIME ZONE AND clock_outcome.outcome = 'breached'",
                    'parameters': ('seen:time',
                                   'seen:time',
                                   'seen:time',
                                   'seen:time',
                                   '[[counted]]',
                                   'start:time',
                                   'end:time'),
                    'columns': ('of_ticket',
                                'of_owner',
                                'of_segment',
                                'source_segment',
                                'of_priority',
                                'of_channel',
                                'of_type',
                                'of_mailbox',
                                'policy',
                                'policy_version',
                                'changes:json',
                                'now_subject',
                                'seen_subject',
                                'kind',
                                'cycle',
                                'owner',
                                'segment',
                                'priority',
                                'at_retarget',
                                'due_at:time',
                                'calendar',
                                'target',
                                'used',
                                'runs:json',
                                'since:time',
                                'ends:json',
                                'by_policy',
                                'by_version',
                                'at:time',
                                'ended_at:time')},
 'clocks._OVERRAN': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                             'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                             'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                             'ticket.policy_version, CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) '
                             'THEN (SELECT json_agg(json_build_array(event_1.n, event_1.field, CAST(event_1."old" AS '
                             'TEXT))) AS anon_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND '
                             "event_1.field IN ('type') AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE) END AS "
                             'changes, clock.kind, clock.owner, clock.segment, clock.priority, clock.due_at FROM clock '
                             'JOIN ticket ON ticket.id = clock.ticket_id WHERE [[counted]] AND clock.stopped_at IS '
                             'NULL AND clock.breached_at IS NULL AND clock.due_at >= %s::TIMESTAMP WITH TIME ZONE AND '
                             'clock.due_at < %s::TIMESTAMP WITH TIME ZONE',
                     'parameters': ('seen:time', 'seen:time', '[[counted]]', 'start:time', 'until:time'),
                     'columns': ('of_ticket',
                                 'of_owner',
                                 'of_segment',
                                 'source_segment',
                                 'of_priority',
                                 'of_channel',
                                 'of_type',
                                 'of_mailbox',
                                 'policy',
                                 'policy_version',
                                 'changes:json',
                                 'kind',
                                 'owner',
                                 'segment',
                                 'priority',
                                 'due_at:time')},
 'clocks._OVERRAN_IN_FULL': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS '
                                     'of_segment, ticket.source_segment, ticket.priority AS of_priority, '
                                     'ticket.channel AS of_channel, ticket.type AS of_type, ticket.mailbox AS '
                                     'of_mailbox, ticket.policy, ticket.policy_version, CASE WHEN (ticket.updated_at '
                                     '>= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                                     'json_agg(json_build_array(event_1.n, event_1.field, CAST(event_1."old" AS '
                                     'TEXT))) AS anon_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND '
                                     "event_1.field IN ('type') AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE) END AS "
                                     'changes, ticket.subject AS now_subject, CASE WHEN (ticket.updated_at >= '
                                     '%s::TIMESTAMP WITH TIME ZONE) THEN (SELECT coalesce(CAST(event_2."old" AS TEXT), '
                                     "'null') AS coalesce_1 FROM event AS event_2 WHERE event_2.ticket_id = ticket.id "
                                     "AND event_2.field = 'subject' AND event_2.at >= %s::TIMESTAMP WITH TIME ZONE "
                                     'ORDER BY event_2.n  LIMIT 1) END AS seen_subject, clock.kind, clock.cycle, '
                                     'clock.owner, clock.segment, clock.priority, clock.at_retarget, clock.due_at, '
                                     'clock.calendar, clock.target, clock.used, clock.runs, clock.since, clock.ends, '
                                     'clock.policy AS by_policy, clock.policy_version AS by_version FROM clock JOIN '
                                     'ticket ON ticket.id = clock.ticket_id WHERE [[counted]] AND clock.stopped_at IS '
                                     'NULL AND clock.breached_at IS NULL AND clock.due_at >= %s::TIMESTAMP WITH TIME '
                                     'ZONE AND clock.due_at < %s::TIMESTAMP WITH TIME ZONE',
                             'parameters': ('seen:time',
                                            'seen:time',
                                            'seen:time',
                                            'seen:time',
                                            '[[counted]]',
                                            'start:time',
                                            'until:time'),
                             'columns': ('of_ticket',
                                         'of_owner',
                                         'of_segment',
                                         'source_segment',
                                         'of_priority',
                                         'of_channel',
                                         'of_type',
                                         'of_mailbox',
                                         'policy',
                                         'policy_version',
                                         'changes:json',
                                         'now_subject',
                                         'seen_subject',
                                         'kind',
                                         'cycle',
                                         'owner',
                                         'segment',
                                         'priority',
                                         'at_retarget',
                                         'due_at:time',
                                         'calendar',
                                         'target',
                                         'used',
                                         'runs:json',
                                         'since:time',
                                         'ends:json',
                                         'by_policy',
                                         'by_version')},
 'clocks._OWED': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                          'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                          'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, ticket.policy_version, '
                          'CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                          'json_agg(json_build_array(event_1.n, event_1.field, CAST(event_1."old" AS TEXT))) AS anon_1 '
                          "FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field IN ('segment', "
                          "'priority', 'type') AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE) END AS changes, "
                          'clock_outcome.kind, clock_outcome.cycle, clock_outcome.owner, clock_outcome.segment, '
                          'clock_outcome.priority, clock_outcome.at_retarget, clock_outcome.due_at, '
                          'clock_outcome.calendar, clock_outcome.target, clock_outcome.used, clock_outcome.runs, '
                          'clock_outcome.since, clock_outcome.ends, clock_outcome.policy AS by_policy, '
                          'clock_outcome.policy_version AS by_version, clock_outcome.ended_at FROM clock_outcome JOIN '
                          'ticket ON ticket.id = clock_outcome.ticket_id WHERE [[counted]] AND clock_outcome.kind IN '
                          "('first', 'next') AND (clock_outcome.ended_at IS NULL OR clock_outcome.ended_at >= "
                          "%s::TIMESTAMP WITH TIME ZONE) AND clock_outcome.outcome = 'breached' AND clock_outcome.at < "
                          '%s::TIMESTAMP WITH TIME ZONE',
                  'parameters': ('seen:time', 'seen:time', '[[counted]]', 'end:time', 'end:time'),
                  'columns': ('of_ticket',
                              'of_owner',
                              'of_segment',
                              'source_segment',
                              'of_priority',
                              'of_channel',
                              'of_type',
                              'of_mailbox',
                              'policy',
                              'policy_version',
                              'changes:json',
                              'kind',
                              'cycle',
                              'owner',
                              'segment',
                              'priority',
                              'at_retarget',
                              'due_at:time',
                              'calendar',
                              'target',
                              'used',
                              'runs:json',
                              'since:time',
                              'ends:json',
                              'by_policy',
                              'by_version',
                              'ended_at:time')},
 'clocks._OWED_YET': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                              'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                              'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                              'ticket.policy_version, CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) '
                              'THEN (SELECT json_agg(json_build_array(event_1.n, event_1.field, CAST(event_1."old" AS '
                              'TEXT))) AS anon_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND '
                              "event_1.field IN ('segment', 'priority', 'type') AND event_1.at >= %s::TIMESTAMP WITH "
                              'TIME ZONE) END AS changes, clock.kind, clock.cycle, clock.owner, clock.segment, '
                              'clock.priority, clock.at_retarget, clock.due_at, clock.calendar, clock.target, '
                              'clock.used, clock.runs, clock.since, clock.ends, clock.policy AS by_policy, '
                              'clock.policy_version AS by_version FROM clock JOIN ticket ON ticket.id = '
                              "clock.ticket_id WHERE [[counted]] AND clock.kind IN ('first', 'next') AND "
                              'clock.stopped_at IS NULL AND clock.breached_at IS NULL AND clock.due_at < %s::TIMESTAMP '
                              'WITH TIME ZONE',
                      'parameters': ('seen:time', 'seen:time', '[[counted]]', 'until:time'),
                      'columns': ('of_ticket',
                                  'of_owner',
                                  'of_segment',
                                  'source_segment',
                                  'of_priority',
                                  'of_channel',
                                  'of_type',
                                  'of_mailbox',
                                  'policy',
                                  'policy_version',
                                  'changes:json',
                                  'kind',
                                  'cycle',
                                  'owner',
                                  'segment',
                                  'priority',
                                  'at_retarget',
                                  'due_at:time',
                                  'calendar',
                                  'target',
                                  'used',
                                  'runs:json',
                                  'since:time',
                                  'ends:json',
                                  'by_policy',
                                  'by_version')},
 'clocks._PRESSING': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                              'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                              'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                              'ticket.policy_version, CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) '
                              'THEN (SELECT json_agg(json_build_array(event_1.n, event_1.field, CAST(event_1."old" AS '
                              'TEXT))) AS anon_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND '
                              "event_1.field IN ('type') AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE) END AS "
                              'changes, ticket.subject AS now_subject, CASE WHEN (ticket.updated_at >= %s::TIMESTAMP '
                              'WITH TIME ZONE) THEN (SELECT coalesce(CAST(event_2."old" AS TEXT), \'null\') AS '
                              'coalesce_1 FROM event AS event_2 WHERE event_2.ticket_id = ticket.id AND event_2.field '
                              "= 'subject' AND event_2.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_2.n  LIMIT 1) "
                              'END AS seen_subject, clock.kind, clock.cycle, clock.owner, clock.segment, '
                              'clock.priority, clock.at_retarget, clock.due_at, clock.calendar, clock.target, '
                              'clock.used, clock.runs, clock.since, clock.ends, clock.policy AS by_policy, '
                              'clock.policy_version AS by_version FROM clock JOIN ticket ON ticket.id = '
                              'clock.ticket_id WHERE [[counted]] AND clock.stopped_at IS NULL AND clock.breached_at IS '
                              'NULL AND clock.due_at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY clock.due_at, clock.id  '
                              'LIMIT CAST(%s::INTEGER AS BIGINT)',
                      'parameters': ('seen:time',
                                     'seen:time',
                                     'seen:time',
                                     'seen:time',
                                     '[[counted]]',
                                     'as_of:time',
                                     'limit'),
                      'columns': ('of_ticket',
                                  'of_owner',
                                  'of_segment',
                                  'source_segment',
                                  'of_priority',
                                  'of_channel',
                                  'of_type',
                                  'of_mailbox',
                                  'policy',
                                  'policy_version',
                                  'changes:json',
                                  'now_subject',
                                  'seen_subject',
                                  'kind',
                                  'cycle',
                                  'owner',
                                  'segment',
                                  'priority',
                                  'at_retarget',
                                  'due_at:time',
                                  'calendar',
                                  'target',
                                  'used',
                                  'runs:json',
                                  'since:time',
                                  'ends:json',
                                  'by_policy',
                                  'by_version')},
 'counted._NOT_AWAY': {'text': 'NOT CASE WHEN (CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                               '(SELECT coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS '
                               "event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'status' AND "
                               'event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END IS NULL) '
                               "THEN ticket.status IN ('spam', 'merged') ELSE CASE WHEN (ticket.updated_at >= "
                               '%s::TIMESTAMP WITH TIME ZONE) THEN (SELECT coalesce(CAST(event_1."old" AS TEXT), '
                               "'null') AS coalesce_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND "
                               "event_1.field = 'status' AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY "
                               'event_1.n  LIMIT 1) END IN (\'"spam"\', \'"merged"\') END',
                       'parameters': ('seen:time', 'seen:time', 'seen:time', 'seen:time')},
 'counted._OUTSIDE': {'text': 'NOT CASE WHEN (CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                              '(SELECT coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS '
                              "event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'customer' AND "
                              'event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END IS NULL) '
                              'THEN ticket.customer_id = ANY (%s::BIGINT[]) AND NOT ticket.id = ANY (%s::BIGINT[]) OR '
                              'ticket.id = ANY (%s::BIGINT[]) ELSE CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH '
                              'TIME ZONE) THEN (SELECT coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 '
                              'FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = '
                              "'customer' AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) "
                              'END = ANY (%s::TEXT[]) END',
                      'parameters': ('seen:time',
                                     'seen:time',
                                     'customers:list',
                                     'joined:list',
                                     'left:list',
                                     'seen:time',
                                     'seen:time',
                                     'addresses:list')},
 'counted._WAS_THERE': {'text': 'ticket.created_at < %s::TIMESTAMP WITH TIME ZONE AND CASE WHEN (ticket.updated_at >= '
                                '%s::TIMESTAMP WITH TIME ZONE) THEN NOT (EXISTS (SELECT * FROM event AS event_1 WHERE '
                                'event_1.ticket_id = ticket.id AND event_1.n = 1 AND event_1.at >= %s::TIMESTAMP WITH '
                                'TIME ZONE)) ELSE true END',
                        'parameters': ('seen:time', 'seen:time', 'seen:time')},
 'counted.owner before': {'text': 'CASE WHEN (CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                                  '(SELECT coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS '
                                  "event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'owner' AND "
                                  'event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END IS '
                                  'NULL) THEN [[now]] ELSE [[then]] END',
                          'parameters': ('seen:time', 'seen:time', '[[now]]', '[[then]]')},
 'counted.owner was': {'text': 'CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                               'coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS event_1 '
                               "WHERE event_1.ticket_id = ticket.id AND event_1.field = 'owner' AND event_1.at >= "
                               '%s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END = ANY (%s::TEXT[])',
                       'parameters': ('seen:time', 'seen:time', 'words:list')},
 'counted.owner was not empty': {'text': '(CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                                         'coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS '
                                         "event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'owner' AND "
                                         'event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END '
                                         'NOT IN (\'null\', \'""\'))',
                                 'parameters': ('seen:time', 'seen:time')},
 'counted.priority before': {'text': 'CASE WHEN (CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                                     '(SELECT coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event '
                                     "AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'priority' "
                                     'AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END '
                                     'IS NULL) THEN [[now]] ELSE [[then]] END',
                             'parameters': ('seen:time', 'seen:time', '[[now]]', '[[then]]')},
 'counted.priority was': {'text': 'CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                                  'coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS event_1 '
                                  "WHERE event_1.ticket_id = ticket.id AND event_1.field = 'priority' AND event_1.at "
                                  '>= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END = ANY (%s::TEXT[])',
                          'parameters': ('seen:time', 'seen:time', 'words:list')},
 'counted.segment before': {'text': 'CASE WHEN (CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                                    '(SELECT coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event '
                                    "AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'segment' AND "
                                    'event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END IS '
                                    'NULL) THEN [[now]] ELSE [[then]] END',
                            'parameters': ('seen:time', 'seen:time', '[[now]]', '[[then]]')},
 'counted.segment was': {'text': 'CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                                 'coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS event_1 '
                                 "WHERE event_1.ticket_id = ticket.id AND event_1.field = 'segment' AND event_1.at >= "
                                 '%s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END = ANY (%s::TEXT[])',
                         'parameters': ('seen:time', 'seen:time', 'words:list')},
 'counted.segment was not empty': {'text': '(CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                                           '(SELECT coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM '
                                           'event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = '
                                           "'segment' AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY "
                                           'event_1.n  LIMIT 1) END NOT IN (\'null\', \'""\'))',
                                   'parameters': ('seen:time', 'seen:time')},
 'counted.status before': {'text': 'CASE WHEN (CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                                   '(SELECT coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event '
                                   "AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'status' AND "
                                   'event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END IS '
                                   'NULL) THEN [[now]] ELSE [[then]] END',
                           'parameters': ('seen:time', 'seen:time', '[[now]]', '[[then]]')},
 'counted.status was': {'text': 'CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                                'coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS event_1 '
                                "WHERE event_1.ticket_id = ticket.id AND event_1.field = 'status' AND event_1.at >= "
                                '%s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END = ANY (%s::TEXT[])',
                        'parameters': ('seen:time', 'seen:time', 'words:list')},
 'counted.status was not empty': {'text': '(CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                                          'coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS '
                                          "event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'status' "
                                          'AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) '
                                          'END NOT IN (\'null\', \'""\'))',
                                  'parameters': ('seen:time', 'seen:time')},
 'counted.type before': {'text': 'CASE WHEN (CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN '
                                 '(SELECT coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS '
                                 "event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'type' AND "
                                 'event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END IS NULL) '
                                 'THEN [[now]] ELSE [[then]] END',
                         'parameters': ('seen:time', 'seen:time', '[[now]]', '[[then]]')},
 'counted.type was': {'text': 'CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                              'coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS event_1 '
                              "WHERE event_1.ticket_id = ticket.id AND event_1.field = 'type' AND event_1.at >= "
                              '%s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END = ANY (%s::TEXT[])',
                      'parameters': ('seen:time', 'seen:time', 'words:list')},
 'counted.type was not empty': {'text': '(CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                                        'coalesce(CAST(event_1."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS '
                                        "event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = 'type' AND "
                                        'event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_1.n  LIMIT 1) END '
                                        'NOT IN (\'null\', \'""\'))',
                                'parameters': ('seen:time', 'seen:time')},
 'figures.by channel': {'text': 'ticket.channel'},
 'figures.by customer': {'text': 'customer.email'},
 'figures.by day': {'text': 'ticket.created_at'},
 'figures.by kind': {'text': 'ticket.kind'},
 'figures.by language': {'text': 'ticket.language'},
 'figures.by mailbox': {'text': 'ticket.mailbox'},
 'figures.by month': {'text': 'ticket.created_at'},
 'figures.by owner': {'text': "CASE WHEN (ticket.owner <> '' AND ticket.owner NOT IN (SELECT agent.value ->> 'name' "
                              "FROM definition, jsonb_array_elements(definition.document -> 'agents') AS agent WHERE "
                              'definition.version = (SELECT max(version) FROM definition)) AND EXISTS (SELECT 1 FROM '
                              "definition, jsonb_array_elements(definition.document -> 'agents') AS agent WHERE "
                              'definition.version = (SELECT max(version) FROM definition))) THEN NULL ELSE '
                              'ticket.owner END'},
 'figures.by priority': {'text': 'ticket.priority'},
 'figures.by segment': {'text': 'ticket.segment'},
 'figures.by source_segment': {'text': 'ticket.source_segment'},
 'figures.by status': {'text': 'ticket.status'},
 'figures.by tag': {'text': 'ticket_tag.tag'},
 'figures.by type': {'text': 'ticket.type'},
 'figures.by week': {'text': 'ticket.created_at'},
 'figures.count customer=False tag=False': {'text': 'SELECT count(ticket.id) AS tickets, [[keys]] FROM ticket WHERE '
                                                    '[[condition]] GROUP BY [[groups]] ORDER BY tickets DESC, '
                                                    '[[groups]]',
                                            'parameters': ('[[keys]]', '[[condition]]', '[[groups]]', '[[groups]]'),
                                            'columns': ('tickets', '')},
 'figures.count customer=False tag=True': {'text': 'SELECT count(ticket.id) AS tickets, [[keys]] FROM ticket LEFT '
                                                   'OUTER JOIN ticket_tag ON ticket_tag.ticket_id = ticket.id WHERE '
                                                   '[[condition]] GROUP BY [[groups]] ORDER BY tickets DESC, '
                                                   '[[groups]]',
                                           'parameters': ('[[keys]]', '[[condition]]', '[[groups]]', '[[groups]]'),
                                           'columns': ('tickets', '')},
 'figures.count customer=True tag=False': {'text': 'SELECT count(ticket.id) AS tickets, [[keys]] FROM ticket JOIN '
                                                   'customer ON customer.id = ticket.customer_id WHERE [[condition]] '
                                                   'GROUP BY [[groups]] ORDER BY tickets DESC, [[groups]]',
                                           'parameters': ('[[keys]]', '[[condition]]', '[[groups]]', '[[groups]]'),
                                           'columns': ('tickets', '')},
 'figures.count customer=True tag=True': {'text': 'SELECT count(ticket.id) AS tickets, [[keys]] FROM ticket JOIN '
                                                  'customer ON customer.id = ticket.customer_id LEFT OUTER JOIN '
                                                  'ticket_tag ON ticket_tag.ticket_id = ticket.id WHERE [[condition]] '
                                                  'GROUP BY [[groups]] ORDER BY tickets DESC, [[groups]]',
                                          'parameters': ('[[keys]]', '[[condition]]', '[[groups]]', '[[groups]]'),
                                          'columns': ('tickets', '')},
 'first_replies._FIRST_REPLIES': {'text': 'SELECT anon_1.alike, anon_1.timed_at, anon_1.unmeasured, '
                                          'json_agg(json_build_array(anon_1.used, anon_1.elapsed, anon_1.ticket_id, '
                                          'anon_1.at)) AS each FROM (SELECT jsonb_build_array(replied.actor, '
                                          'ticket.segment, ticket.source_segment, ticket.priority, ticket.channel, '
                                          'ticket.type, ticket.mailbox, CASE WHEN (ticket.updated_at > replied.at) '
                                          'THEN (SELECT json_agg(json_build_array(event_1.n, event_1.field, '
                                          'CAST(event_1."old" AS TEXT))) AS anon_2 FROM event AS event_1 WHERE '
                                          "event_1.ticket_id = ticket.id AND event_1.field IN ('segment', 'priority', "
                                          "'type') AND event_1.at > replied.at) END) AS alike, CASE WHEN (%s::INTEGER "
                                          '= 1) THEN replied.at END AS timed_at, CASE WHEN (clock_outcome.used IS '
                                          'NULL) THEN jsonb_build_array(ticket.created_at, ticket.policy, '
                                          'ticket.policy_version, CASE WHEN (ticket.updated_at > replied.at) THEN '
                                          '(SELECT coalesce(CAST(event_2."old" AS TEXT), \'null\') AS coalesce_1 FROM '
                                          'event AS event_2 WHERE event_2.ticket_id = ticket.id AND event_2.field = '
                                          "'policy' AND event_2.at > replied.at ORDER BY event_2.n  LIMIT 1) END, CASE "
                                          'WHEN (EXISTS (SELECT * FROM event AS event_3 WHERE event_3.ticket_id = '
                                          'ticket.id AND event_3.field = \'status\' AND CAST(event_3."new" AS TEXT) IN '
                                          '(\'"spam"\', \'"merged"\') AND event_3.at <= replied.at)) THEN 1 ELSE 0 '
                                          'END) END AS unmeasured, clock_outcome.used AS used, clock_outcome.elapsed '
                                          'AS elapsed, replied.ticket_id AS ticket_id, replied.at AS at FROM (SELECT '
                                          'said.ticket_id AS ticket_id, min(said.n) AS n FROM event AS said WHERE '
                                          'said.ticket_id IN (SELECT "some".ticket_id FROM event AS "some" WHERE '
                                          '"some".at >= %s::TIMESTAMP WITH TIME ZONE AND "some".at < %s::TIMESTAMP '
                                          'WITH TIME ZONE AND "some".type = \'replied\') AND said.type = \'replied\' '
                                          "AND (said.actor NOT IN ('gateway', 'rule', 'sla')) AND NOT (EXISTS (SELECT "
                                          '* FROM event AS event_4 WHERE event_4.ticket_id = said.ticket_id AND '
                                          "event_4.type = 'undone' AND event_4.field = 'message' AND "
                                          'event_4.undo_group = said.undo_group AND CAST(event_4."new" AS TEXT) = '
                                          'CAST(said."new" AS TEXT))) AND said.at < %s::TIMESTAMP WITH TIME ZONE GROUP '
                                          'BY said.ticket_id) AS anon_3 JOIN event AS replied ON replied.ticket_id = '
                                          'anon_3.ticket_id AND replied.n = anon_3.n JOIN ticket ON ticket.id = '
                                          'replied.ticket_id LEFT OUTER JOIN clock_outcome ON clock_outcome.ticket_id '
                                          "= ticket.id AND clock_outcome.kind = 'first' AND clock_outcome.at = "
                                          'replied.at AND clock_outcome.answered_by IS NOT NULL WHERE replied.at >= '
                                          '%s::TIMESTAMP WITH TIME ZONE AND replied.at < %s::TIMESTAMP WITH TIME ZONE '
                                          'AND NOT (EXISTS (SELECT * FROM message WHERE message.ticket_id = ticket.id '
                                          'AND message.n = 1 AND message.at <= ticket.created_at AND message.direction '
                                          "= 'out' AND message.class = 'human')) AND [[counted]]) AS anon_1 GROUP BY "
                                          'anon_1.alike, anon_1.timed_at, anon_1.unmeasured',
                                  'parameters': ('timed',
                                                 'start:time',
                                                 'end:time',
                                                 'end:time',
                                                 'start:time',
                                                 'end:time',
                                                 '[[counted]]'),
                                  'columns': ('alike:json', 'timed_at:time', 'unmeasured:json', 'each:json')},
 'mail_queues._INCOMING': {'text': 'SELECT anon_1.mailbox, anon_1.state, anon_1.verdict, count(*) AS count_1 FROM '
                                   '(SELECT inbox.id AS id, inbox.mailbox AS mailbox, inbox.ticket_id AS ticket_id, '
                                   'inbox.received_at AS at, CASE WHEN (inbox.since IS NULL OR inbox.since < '
                                   '%s::TIMESTAMP WITH TIME ZONE) THEN inbox.state ELSE coalesce(mail_state.state, '
                                   "'received') END AS state, CASE WHEN (inbox.since IS NULL OR inbox.since < "
                                   '%s::TIMESTAMP WITH TIME ZONE) THEN inbox.verdict ELSE mail_state.verdict END AS '
                                   'verdict, CASE WHEN (inbox.since IS NULL OR inbox.since < %s::TIMESTAMP WITH TIME '
                                   'ZONE) THEN inbox.error ELSE mail_state.why END AS why FROM inbox LEFT OUTER JOIN '
                                   "mail_state ON mail_state.queue = 'inbox' AND mail_state.mail_id = inbox.id AND "
                                   'mail_state.since < %s::TIMESTAMP WITH TIME ZONE AND mail_state.until >= '
                                   '%s::TIMESTAMP WITH TIME ZONE AND NOT (inbox.since IS NULL OR inbox.since < '
                                   '%s::TIMESTAMP WITH TIME ZONE) WHERE inbox.received_at < %s::TIMESTAMP WITH TIME '
                                   'ZONE AND inbox.received_at >= %s::TIMESTAMP WITH TIME ZONE AND inbox.received_at < '
                                   '%s::TIMESTAMP WITH TIME ZONE) AS anon_1 GROUP BY anon_1.mailbox, anon_1.state, '
                                   "anon_1.verdict ORDER BY coalesce(anon_1.mailbox, ''), coalesce(anon_1.state, ''), "
                                   "coalesce(anon_1.verdict, '')",
                           'parameters': ('seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'start:time',
                                          'end:time'),
                           'columns': ('mailbox', 'state', 'verdict', 'count_1')},
 'mail_queues._OLDEST_WAITING': {'text': 'SELECT min(anon_1.at) AS min_1 FROM (SELECT outbox.id AS id, outbox.mailbox '
                                         'AS mailbox, outbox.ticket_id AS ticket_id, outbox.created_at AS at, CASE '
                                         'WHEN (outbox.since IS NULL OR outbox.since < %s::TIMESTAMP WITH TIME ZONE) '
                                         "THEN outbox.state ELSE coalesce(mail_state.state, 'queued') END AS state, "
                                         'CASE WHEN (outbox.since IS NULL OR outbox.since < %s::TIMESTAMP WITH TIME '
                                         'ZONE) THEN NULL ELSE mail_state.verdict END AS verdict, CASE WHEN '
                                         '(outbox.since IS NULL OR outbox.since < %s::TIMESTAMP WITH TIME ZONE) THEN '
                                         'outbox.error ELSE mail_state.why END AS why FROM outbox LEFT OUTER JOIN '
                                         "mail_state ON mail_state.queue = 'outbox' AND mail_state.mail_id = outbox.id "
                                         'AND mail_state.since < %s::TIMESTAMP WITH TIME ZONE AND mail_state.until >= '
                                         '%s::TIMESTAMP WITH TIME ZONE AND NOT (outbox.since IS NULL OR outbox.since < '
                                         '%s::TIMESTAMP WITH TIME ZONE) WHERE outbox.created_at < %s::TIMESTAMP WITH '
                                         "TIME ZONE) AS anon_1 WHERE anon_1.state IN ('queued', 'sending')",
                                 'parameters': ('seen:time',
                                                'seen:time',
                                                'seen:time',
                                                'seen:time',
                                                'seen:time',
                                                'seen:time',
                                                'seen:time'),
                                 'columns': ('min_1:time',)},
 'mail_queues._OUTGOING': {'text': 'SELECT anon_1.mailbox, anon_1.state, count(*) AS count_1 FROM (SELECT outbox.id AS '
                                   'id, outbox.mailbox AS mailbox, outbox.ticket_id AS ticket_id, outbox.created_at AS '
                                   'at, CASE WHEN (outbox.since IS NULL OR outbox.since < %s::TIMESTAMP WITH TIME '
                                   "ZONE) THEN outbox.state ELSE coalesce(mail_state.state, 'queued') END AS state, "
                                   'CASE WHEN (outbox.since IS NULL OR outbox.since < %s::TIMESTAMP WITH TIME ZONE) '
                                   'THEN NULL ELSE mail_state.verdict END AS verdict, CASE WHEN (outbox.since IS NULL '
                                   'OR outbox.since < %s::TIMESTAMP WITH TIME ZONE) THEN outbox.error ELSE '
                                   'mail_state.why END AS why FROM outbox LEFT OUTER JOIN mail_state ON '
                                   "mail_state.queue = 'outbox' AND mail_state.mail_id = outbox.id AND "
                                   'mail_state.since < %s::TIMESTAMP WITH TIME ZONE AND mail_state.until >= '
                                   '%s::TIMESTAMP WITH TIME ZONE AND NOT (outbox.since IS NULL OR outbox.since < '
                                   '%s::TIMESTAMP WITH TIME ZONE) WHERE outbox.created_at < %s::TIMESTAMP WITH TIME '
                                   "ZONE) AS anon_1 WHERE (anon_1.state NOT IN ('sent', 'cancelled')) OR anon_1.at >= "
                                   '%s::TIMESTAMP WITH TIME ZONE AND anon_1.at < %s::TIMESTAMP WITH TIME ZONE GROUP BY '
                                   'anon_1.mailbox, anon_1.state ORDER BY anon_1.mailbox, anon_1.state',
                           'parameters': ('seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'seen:time',
                                          'start:time',
                                          'end:time'),
                           'columns': ('mailbox', 'state', 'count_1')},
 'mail_queues.inbox still wrong': {'text': 'SELECT inbox.id, inbox.mailbox, inbox.ticket_id, inbox.received_at AS at, '
                                           'CASE WHEN (inbox.since IS NULL OR inbox.since < %s::TIMESTAMP WITH TIME '
                                           "ZONE) THEN inbox.state ELSE coalesce(mail_state.state, 'received') END AS "
                                           'state, CASE WHEN (inbox.since IS NULL OR inbox.since < %s::TIMESTAMP WITH '
                                           'TIME ZONE) THEN inbox.verdict ELSE mail_state.verdict END AS verdict, CASE '
                                           'WHEN (inbox.since IS NULL OR inbox.since < %s::TIMESTAMP WITH TIME ZONE) '
                                           'THEN inbox.error ELSE mail_state.why END AS why FROM inbox LEFT OUTER JOIN '
                                           "mail_state ON mail_state.queue = 'inbox' AND mail_state.mail_id = inbox.id "
                                           'AND mail_state.since < %s::TIMESTAMP WITH TIME ZONE AND mail_state.until '
                                           '>= %s::TIMESTAMP WITH TIME ZONE AND NOT (inbox.since IS NULL OR '
                                           'inbox.since < %s::TIMESTAMP WITH TIME ZONE) WHERE inbox.received_at < '
                                           "%s::TIMESTAMP WITH TIME ZONE AND inbox.state IN ('held') AND (inbox.since "
                                           'IS NULL OR inbox.since < %s::TIMESTAMP WITH TIME ZONE) ORDER BY inbox.id  '
                                           'LIMIT 20',
                                   'parameters': ('seen:time',
                                                  'seen:time',
                                                  'seen:time',
                                                  'seen:time',
                                                  'seen:time',
                                                  'seen:time',
                                                  'seen:time',
                                                  'seen:time'),
                                   'columns': ('id', 'mailbox', 'ticket_id', 'at:time', 'state', 'verdict', 'why')},
 'mail_queues.inbox wrong then': {'text': 'SELECT inbox.id, inbox.mailbox, inbox.ticket_id, inbox.received_at AS at, '
                                          'CASE WHEN (inbox.since IS NULL OR inbox.since < %s::TIMESTAMP WITH TIME '
                                          "ZONE) THEN inbox.state ELSE coalesce(mail_state.state, 'received') END AS "
                                          'state, CASE WHEN (inbox.since IS NULL OR inbox.since < %s::TIMESTAMP WITH '
                                          'TIME ZONE) THEN inbox.verdict ELSE mail_state.verdict END AS verdict, CASE '
                                          'WHEN (inbox.since IS NULL OR inbox.since < %s::TIMESTAMP WITH TIME ZONE) '
                                          'THEN inbox.error ELSE mail_state.why END AS why FROM inbox LEFT OUTER JOIN '
                                          "mail_state ON mail_state.queue = 'inbox' AND mail_state.mail_id = inbox.id "
                                          'AND mail_state.since < %s::TIMESTAMP WITH TIME ZONE AND mail_state.until >= '
                                          '%s::TIMESTAMP WITH TIME ZONE AND NOT (inbox.since IS NULL OR inbox.since < '
                                          '%s::TIMESTAMP WITH TIME ZONE) WHERE inbox.received_at < %s::TIMESTAMP WITH '
                                          'TIME ZONE AND inbox.id IN (SELECT mail_state.mail_id FROM mail_state WHERE '
                                          "mail_state.queue = 'inbox' AND mail_state.state IN ('held')) AND "
                                          "mail_state.state IN ('held') ORDER BY inbox.id  LIMIT 20",
                                  'parameters': ('seen:time',
                                                 'seen:time',
                                                 'seen:time',
                                                 'seen:time',
                                                 'seen:time',
                                                 'seen:time',
                                                 'seen:time'),
                                  'columns': ('id', 'mailbox', 'ticket_id', 'at:time', 'state', 'verdict', 'why')},
 'mail_queues.outbox still wrong': {'text': 'SELECT outbox.id, outbox.mailbox, outbox.ticket_id, outbox.created_at AS '
                                            'at, CASE WHEN (outbox.since IS NULL OR outbox.since < %s::TIMESTAMP WITH '
                                            "TIME ZONE) THEN outbox.state ELSE coalesce(mail_state.state, 'queued') "
                                            'END AS state, CASE WHEN (outbox.since IS NULL OR outbox.since < '
                                            '%s::TIMESTAMP WITH TIME ZONE) THEN NULL ELSE mail_state.verdict END AS '
                                            'verdict, CASE WHEN (outbox.since IS NULL OR outbox.since < %s::TIMESTAMP '
                                            'WITH TIME ZONE) THEN outbox.error ELSE mail_state.why END AS why FROM '
                                            "outbox LEFT OUTER JOIN mail_state ON mail_state.queue = 'outbox' AND "
                                            'mail_state.mail_id = outbox.id AND mail_state.since < %s::TIMESTAMP WITH '
                                            'TIME ZONE AND mail_state.until >= %s::TIMESTAMP WITH TIME ZONE AND NOT '
                                            '(outbox.since IS NULL OR outbox.since < %s::TIMESTAMP WITH TIME ZONE) '
                                            'WHERE outbox.created_at < %s::TIMESTAMP WITH TIME ZONE AND outbox.state '
                                            "IN ('failed', 'uncertain') AND (outbox.since IS NULL OR outbox.since < "
                                            '%s::TIMESTAMP WITH TIME ZONE) ORDER BY outbox.id  LIMIT 20',
                                    'parameters': ('seen:time',
                                                   'seen:time',
                                                   'seen:time',
                                                   'seen:time',
                                                   'seen:time',
                                                   'seen:time',
                                                   'seen:time',
                                                   'seen:time'),
                                    'columns': ('id', 'mailbox', 'ticket_id', 'at:time', 'state', 'verdict', 'why')},
 'mail_queues.outbox wrong then': {'text': 'SELECT outbox.id, outbox.mailbox, outbox.ticket_id, outbox.created_at AS '
                                           'at, CASE WHEN (outbox.since IS NULL OR outbox.since < %s::TIMESTAMP WITH '
                                           "TIME ZONE) THEN outbox.state ELSE coalesce(mail_state.state, 'queued') END "
                                           'AS state, CASE WHEN (outbox.since IS NULL OR outbox.since < %s::TIMESTAMP '
                                           'WITH TIME ZONE) THEN NULL ELSE mail_state.verdict END AS verdict, CASE '
                                           'WHEN (outbox.since IS NULL OR outbox.since < %s::TIMESTAMP WITH TIME ZONE) '
                                           'THEN outbox.error ELSE mail_state.why END AS why FROM outbox LEFT OUTER '
                                           "JOIN mail_state ON mail_state.queue = 'outbox' AND mail_state.mail_id = "
                                           'outbox.id AND mail_state.since < %s::TIMESTAMP WITH TIME ZONE AND '
                                           'mail_state.until >= %s::TIMESTAMP WITH TIME ZONE AND NOT (outbox.since IS '
                                           'NULL OR outbox.since < %s::TIMESTAMP WITH TIME ZONE) WHERE '
                                           'outbox.created_at < %s::TIMESTAMP WITH TIME ZONE AND outbox.id IN (SELECT '
                                           "mail_state.mail_id FROM mail_state WHERE mail_state.queue = 'outbox' AND "
                                           "mail_state.state IN ('failed', 'uncertain')) AND mail_state.state IN "
                                           "('failed', 'uncertain') ORDER BY outbox.id  LIMIT 20",
                                   'parameters': ('seen:time',
                                                  'seen:time',
                                                  'seen:time',
                                                  'seen:time',
                                                  'seen:time',
                                                  'seen:time',
                                                  'seen:time'),
                                   'columns': ('id', 'mailbox', 'ticket_id', 'at:time', 'state', 'verdict', 'why')},
 'moved._MERGES': {'text': 'SELECT journal.id, journal.at, journal.actor, journal.os_user, journal.kind, '
                           'journal.subject, journal.type, journal."old", journal."new", journal.comment, '
                           "journal.undo_group FROM journal WHERE journal.kind = 'customer' AND journal.type = "
                           "'merged' AND journal.undo_group = ANY (%s::TEXT[]) ORDER BY journal.id",
                   'parameters': ('groups:list',),
                   'columns': ('id',
                               'at:time',
                               'actor',
                               'os_user',
                               'kind',
                               'subject',
                               'type',
                               'old:json',
                               'new:json',
                               'comment',
                               'undo_group')},
 'moved._MOVES': {'text': 'SELECT journal.id, journal.at, journal.actor, journal.os_user, journal.kind, '
                          'journal.subject, journal.type, journal."old", journal."new", journal.comment, '
                          "journal.undo_group FROM journal WHERE journal.kind = 'customer' AND journal.type IN "
                          "('merged', 'unlinked', 'undone') AND journal.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY "
                          'journal.id',
                  'parameters': ('seen:time',),
                  'columns': ('id',
                              'at:time',
                              'actor',
                              'os_user',
                              'kind',
                              'subject',
                              'type',
                              'old:json',
                              'new:json',
                              'comment',
                              'undo_group')},
 'moved._OF_AGENTS': {'text': "SELECT identity.id, identity.customer_id FROM identity WHERE identity.kind = 'email' "
                              'AND identity.value = ANY (%s::TEXT[]) AND identity.created_at < %s::TIMESTAMP WITH TIME '
                              'ZONE',
                      'parameters': ('addresses:list', 'seen:time'),
                      'columns': ('id', 'customer_id')},
 'overdue._DUE_BEFORE': {'text': 'SELECT event.ticket_id, event."old" FROM event WHERE event.at >= %s::TIMESTAMP WITH '
                                 "TIME ZONE AND event.field = 'due_by' ORDER BY event.at DESC, event.id DESC",
                         'parameters': ('end:time',),
                         'columns': ('ticket_id', 'old:json')},
 'overdue._DUE_BY_HAND': {'text': 'SELECT ticket.id, ticket.due_by FROM ticket WHERE ticket.due_by < %s::TIMESTAMP '
                                  'WITH TIME ZONE',
                          'parameters': ('until:time',),
                          'columns': ('id', 'due_by:time')},
 'overdue._LATE': {'text': 'SELECT clock_outcome.ticket_id FROM clock_outcome WHERE (clock_outcome.ended_at IS NULL OR '
                           'clock_outcome.ended_at >= %s::TIMESTAMP WITH TIME ZONE) AND clock_outcome.outcome = '
                           "'breached' AND clock_outcome.at < %s::TIMESTAMP WITH TIME ZONE",
                   'parameters': ('end:time', 'end:time'),
                   'columns': ('ticket_id',)},
 'overdue._RUN_OUT': {'text': 'SELECT clock.ticket_id FROM clock WHERE (clock.stopped_at IS NULL OR clock.stopped_at '
                              '>= %s::TIMESTAMP WITH TIME ZONE) AND coalesce(clock.breached_at, clock.due_at) < '
                              '%s::TIMESTAMP WITH TIME ZONE',
                      'parameters': ('end:time', 'until:time'),
                      'columns': ('ticket_id',)},
 'ratings._LATER': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                            'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                            'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                            'ticket.policy_version, CASE WHEN (ticket.updated_at > coalesce((SELECT max(event_1.at) AS '
                            'max_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = '
                            '\'status\' AND (CAST(event_1."old" AS TEXT) NOT IN (\'"closed"\', \'"resolved"\')) AND '
                            'CAST(event_1."new" AS TEXT) IN (\'"closed"\', \'"resolved"\') AND event_1.at <= '
                            'rating.at), rating.at)) THEN (SELECT json_agg(json_build_array(event_2.n, event_2.field, '
                            'CAST(event_2."old" AS TEXT))) AS anon_1 FROM event AS event_2 WHERE event_2.ticket_id = '
                            "ticket.id AND event_2.field IN ('priority', 'type') AND event_2.at > coalesce((SELECT "
                            'max(event_1.at) AS max_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND '
                            'event_1.field = \'status\' AND (CAST(event_1."old" AS TEXT) NOT IN (\'"closed"\', '
                            '\'"resolved"\')) AND CAST(event_1."new" AS TEXT) IN (\'"closed"\', \'"resolved"\') AND '
                            'event_1.at <= rating.at), rating.at)) END AS changes, rating.id, rating.customer_id, '
                            'rating.survey, rating.scale, rating.rating, rating.comment, rating.at, rating.owner, '
                            'rating.segment FROM rating LEFT OUTER JOIN ticket ON ticket.id = rating.ticket_id WHERE '
                            '[[about]] AND rating.at >= %s::TIMESTAMP WITH TIME ZONE AND rating.at < %s::TIMESTAMP '
                            'WITH TIME ZONE AND (rating.customer_id IN (SELECT rating.customer_id FROM rating WHERE '
                            'rating.at >= %s::TIMESTAMP WITH TIME ZONE AND rating.at < %s::TIMESTAMP WITH TIME ZONE) '
                            'OR rating.id = ANY (%s::BIGINT[])) ORDER BY rating.at, rating.id',
                    'parameters': ('[[about]]', 'start:time', 'seen:time', 'start:time', 'end:time', 'moved:list'),
                    'columns': ('of_ticket',
                                'of_owner',
                                'of_segment',
                                'source_segment',
                                'of_priority',
                                'of_channel',
                                'of_type',
                                'of_mailbox',
                                'policy',
                                'policy_version',
                                'changes:json',
                                'id',
                                'customer_id',
                                'survey',
                                'scale',
                                'rating',
                                'comment',
                                'at:time',
                                'owner',
                                'segment')},
 'ratings._RATINGS': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                              'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                              'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                              'ticket.policy_version, CASE WHEN (ticket.updated_at > coalesce((SELECT max(event_1.at) '
                              'AS max_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = '
                              '\'status\' AND (CAST(event_1."old" AS TEXT) NOT IN (\'"closed"\', \'"resolved"\')) AND '
                              'CAST(event_1."new" AS TEXT) IN (\'"closed"\', \'"resolved"\') AND event_1.at <= '
                              'rating.at), rating.at)) THEN (SELECT json_agg(json_build_array(event_2.n, '
                              'event_2.field, CAST(event_2."old" AS TEXT))) AS anon_1 FROM event AS event_2 WHERE '
                              "event_2.ticket_id = ticket.id AND event_2.field IN ('priority', 'type') AND event_2.at "
                              '> coalesce((SELECT max(event_1.at) AS max_1 FROM event AS event_1 WHERE '
                              'event_1.ticket_id = ticket.id AND event_1.field = \'status\' AND (CAST(event_1."old" AS '
                              'TEXT) NOT IN (\'"closed"\', \'"resolved"\')) AND CAST(event_1."new" AS TEXT) IN '
                              '(\'"closed"\', \'"resolved"\') AND event_1.at <= rating.at), rating.at)) END AS '
                              'changes, rating.id, rating.customer_id, rating.survey, rating.scale, rating.rating, '
                              'rating.comment, rating.at, rating.owner, rating.segment FROM rating LEFT OUTER JOIN '
                              'ticket ON ticket.id = rating.ticket_id WHERE [[about]] AND rating.at >= %s::TIMESTAMP '
                              'WITH TIME ZONE AND rating.at < %s::TIMESTAMP WITH TIME ZONE AND [[which]] ORDER BY '
                              'rating.at, rating.id',
                      'parameters': ('[[about]]', 'start:time', 'end:time', '[[which]]'),
                      'columns': ('of_ticket',
                                  'of_owner',
                                  'of_segment',
                                  'source_segment',
                                  'of_priority',
                                  'of_channel',
                                  'of_type',
                                  'of_mailbox',
                                  'policy',
                                  'policy_version',
                                  'changes:json',
                                  'id',
                                  'customer_id',
                                  'survey',
                                  'scale',
                                  'rating',
                                  'comment',
                                  'at:time',
                                  'owner',
                                  'segment')},
 'ratings._STANDING': {'text': 'NOT (rating.replaced = 1 AND (EXISTS (SELECT * FROM rating AS rating_1 WHERE '
                               'rating_1.ticket_id = rating.ticket_id AND rating_1.survey = rating.survey AND '
                               'rating_1.id > rating.id AND rating_1.at < %s::TIMESTAMP WITH TIME ZONE)))',
                       'parameters': ('seen:time',)},
 'ratings._SURVEYS': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                              'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                              'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                              'ticket.policy_version, CASE WHEN (ticket.updated_at > coalesce((SELECT max(event_1.at) '
                              'AS max_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field = '
                              '\'status\' AND (CAST(event_1."old" AS TEXT) NOT IN (\'"closed"\', \'"resolved"\')) AND '
                              'CAST(event_1."new" AS TEXT) IN (\'"closed"\', \'"resolved"\') AND event_1.at <= '
                              'survey_sent.at), survey_sent.at)) THEN (SELECT json_agg(json_build_array(event_2.n, '
                              'event_2.field, CAST(event_2."old" AS TEXT))) AS anon_1 FROM event AS event_2 WHERE '
                              "event_2.ticket_id = ticket.id AND event_2.field IN ('priority', 'type') AND event_2.at "
                              '> coalesce((SELECT max(event_1.at) AS max_1 FROM event AS event_1 WHERE '
                              'event_1.ticket_id = ticket.id AND event_1.field = \'status\' AND (CAST(event_1."old" AS '
                              'TEXT) NOT IN (\'"closed"\', \'"resolved"\')) AND CAST(event_1."new" AS TEXT) IN '
                              '(\'"closed"\', \'"resolved"\') AND event_1.at <= survey_sent.at), survey_sent.at)) END '
                              'AS changes, survey_sent.at, survey_sent.owner, survey_sent.segment FROM survey_sent '
                              'JOIN ticket ON ticket.id = survey_sent.ticket_id WHERE survey_sent.at >= %s::TIMESTAMP '
                              'WITH TIME ZONE AND survey_sent.at < %s::TIMESTAMP WITH TIME ZONE AND [[counted]] AND '
                              'survey_sent.outbox_id IS NOT NULL AND NOT (EXISTS (SELECT * FROM outbox WHERE outbox.id '
                              "= survey_sent.outbox_id AND outbox.state = 'cancelled')) ORDER BY survey_sent.at, "
                              'ticket.id',
                      'parameters': ('start:time', 'end:time', '[[counted]]'),
                      'columns': ('of_ticket',
                                  'of_owner',
                                  'of_segment',
                                  'source_segment',
                                  'of_priority',
                                  'of_channel',
                                  'of_type',
                                  'of_mailbox',
                                  'policy',
                                  'policy_version',
                                  'changes:json',
                                  'at:time',
                                  'owner',
                                  'segment')},
 'ratings._WITHOUT_TICKET': {'text': 'rating.ticket_id IS NULL'},
 'replies._AT_PLACE': {'text': 'message.ticket_id = %s::BIGINT AND message.n = %s::INTEGER',
                       'parameters': ('of_ticket', 'of_n')},
 'replies._LAST_WORD': {'text': "SELECT message.direction FROM message WHERE message.class = 'human' AND NOT (EXISTS "
                                '(SELECT * FROM outbox WHERE outbox.ticket_id = message.ticket_id AND outbox.message_n '
                                "= message.n AND outbox.kind IN ('reply', 'resolution') AND outbox.state = "
                                "'cancelled')) AND message.at < %s::TIMESTAMP WITH TIME ZONE AND [[places]] ORDER BY "
                                'message.at DESC, message.id DESC  LIMIT 1',
                        'parameters': ('said_before:time', '[[places]]'),
                        'columns': ('direction',)},
 'replies._OF_TICKET': {'text': 'message.ticket_id = %s::BIGINT', 'parameters': ('of_ticket',)},
 'replies._SOURCES': {'text': 'WITH RECURSIVE reached(id) AS (SELECT ticket.id AS id FROM ticket WHERE ticket.id = ANY '
                              '(%s::BIGINT[]) UNION SELECT CAST(CAST(came."new" AS TEXT) AS BIGINT) AS "new" FROM '
                              "event AS came, reached WHERE came.ticket_id = reached.id AND came.type = 'merged' AND "
                              "came.field = 'from')\n"
                              ' SELECT ticket.id, (SELECT CAST(moved."new" AS TEXT) AS "new" FROM event AS moved WHERE '
                              "moved.ticket_id = ticket.id AND moved.field = 'into' AND moved.at < %s::TIMESTAMP WITH "
                              'TIME ZONE ORDER BY moved.n DESC  LIMIT 1) AS target, (SELECT count(*) AS count_1 FROM '
                              "event AS said WHERE said.ticket_id = ticket.id AND said.type = 'replied' AND "
                              "(said.actor NOT IN ('gateway', 'rule', 'sla')) AND NOT (EXISTS (SELECT * FROM event AS "
                              "event_1 WHERE event_1.ticket_id = said.ticket_id AND event_1.type = 'undone' AND "
                              "event_1.field = 'message' AND event_1.undo_group = said.undo_group AND "
                              'CAST(event_1."new" AS TEXT) = CAST(said."new" AS TEXT))) AND said.at < %s::TIMESTAMP '
                              'WITH TIME ZONE) + coalesce(CASE WHEN (ticket.first_reply_at <= coalesce((SELECT '
                              'event_2.at FROM event AS event_2 WHERE event_2.ticket_id = ticket.id AND event_2.n = '
                              '1), ticket.created_at)) THEN (SELECT count(*) AS count_2 FROM message WHERE '
                              "message.ticket_id = ticket.id AND message.direction = 'out' AND message.class = 'human' "
                              'AND message.at <= coalesce((SELECT event_3.at FROM event AS event_3 WHERE '
                              'event_3.ticket_id = ticket.id AND event_3.n = 1), ticket.created_at) AND NOT (EXISTS '
                              '(SELECT * FROM event AS event_4 WHERE event_4.ticket_id = message.ticket_id AND '
                              'event_4.type = \'replied\' AND CAST(event_4."new" AS TEXT) = CAST(message.n AS TEXT)))) '
                              'END, 0) AS replies FROM ticket WHERE ticket.id IN (SELECT reached.id FROM reached) AND '
                              '(ticket.merged_into IS NOT NULL OR (EXISTS (SELECT * FROM event AS "left" WHERE '
                              '"left".ticket_id = ticket.id AND "left".type = \'unmerged\' AND "left".at >= '
                              '%s::TIMESTAMP WITH TIME ZONE))) AND CASE WHEN (CASE WHEN (ticket.updated_at >= '
                              '%s::TIMESTAMP WITH TIME ZONE) THEN (SELECT coalesce(CAST(event_5."old" AS TEXT), '
                              "'null') AS coalesce_1 FROM event AS event_5 WHERE event_5.ticket_id = ticket.id AND "
                              "event_5.field = 'status' AND event_5.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY "
                              "event_5.n  LIMIT 1) END IS NULL) THEN ticket.status IN ('merged') ELSE CASE WHEN "
                              '(ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                              'coalesce(CAST(event_5."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS event_5 '
                              "WHERE event_5.ticket_id = ticket.id AND event_5.field = 'status' AND event_5.at >= "
                              '%s::TIMESTAMP WITH TIME ZONE ORDER BY event_5.n  LIMIT 1) END IN (\'"merged"\') END',
                      'parameters': ('targets:list',
                                     'end:time',
                                     'end:time',
                                     'end:time',
                                     'seen:time',
                                     'seen:time',
                                     'seen:time',
                                     'seen:time'),
                      'columns': ('id', 'target', 'replies')},
 'resolved._ENDED': {'text': 'SELECT anon_1.alike, anon_1.timed_at, json_agg(json_build_array(anon_1.id, '
                             'anon_1.created_at, anon_1.at)) AS each FROM (SELECT CASE WHEN (NOT (anon_2.odd = 1 OR '
                             'anon_2.resolutions > 1 OR anon_2.last > anon_2.n)) THEN jsonb_build_array(ticket.owner, '
                             'ticket.segment, ticket.source_segment, ticket.priority, ticket.channel, ticket.type, '
                             'ticket.mailbox, NULL, ticket.policy, ticket.policy_version, (SELECT CASE WHEN '
                             "(clock_outcome.outcome = 'breached') THEN clock_outcome.policy || '@' || "
                             'CAST(clock_outcome.policy_version AS TEXT) END AS anon_3 FROM clock_outcome WHERE '
                             "clock_outcome.ticket_id = ticket.id AND clock_outcome.kind = 'resolve' AND "
                             "clock_outcome.outcome IN ('met', 'breached') AND clock_outcome.at < %s::TIMESTAMP WITH "
                             'TIME ZONE ORDER BY clock_outcome.cycle DESC, clock_outcome.at DESC  LIMIT 1), '
                             'anon_2.replies, CASE WHEN (ticket.first_reply_at <= coalesce((SELECT event_1.at FROM '
                             'event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.n = 1), '
                             'ticket.created_at)) THEN (SELECT count(*) AS count_1 FROM message WHERE '
                             "message.ticket_id = ticket.id AND message.direction = 'out' AND message.class = 'human' "
                             'AND message.at <= coalesce((SELECT event_2.at FROM event AS event_2 WHERE '
                             'event_2.ticket_id = ticket.id AND event_2.n = 1), ticket.created_at) AND NOT (EXISTS '
                             '(SELECT * FROM event AS event_3 WHERE event_3.ticket_id = message.ticket_id AND '
                             'event_3.type = \'replied\' AND CAST(event_3."new" AS TEXT) = CAST(message.n AS TEXT)))) '
                             'END, anon_2.owners) END AS alike, CASE WHEN (%s::INTEGER = 1 AND NOT (anon_2.odd = 1 OR '
                             'anon_2.resolutions > 1 OR anon_2.last > anon_2.n)) THEN anon_2.at END AS timed_at, '
                             'ticket.id AS id, ticket.created_at AS created_at, anon_2.at AS at FROM (SELECT '
                             "event.ticket_id AS ticket_id, max(CASE WHEN (event.field = 'status' AND "
                             'CAST(event."old" AS TEXT) IN (\'"new"\', \'"open"\') AND CAST(event."new" AS TEXT) IN '
                             '(\'"closed"\', \'"resolved"\') OR event.field = \'status\' AND CAST(event."old" AS TEXT) '
                             'IN (\'"closed"\', \'"resolved"\') AND CAST(event."new" AS TEXT) IN (\'"closed"\', '
                             '\'"resolved"\') OR event.field = \'status\' AND CAST(event."old" AS TEXT) IN (\'"new"\', '
                             '\'"open"\') AND CAST(event."new" AS TEXT) IN (\'"new"\', \'"open"\')) THEN 0 WHEN '
                             "(event.field = 'status' OR event.type IN ('merged', 'split', 'undone', 'unmerged')) THEN "
                             '1 ELSE 0 END) AS odd, sum(CASE WHEN (event.field = \'status\' AND CAST(event."old" AS '
                             'TEXT) IN (\'"new"\', \'"open"\') AND CAST(event."new" AS TEXT) IN (\'"closed"\', '
                             '\'"resolved"\')) THEN 1 ELSE 0 END) AS resolutions, max(CASE WHEN (event.field = '
                             '\'status\' AND CAST(event."old" AS TEXT) IN (\'"new"\', \'"open"\') AND CAST(event."new" '
                             'AS TEXT) IN (\'"closed"\', \'"resolved"\')) THEN event.at END) AS at, max(CASE WHEN '
                             '(event.field = \'status\' AND CAST(event."old" AS TEXT) IN (\'"new"\', \'"open"\') AND '
                             'CAST(event."new" AS TEXT) IN (\'"closed"\', \'"resolved"\')) THEN event.n END) AS n, '
                             'max(CASE WHEN (event.field = \'status\' AND CAST(event."old" AS TEXT) IN (\'"closed"\', '
                             '\'"resolved"\') AND CAST(event."new" AS TEXT) IN (\'"closed"\', \'"resolved"\')) THEN 0 '
                             "WHEN (event.field IN ('status', 'owner', 'segment', 'priority', 'type', 'subject', "
                             "'policy') OR event.type = 'replied' AND (event.actor NOT IN ('gateway', 'rule', 'sla'))) "
                             "THEN event.n ELSE 0 END) AS last, sum(CASE WHEN (event.type = 'replied' AND (event.actor "
                             "NOT IN ('gateway', 'rule', 'sla')) AND event.at < %s::TIMESTAMP WITH TIME ZONE) THEN 1 "
                             "ELSE 0 END) AS replies, sum(CASE WHEN (event.field = 'owner' AND event.at < "
                             '%s::TIMESTAMP WITH TIME ZONE) THEN 1 ELSE 0 END) AS owners FROM event WHERE '
                             'event.ticket_id IN (SELECT event_4.ticket_id FROM event AS event_4 WHERE event_4.at >= '
                             '%s::TIMESTAMP WITH TIME ZONE AND event_4.at < %s::TIMESTAMP WITH TIME ZONE AND '
                             "event_4.field = 'status') AND (event.field IN ('status', 'owner', 'segment', 'priority', "
                             "'type', 'subject', 'policy') OR event.type = 'replied' AND (event.actor NOT IN "
                             "('gateway', 'rule', 'sla')) OR event.type IN ('merged', 'split', 'undone', 'unmerged')) "
                             'GROUP BY event.ticket_id) AS anon_2 JOIN ticket ON ticket.id = anon_2.ticket_id WHERE '
                             '(anon_2.odd = 1 OR anon_2.resolutions > 1 OR anon_2.last > anon_2.n OR anon_2.at >= '
                             '%s::TIMESTAMP WITH TIME ZONE AND anon_2.at < %s::TIMESTAMP WITH TIME ZONE) AND '
                             '[[counted]]) AS anon_1 GROUP BY anon_1.alike, anon_1.timed_at',
                     'parameters': ('end:time',
                                    'timed',
                                    'end:time',
                                    'end:time',
                                    'start:time',
                                    'end:time',
                                    'start:time',
                                    'end:time',
                                    '[[counted]]'),
                     'columns': ('alike:json', 'timed_at:time', 'each:json')},
 'stories._LAST_WORDS': {'text': 'SELECT ticket.id, (SELECT message.direction FROM message WHERE message.ticket_id = '
                                 "ticket.id AND message.class = 'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE "
                                 'outbox.ticket_id = message.ticket_id AND outbox.message_n = message.n AND '
                                 "outbox.kind IN ('reply', 'resolution') AND outbox.state = 'cancelled')) AND "
                                 'message.at < %s::TIMESTAMP WITH TIME ZONE ORDER BY message.n DESC  LIMIT 1) AS '
                                 "last_word FROM ticket WHERE (ticket.status IN ('escalated', 'new', 'open', "
                                 "'waiting') OR ticket.id IN (SELECT event_1.ticket_id FROM event AS event_1 WHERE "
                                 "event_1.at >= %s::TIMESTAMP WITH TIME ZONE AND event_1.field = 'status')) AND "
                                 '[[every]] AND ticket.created_at < %s::TIMESTAMP WITH TIME ZONE',
                         'parameters': ('said_before:time', 'since:time', '[[every]]', 'end:time'),
                         'columns': ('id', 'last_word')},
 'stories._LINES_OF_TICKET': {'text': 'SELECT event.ticket_id, event.n, event.at, event.actor, event.type, '
                                      'event.field, event."old", event."new", event.undo_group FROM event WHERE '
                                      "event.ticket_id = %s::BIGINT AND (event.field IN ('status', 'owner', 'segment', "
                                      "'priority', 'type', 'subject', 'policy') OR event.type IN ('replied', 'split') "
                                      "OR event.type = 'undone' AND event.field IN ('message', 'messages')) ORDER BY "
                                      'event.ticket_id, event.n',
                              'parameters': ('number',),
                              'columns': ('ticket_id',
                                          'n',
                                          'at:time',
                                          'actor',
                                          'type',
                                          'field',
                                          'old:json',
                                          'new:json',
                                          'undo_group')},
 'stories._OF_TICKET': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS '
                                'of_segment, ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS '
                                'of_channel, ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                                'ticket.policy_version, NULL AS changes, ticket.created_at, ticket.subject, '
                                'ticket.status, ticket.policy AS policy__1, ticket.policy_version AS policy_version__1 '
                                'FROM ticket WHERE ticket.id = %s::BIGINT ORDER BY ticket.id',
                        'parameters': ('number',),
                        'columns': ('of_ticket',
                                    'of_owner',
                                    'of_segment',
                                    'source_segment',
                                    'of_priority',
                                    'of_channel',
                                    'of_type',
                                    'of_mailbox',
                                    'policy',
                                    'policy_version',
                                    'changes',
                                    'created_at:time',
                                    'subject',
                                    'status',
                                    'policy__1',
                                    'policy_version__1')},
 'stories._RESOLVED': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                               'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                               'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                               'ticket.policy_version, NULL AS changes, ticket.created_at, ticket.subject, '
                               'ticket.status, ticket.policy AS policy__1, ticket.policy_version AS policy_version__1, '
                               'CASE WHEN (ticket.first_reply_at <= coalesce((SELECT event_1.at FROM event AS event_1 '
                               'WHERE event_1.ticket_id = ticket.id AND event_1.n = 1), ticket.created_at)) THEN '
                               '(SELECT count(*) AS count_1 FROM message WHERE message.ticket_id = ticket.id AND '
                               "message.direction = 'out' AND message.class = 'human' AND message.at <= "
                               'coalesce((SELECT event_2.at FROM event AS event_2 WHERE event_2.ticket_id = ticket.id '
                               'AND event_2.n = 1), ticket.created_at) AND NOT (EXISTS (SELECT * FROM event AS event_3 '
                               "WHERE event_3.ticket_id = message.ticket_id AND event_3.type = 'replied' AND "
                               'CAST(event_3."new" AS TEXT) = CAST(message.n AS TEXT)))) END AS untold, (SELECT CASE '
                               "WHEN (clock_outcome.outcome = 'breached') THEN clock_outcome.policy || '@' || "
                               'CAST(clock_outcome.policy_version AS TEXT) END AS anon_1 FROM clock_outcome WHERE '
                               "clock_outcome.ticket_id = ticket.id AND clock_outcome.kind = 'resolve' AND "
                               "clock_outcome.outcome IN ('met', 'breached') AND clock_outcome.at < %s::TIMESTAMP WITH "
                               'TIME ZONE ORDER BY clock_outcome.cycle DESC, clock_outcome.at DESC  LIMIT 1) AS '
                               'breached_by FROM ticket WHERE ticket.id = ANY (%s::BIGINT[]) ORDER BY ticket.id',
                       'parameters': ('end:time', 'numbers:list'),
                       'columns': ('of_ticket',
                                   'of_owner',
                                   'of_segment',
                                   'source_segment',
                                   'of_priority',
                                   'of_channel',
                                   'of_type',
                                   'of_mailbox',
                                   'policy',
                                   'policy_version',
                                   'changes',
                                   'created_at:time',
                                   'subject',
                                   'status',
                                   'policy__1',
                                   'policy_version__1',
                                   'untold',
                                   'breached_by')},
 'stories._RESOLVED_LINES': {'text': 'SELECT event.ticket_id, event.n, event.at, event.actor, event.type, event.field, '
                                     'event."old", event."new", event.undo_group FROM event WHERE event.ticket_id = '
                                     "ANY (%s::BIGINT[]) AND (event.field IN ('status', 'owner', 'segment', "
                                     "'priority', 'type', 'subject', 'policy') OR event.type IN ('replied', 'split') "
                                     "OR event.type = 'undone' AND event.field IN ('message', 'messages')) ORDER BY "
                                     'event.ticket_id, event.n',
                             'parameters': ('numbers:list',),
                             'columns': ('ticket_id',
                                         'n',
                                         'at:time',
                                         'actor',
                                         'type',
                                         'field',
                                         'old:json',
                                         'new:json',
                                         'undo_group')},
 'stories._RESOLVED_PLAINLY': {'text': 'SELECT count(*) FILTER (WHERE NOT anon_2.is_back) AS anon_1, count(*) FILTER '
                                       '(WHERE anon_2.is_back) AS anon_3 FROM (SELECT event.ticket_id AS ticket_id, '
                                       "max(CASE WHEN (event.type IN ('undone', 'unmerged')) THEN 1 ELSE 0 END) = 1 AS "
                                       "is_back FROM event WHERE event.field = 'status' AND event.at >= %s::TIMESTAMP "
                                       'WITH TIME ZONE AND event.at < %s::TIMESTAMP WITH TIME ZONE GROUP BY '
                                       'event.ticket_id HAVING max(CASE WHEN (CAST(event."old" AS TEXT) IN '
                                       '(\'"escalated"\', \'"new"\', \'"open"\', \'"waiting"\') AND CAST(event."new" '
                                       'AS TEXT) IN (\'"closed"\', \'"resolved"\')) THEN 1 ELSE 0 END) = 1 OR max(CASE '
                                       "WHEN (event.type IN ('undone', 'unmerged')) THEN 1 ELSE 0 END) = 1) AS anon_2 "
                                       'JOIN ticket ON ticket.id = anon_2.ticket_id WHERE [[counted]]',
                               'parameters': ('start:time', 'end:time', '[[counted]]'),
                               'columns': ('anon_1', 'anon_3')},
 'stories._STANDING': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                               'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                               'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                               'ticket.policy_version, NULL AS changes, ticket.created_at, ticket.subject, '
                               'ticket.status, ticket.policy AS policy__1, ticket.policy_version AS policy_version__1, '
                               'coalesce((SELECT event_1.at FROM event AS event_1 WHERE event_1.ticket_id = ticket.id '
                               'AND event_1.n = 1), ticket.created_at) AS opened_at FROM ticket WHERE (ticket.status '
                               "IN ('escalated', 'new', 'open', 'waiting') OR ticket.id IN (SELECT event_2.ticket_id "
                               'FROM event AS event_2 WHERE event_2.at >= %s::TIMESTAMP WITH TIME ZONE AND '
                               "event_2.field = 'status')) AND [[every]] AND ticket.created_at < %s::TIMESTAMP WITH "
                               'TIME ZONE ORDER BY ticket.id',
                       'parameters': ('since:time', '[[every]]', 'end:time'),
                       'columns': ('of_ticket',
                                   'of_owner',
                                   'of_segment',
                                   'source_segment',
                                   'of_priority',
                                   'of_channel',
                                   'of_type',
                                   'of_mailbox',
                                   'policy',
                                   'policy_version',
                                   'changes',
                                   'created_at:time',
                                   'subject',
                                   'status',
                                   'policy__1',
                                   'policy_version__1',
                                   'opened_at:time')},
 'stories._STANDING_LINES': {'text': 'SELECT event.ticket_id, event.n, event.at, event.actor, event.type, event.field, '
                                     'event."old", event."new", event.undo_group FROM event WHERE event.ticket_id IN '
                                     "(SELECT ticket.id FROM ticket WHERE (ticket.status IN ('escalated', 'new', "
                                     "'open', 'waiting') OR ticket.id IN (SELECT event_1.ticket_id FROM event AS "
                                     'event_1 WHERE event_1.at >= %s::TIMESTAMP WITH TIME ZONE AND event_1.field = '
                                     "'status')) AND [[every]] AND ticket.created_at < %s::TIMESTAMP WITH TIME ZONE) "
                                     "AND event.at >= %s::TIMESTAMP WITH TIME ZONE AND (event.field IN ('status', "
                                     "'owner', 'segment', 'priority', 'type', 'subject', 'policy') OR event.type IN "
                                     "('replied', 'split') OR event.type = 'undone' AND event.field IN ('message', "
                                     "'messages')) ORDER BY event.ticket_id, event.n",
                             'parameters': ('since:time', '[[every]]', 'end:time', 'since:time'),
                             'columns': ('ticket_id',
                                         'n',
                                         'at:time',
                                         'actor',
                                         'type',
                                         'field',
                                         'old:json',
                                         'new:json',
                                         'undo_group')},
 'stories._TAKEN_BACK': {'text': 'SELECT event.ticket_id, event.n, event.at, event.actor, event.type, event.field, '
                                 'event."old", event."new", event.undo_group FROM event JOIN ticket ON ticket.id = '
                                 "event.ticket_id WHERE event.field = 'status' AND event.at >= %s::TIMESTAMP WITH TIME "
                                 "ZONE AND event.at < %s::TIMESTAMP WITH TIME ZONE AND (event.field IN ('status', "
                                 "'owner', 'segment', 'priority', 'type', 'subject', 'policy') OR event.type IN "
                                 "('replied', 'split') OR event.type = 'undone' AND event.field IN ('message', "
                                 "'messages')) AND event.ticket_id IN (SELECT event.ticket_id FROM event WHERE "
                                 'event.at >= %s::TIMESTAMP WITH TIME ZONE AND event.at < %s::TIMESTAMP WITH TIME ZONE '
                                 "AND event.field = 'status' AND event.type IN ('undone', 'unmerged')) AND [[counted]] "
                                 'ORDER BY event.ticket_id, event.n',
                         'parameters': ('start:time', 'end:time', 'start:time', 'end:time', '[[counted]]'),
                         'columns': ('ticket_id',
                                     'n',
                                     'at:time',
                                     'actor',
                                     'type',
                                     'field',
                                     'old:json',
                                     'new:json',
                                     'undo_group')},
 'tickets._CREATED': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                              'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                              'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                              'ticket.policy_version, CASE WHEN (ticket.updated_at > coalesce((SELECT event_1.at FROM '
                              'event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.n = 1), '
                              'ticket.created_at)) THEN (SELECT json_agg(json_build_array(event_2.n, event_2.field, '
                              'CAST(event_2."old" AS TEXT))) AS anon_1 FROM event AS event_2 WHERE event_2.ticket_id = '
                              "ticket.id AND event_2.field IN ('owner', 'segment', 'priority', 'type') AND event_2.at "
                              '> coalesce((SELECT event_1.at FROM event AS event_1 WHERE event_1.ticket_id = ticket.id '
                              'AND event_1.n = 1), ticket.created_at)) END AS changes, ticket.subject AS now_subject, '
                              'CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME ZONE) THEN (SELECT '
                              'coalesce(CAST(event_3."old" AS TEXT), \'null\') AS coalesce_1 FROM event AS event_3 '
                              "WHERE event_3.ticket_id = ticket.id AND event_3.field = 'subject' AND event_3.at >= "
                              '%s::TIMESTAMP WITH TIME ZONE ORDER BY event_3.n  LIMIT 1) END AS seen_subject, '
                              'ticket.status AS now_status, CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME '
                              'ZONE) THEN (SELECT coalesce(CAST(event_4."old" AS TEXT), \'null\') AS coalesce_2 FROM '
                              "event AS event_4 WHERE event_4.ticket_id = ticket.id AND event_4.field = 'status' AND "
                              'event_4.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_4.n  LIMIT 1) END AS '
                              'seen_status, ticket.owner AS now_owner, CASE WHEN (ticket.updated_at >= %s::TIMESTAMP '
                              'WITH TIME ZONE) THEN (SELECT coalesce(CAST(event_5."old" AS TEXT), \'null\') AS '
                              'coalesce_3 FROM event AS event_5 WHERE event_5.ticket_id = ticket.id AND event_5.field '
                              "= 'owner' AND event_5.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY event_5.n  LIMIT 1) "
                              'END AS seen_owner, coalesce((SELECT event_6.at FROM event AS event_6 WHERE '
                              'event_6.ticket_id = ticket.id AND event_6.n = 1), ticket.created_at) AS opened_at, '
                              'ticket.first_reply_at < %s::TIMESTAMP WITH TIME ZONE OR (EXISTS (SELECT * FROM message '
                              'WHERE message.ticket_id = ticket.id AND message.n = 1 AND message.at <= '
                              "ticket.created_at AND message.direction = 'out' AND message.class = 'human')) OR "
                              '(EXISTS (SELECT * FROM event AS event_7 WHERE event_7.ticket_id = ticket.id AND '
                              "event_7.type = 'replied' AND (event_7.actor NOT IN ('gateway', 'rule', 'sla')) AND NOT "
                              '(EXISTS (SELECT * FROM event AS event_8 WHERE event_8.ticket_id = event_7.ticket_id AND '
                              "event_8.type = 'undone' AND event_8.field = 'message' AND event_8.undo_group = "
                              'event_7.undo_group AND CAST(event_8."new" AS TEXT) = CAST(event_7."new" AS TEXT))) AND '
                              'event_7.at < %s::TIMESTAMP WITH TIME ZONE)) AS answered FROM ticket WHERE '
                              '(ticket.created_at >= %s::TIMESTAMP WITH TIME ZONE AND ticket.created_at < '
                              '%s::TIMESTAMP WITH TIME ZONE AND CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH '
                              'TIME ZONE) THEN NOT (EXISTS (SELECT * FROM event AS event_9 WHERE event_9.ticket_id = '
                              'ticket.id AND event_9.n = 1 AND event_9.at >= %s::TIMESTAMP WITH TIME ZONE)) ELSE true '
                              'END OR ticket.created_at < %s::TIMESTAMP WITH TIME ZONE AND ticket.id IN (SELECT '
                              'event_10.ticket_id FROM event AS event_10 WHERE event_10.at >= %s::TIMESTAMP WITH TIME '
                              'ZONE AND event_10.at < %s::TIMESTAMP WITH TIME ZONE AND event_10.n = 1)) AND '
                              '[[counted]] ORDER BY ticket.id',
                      'parameters': ('seen:time',
                                     'seen:time',
                                     'seen:time',
                                     'seen:time',
                                     'seen:time',
                                     'seen:time',
                                     'end:time',
                                     'end:time',
                                     'start:time',
                                     'end:time',
                                     'end:time',
                                     'end:time',
                                     'start:time',
                                     'start:time',
                                     'end:time',
                                     '[[counted]]'),
                      'columns': ('of_ticket',
                                  'of_owner',
                                  'of_segment',
                                  'source_segment',
                                  'of_priority',
                                  'of_channel',
                                  'of_type',
                                  'of_mailbox',
                                  'policy',
                                  'policy_version',
                                  'changes:json',
                                  'now_subject',
                                  'seen_subject',
                                  'now_status',
                                  'seen_status',
                                  'now_owner',
                                  'seen_owner',
                                  'opened_at:time',
                                  'answered:bool')},
 'tickets._MADE': {'text': 'SELECT count(*) FILTER (WHERE [[counted]]) AS anon_1, count(*) AS count_1 FROM ticket '
                           'WHERE (ticket.created_at >= %s::TIMESTAMP WITH TIME ZONE AND ticket.created_at < '
                           '%s::TIMESTAMP WITH TIME ZONE AND CASE WHEN (ticket.updated_at >= %s::TIMESTAMP WITH TIME '
                           'ZONE) THEN NOT (EXISTS (SELECT * FROM event AS event_1 WHERE event_1.ticket_id = ticket.id '
                           'AND event_1.n = 1 AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE)) ELSE true END OR '
                           'ticket.created_at < %s::TIMESTAMP WITH TIME ZONE AND ticket.id IN (SELECT '
                           'event_2.ticket_id FROM event AS event_2 WHERE event_2.at >= %s::TIMESTAMP WITH TIME ZONE '
                           'AND event_2.at < %s::TIMESTAMP WITH TIME ZONE AND event_2.n = 1)) AND [[every]]',
                   'parameters': ('[[counted]]',
                                  'start:time',
                                  'end:time',
                                  'end:time',
                                  'end:time',
                                  'start:time',
                                  'start:time',
                                  'end:time',
                                  '[[every]]'),
                   'columns': ('anon_1', 'count_1')},
 'tickets._SUBJECTS': {'text': 'SELECT ticket.id, ticket.subject AS now_subject, CASE WHEN (ticket.updated_at >= '
                               '%s::TIMESTAMP WITH TIME ZONE) THEN (SELECT coalesce(CAST(event_1."old" AS TEXT), '
                               "'null') AS coalesce_1 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND "
                               "event_1.field = 'subject' AND event_1.at >= %s::TIMESTAMP WITH TIME ZONE ORDER BY "
                               'event_1.n  LIMIT 1) END AS seen_subject FROM ticket WHERE ticket.id = ANY '
                               '(%s::BIGINT[])',
                       'parameters': ('seen:time', 'seen:time', 'numbers:list'),
                       'columns': ('id', 'now_subject', 'seen_subject')},
 'tickets._TOUCHED': {'text': 'SELECT ticket.id AS of_ticket, ticket.owner AS of_owner, ticket.segment AS of_segment, '
                              'ticket.source_segment, ticket.priority AS of_priority, ticket.channel AS of_channel, '
                              'ticket.type AS of_type, ticket.mailbox AS of_mailbox, ticket.policy, '
                              'ticket.policy_version, CASE WHEN (ticket.updated_at > anon_1.at) THEN (SELECT '
                              'json_agg(json_build_array(event_1.n, event_1.field, CAST(event_1."old" AS TEXT))) AS '
                              'anon_2 FROM event AS event_1 WHERE event_1.ticket_id = ticket.id AND event_1.field IN '
                              "('segment', 'priority', 'type') AND event_1.at > anon_1.at) END AS changes, "
                              'anon_1.actor, anon_1.at FROM (SELECT event.ticket_id AS ticket_id, event.actor AS '
                              'actor, min(event.at) AS at FROM event WHERE event.at >= %s::TIMESTAMP WITH TIME ZONE '
                              'AND event.at < %s::TIMESTAMP WITH TIME ZONE AND event.actor = ANY (%s::TEXT[]) AND '
                              "event.type != 'erased' GROUP BY event.actor, event.ticket_id) AS anon_1 JOIN ticket ON "
                              'ticket.id = anon_1.ticket_id WHERE [[counted]]',
                      'parameters': ('start:time', 'end:time', 'agents:list', '[[counted]]'),
                      'columns': ('of_ticket',
                                  'of_owner',
                                  'of_segment',
                                  'source_segment',
                                  'of_priority',
                                  'of_channel',
                                  'of_type',
                                  'of_mailbox',
                                  'policy',
                                  'policy_version',
                                  'changes:json',
                                  'actor',
                                  'at:time')}}
