"""SQL of the statements in `ticketctl/store/db`; written by `make sql`, not by hand."""

SCHEMA = "0016"
SQL = {'blobs._CONTENT': {'text': 'SELECT blob.content FROM blob WHERE blob.sha256 = ?',
                    'parameters': ('of_sha256',),
                    'columns': ('content',)},
 'health._TOUCH': {'text': "UPDATE meta SET value=meta.value WHERE meta.name = 'instance'"},
 'leases._DROP': {'text': 'DELETE FROM lease WHERE lease.name = ? AND lease.holder = ?',
                  'parameters': ('of_name', 'of_holder')},
 'leases._TAKE': {'text': 'INSERT INTO lease (name, holder, until) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET '
                          'holder = excluded.holder, until = excluded.until WHERE lease.holder = excluded.holder OR '
                          'lease.until <= ? RETURNING holder',
                  'parameters': ('name', 'holder', 'until:time', 'now:time'),
                  'columns': ('holder',)},
 'leases._TAKE_TURNS': {'text': 'SELECT turn.bucket FROM turn WHERE turn.bucket IN (SELECT value FROM json_each(?)) '
                                'ORDER BY turn.bucket',
                        'parameters': ('buckets:list',),
                        'columns': ('bucket',)},
 'meta._PUT': {'text': 'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = '
                       'excluded.value',
               'parameters': ('name', 'value')},
 'meta._VALUE': {'text': 'SELECT meta.value FROM meta WHERE meta.name = ?',
                 'parameters': ('of_name',),
                 'columns': ('value',)},
 'prepared.ALWAYS': {'text': '1'},
 'prepared.NEVER': {'text': '0'},
 'rows.insert ban if new': {'text': 'INSERT INTO ban (pattern, at, actor, comment) VALUES (?, ?, ?, ?) ON CONFLICT DO '
                                    'NOTHING RETURNING pattern',
                            'parameters': ('pattern', 'at:time', 'actor', 'comment'),
                            'columns': ('pattern',),
                            'defaults': {'comment': ''}},
 'rows.insert blob if new': {'text': 'INSERT INTO blob (sha256, size, content, at) VALUES (?, ?, ?, ?) ON CONFLICT DO '
                                     'NOTHING RETURNING sha256',
                             'parameters': ('sha256', 'size', 'content', 'at:time'),
                             'columns': ('sha256',)},
 'rows.insert filed if new': {'text': 'INSERT INTO filed (mailbox, identity, content, inbox_id, at) VALUES (?, ?, ?, '
                                      '?, ?) ON CONFLICT DO NOTHING RETURNING mailbox',
                              'parameters': ('mailbox', 'identity', 'content', 'inbox_id', 'at:time'),
                              'columns': ('mailbox',)},
 'rows.insert link if new': {'text': 'INSERT INTO link (ticket_id, kind, other_id, at) VALUES (?, ?, ?, ?) ON CONFLICT '
                                     'DO NOTHING RETURNING ticket_id',
                             'parameters': ('ticket_id', 'kind', 'other_id', 'at:time'),
                             'columns': ('ticket_id',)},
 'rows.insert participant if new': {'text': 'INSERT INTO participant (ticket_id, address, name, role) VALUES (?, ?, ?, '
                                            '?) ON CONFLICT DO NOTHING RETURNING ticket_id',
                                    'parameters': ('ticket_id', 'address', 'name', 'role'),
                                    'columns': ('ticket_id',),
                                    'defaults': {'name': ''}},
 'rows.insert routed if new': {'text': 'INSERT INTO routed (segment, agent, n) VALUES (?, ?, ?) ON CONFLICT DO NOTHING '
                                       'RETURNING segment',
                               'parameters': ('segment', 'agent', 'n'),
                               'columns': ('segment',)},
 'rows.insert rule_log if new': {'text': 'INSERT INTO rule_log (rule, event, ticket_id, at, branch, did, version) '
                                         'VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id',
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
                                          'told_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING '
                                          'ticket_id',
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
 'rows.insert ticket_tag if new': {'text': 'INSERT INTO ticket_tag (ticket_id, tag) VALUES (?, ?) ON CONFLICT DO '
                                           'NOTHING RETURNING ticket_id',
                                   'parameters': ('ticket_id', 'tag'),
                                   'columns': ('ticket_id',)},
 'rows.insert unsubscribed if new': {'text': 'INSERT INTO unsubscribed (address, mail, at, actor) VALUES (?, ?, ?, ?) '
                                             'ON CONFLICT DO NOTHING RETURNING address',
                                     'parameters': ('address', 'mail', 'at:time', 'actor'),
                                     'columns': ('address',)},
 'rows.insert watcher if new': {'text': 'INSERT INTO watcher (ticket_id, agent) VALUES (?, ?) ON CONFLICT DO NOTHING '
                                        'RETURNING ticket_id',
                                'parameters': ('ticket_id', 'agent'),
                                'columns': ('ticket_id',)}}
