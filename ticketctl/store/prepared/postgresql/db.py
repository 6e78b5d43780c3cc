"""SQL of the statements in `ticketctl/store/db`; written by `make sql`, not by hand."""

SCHEMA = "0016"
SQL = {'blobs._CONTENT': {'text': 'SELECT blob.content FROM blob WHERE blob.sha256 = %s::VARCHAR',
                    'parameters': ('of_sha256',),
                    'columns': ('content',)},
 'health._TOUCH': {'text': "UPDATE meta SET value=meta.value WHERE meta.name = 'instance'"},
 'leases._DROP': {'text': 'DELETE FROM lease WHERE lease.name = %s::VARCHAR AND lease.holder = %s::VARCHAR',
                  'parameters': ('of_name', 'of_holder')},
 'leases._TAKE': {'text': 'INSERT INTO lease (name, holder, until) VALUES (%s::VARCHAR, %s::VARCHAR, %s::TIMESTAMP '
                          'WITH TIME ZONE) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = '
                          'excluded.until WHERE lease.holder = excluded.holder OR lease.until <= %s::TIMESTAMP WITH '
                          'TIME ZONE RETURNING lease.holder',
                  'parameters': ('name', 'holder', 'until:time', 'now:time'),
                  'columns': ('holder',)},
 'leases._TAKE_TURNS': {'text': 'SELECT turn.bucket FROM turn WHERE turn.bucket = ANY (%s::INTEGER[]) ORDER BY '
                                'turn.bucket FOR UPDATE',
                        'parameters': ('buckets:list',),
                        'columns': ('bucket',)},
 'meta._PUT': {'text': 'INSERT INTO meta (name, value) VALUES (%s::VARCHAR, %s::VARCHAR) ON CONFLICT (name) DO UPDATE '
                       'SET value = excluded.value',
               'parameters': ('name', 'value')},
 'meta._VALUE': {'text': 'SELECT meta.value FROM meta WHERE meta.name = %s::VARCHAR',
                 'parameters': ('of_name',),
                 'columns': ('value',)},
 'prepared.ALWAYS': {'text': 'true'},
 'prepared.NEVER': {'text': 'false'},
 'rows.insert ban if new': {'text': 'INSERT INTO ban (pattern, at, actor, comment) VALUES (%s::VARCHAR, %s::TIMESTAMP '
                                    'WITH TIME ZONE, %s::VARCHAR, %s::VARCHAR) ON CONFLICT DO NOTHING RETURNING '
                                    'ban.pattern',
                            'parameters': ('pattern', 'at:time', 'actor', 'comment'),
                            'columns': ('pattern',),
                            'defaults': {'comment': ''}},
 'rows.insert blob if new': {'text': 'INSERT INTO blob (sha256, size, content, at) VALUES (%s::VARCHAR, %s::BIGINT, '
                                     '%s, %s::TIMESTAMP WITH TIME ZONE) ON CONFLICT DO NOTHING RETURNING blob.sha256',
                             'parameters': ('sha256', 'size', 'content', 'at:time'),
                             'columns': ('sha256',)},
 'rows.insert filed if new': {'text': 'INSERT INTO filed (mailbox, identity, content, inbox_id, at) VALUES '
                                      '(%s::VARCHAR, %s::VARCHAR, %s::VARCHAR, %s::BIGINT, %s::TIMESTAMP WITH TIME '
                                      'ZONE) ON CONFLICT DO NOTHING RETURNING filed.mailbox',
                              'parameters': ('mailbox', 'identity', 'content', 'inbox_id', 'at:time'),
                              'columns': ('mailbox',)},
 'rows.insert link if new': {'text': 'INSERT INTO link (ticket_id, kind, other_id, at) VALUES (%s::BIGINT, '
                                     '%s::VARCHAR, %s::BIGINT, %s::TIMESTAMP WITH TIME ZONE) ON CONFLICT DO NOTHING '
                                     'RETURNING link.ticket_id',
                             'parameters': ('ticket_id', 'kind', 'other_id', 'at:time'),
                             'columns': ('ticket_id',)},
 'rows.insert participant if new': {'text': 'INSERT INTO participant (ticket_id, address, name, role) VALUES '
                                            '(%s::BIGINT, %s::VARCHAR, %s::VARCHAR, %s::VARCHAR) ON CONFLICT DO '
                                            'NOTHING RETURNING participant.ticket_id',
                                    'parameters': ('ticket_id', 'address', 'name', 'role'),
                                    'columns': ('ticket_id',),
                                    'defaults': {'name': ''}},
 'rows.insert routed if new': {'text': 'INSERT INTO routed (segment, agent, n) VALUES (%s::VARCHAR, %s::VARCHAR, '
                                       '%s::BIGINT) ON CONFLICT DO NOTHING RETURNING routed.segment',
                               'parameters': ('segment', 'agent', 'n'),
                               'columns': ('segment',)},
 'rows.insert rule_log if new': {'text': 'INSERT INTO rule_log (rule, event, ticket_id, at, branch, did, version) '
                                         'VALUES (%s::VARCHAR, %s::VARCHAR, %s::BIGINT, %s::TIMESTAMP WITH TIME ZONE, '
                                         '%s::VARCHAR, %s::JSONB, %s::INTEGER) ON CONFLICT DO NOTHING RETURNING '
                                         'rule_log.id',
                                 'parameters': ('rule',
                                                'event',
                                                'ticket_id',
                                                'at:time',
                                                'branch',
                                                'did:json',
                                                'version'),
                                 'columns': ('id',),
                                 'defaults': {'ticket_id': None}},
 'rows.insert sla_event if new': {'text': 'INSERT INTO sla_event (ticket_id, clock, cycle, kind, level, at, noted_at, '
                                          'told_at) VALUES (%s::BIGINT, %s::VARCHAR, %s::INTEGER, %s::VARCHAR, '
                                          '%s::VARCHAR, %s::TIMESTAMP WITH TIME ZONE, %s::TIMESTAMP WITH TIME ZONE, '
                                          '%s::TIMESTAMP WITH TIME ZONE) ON CONFLICT DO NOTHING RETURNING '
                                          'sla_event.ticket_id',
                                  'parameters': ('ticket_id',
                                                 'clock',
                                                 'cycle',
                                                 'kind',
                                                 'level',
                                                 'at:time',
                                                 'noted_at:time',
                                                 'told_at:time'),
                                  'columns': ('ticket_id',),
                                  'defaults': {'level': '', 'told_at': None}},
 'rows.insert ticket_tag if new': {'text': 'INSERT INTO ticket_tag (ticket_id, tag) VALUES (%s::BIGINT, %s::VARCHAR) '
                                           'ON CONFLICT DO NOTHING RETURNING ticket_tag.ticket_id',
                                   'parameters': ('ticket_id', 'tag'),
                                   'columns': ('ticket_id',)},
 'rows.insert unsubscribed if new': {'text': 'INSERT INTO unsubscribed (address, mail, at, actor) VALUES (%s::VARCHAR, '
                                             '%s::VARCHAR, %s::TIMESTAMP WITH TIME ZONE, %s::VARCHAR) ON CONFLICT DO '
                                             'NOTHING RETURNING unsubscribed.address',
                                     'parameters': ('address', 'mail', 'at:time', 'actor'),
                                     'columns': ('address',)},
 'rows.insert watcher if new': {'text': 'INSERT INTO watcher (ticket_id, agent) VALUES (%s::BIGINT, %s::VARCHAR) ON '
                                        'CONFLICT DO NOTHING RETURNING watcher.ticket_id',
                                'parameters': ('ticket_id', 'agent'),
                                'columns': ('ticket_id',)}}
