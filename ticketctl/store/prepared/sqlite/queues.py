"""SQL of the statements in `ticketctl/store/queues`; written by `make sql`, not by hand."""

SCHEMA = "0016"
SQL = {'bans._ANY': {'text': 'SELECT EXISTS (SELECT * FROM ban) AS anon_1', 'columns': ('anon_1:bool',)},
 'bans._ASKED_BY': {'text': 'SELECT identity.value, ticket.id FROM identity JOIN ticket ON ticket.customer_id = '
                            "identity.customer_id WHERE identity.kind = 'email' AND identity.value LIKE ? ESCAPE '/' "
                            'AND [[condition]]',
                    'parameters': ('like', '[[condition]]'),
                    'columns': ('value', 'id')},
 'bans._CANDIDATES': {'text': 'SELECT ban.pattern FROM ban WHERE ban.pattern IN (SELECT value FROM json_each(?)) OR '
                              "(ban.pattern LIKE '%' || '*' || '%' ESCAPE '/') OR (ban.pattern LIKE '%' || '?' || '%' "
                              "ESCAPE '/') ORDER BY ban.pattern",
                      'parameters': ('names:list',),
                      'columns': ('pattern',)},
 'bans._LISTING': {'text': 'SELECT ban.pattern, ban.at, ban.actor, ban.comment FROM ban ORDER BY ban.pattern',
                   'columns': ('pattern', 'at:time', 'actor', 'comment')},
 'bans._REMOVE': {'text': 'DELETE FROM ban WHERE ban.pattern = ?', 'parameters': ('of_pattern',)},
 'deliveries._GET': {'text': 'SELECT delivery.id, delivery.outbox_id, delivery.address, delivery.kind, delivery.state, '
                             'delivery.reply, delivery.created_at, delivery.at, delivery.base FROM delivery WHERE '
                             'delivery.id = ?',
                     'parameters': ('of_id',),
                     'columns': ('id',
                                 'outbox_id',
                                 'address',
                                 'kind',
                                 'state',
                                 'reply',
                                 'created_at:time',
                                 'at:time',
                                 'base')},
 'deliveries._LAST_FAILED': {'text': 'SELECT max(delivery.at) AS max_1 FROM delivery WHERE delivery.address = ? AND '
                                     "delivery.state IN ('failed', 'bounced') AND delivery.outbox_id != ?",
                             'parameters': ('to_address', 'besides'),
                             'columns': ('max_1:time',)},
 'deliveries._LAST_RESULT': {'text': 'SELECT delivery.id, delivery.outbox_id, delivery.address, delivery.kind, '
                                     'delivery.state, delivery.reply, delivery.created_at, delivery.at, delivery.base '
                                     "FROM delivery WHERE delivery.address = ? AND delivery.state IN ('sent', "
                                     "'failed', 'bounced') ORDER BY delivery.id DESC\n"
                                     ' LIMIT 1 OFFSET 0',
                             'parameters': ('to_address',),
                             'columns': ('id',
                                         'outbox_id',
                                         'address',
                                         'kind',
                                         'state',
                                         'reply',
                                         'created_at:time',
                                         'at:time',
                                         'base')},
 'deliveries._MAKE': {'text': 'INSERT INTO delivery (outbox_id, address, kind, state, reply, created_at, at, base) '
                              'VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
                      'parameters': ('outbox_id',
                                     'address',
                                     'kind',
                                     'state',
                                     'reply',
                                     'created_at:time',
                                     'at:time',
                                     'base'),
                      'defaults': {'reply': None, 'at': None, 'base': ''}},
 'deliveries._MOVE': {'text': 'UPDATE delivery SET state=? WHERE delivery.outbox_id = ? AND delivery.state IN (SELECT '
                              'value FROM json_each(?))',
                      'parameters': ('after', 'of_mail', 'before:list')},
 'deliveries._OF': {'text': 'SELECT delivery.id, delivery.outbox_id, delivery.address, delivery.kind, delivery.state, '
                            'delivery.reply, delivery.created_at, delivery.at, delivery.base FROM delivery WHERE '
                            'delivery.outbox_id = ? ORDER BY delivery.id',
                    'parameters': ('of_mail',),
                    'columns': ('id',
                                'outbox_id',
                                'address',
                                'kind',
                                'state',
                                'reply',
                                'created_at:time',
                                'at:time',
                                'base')},
 'deliveries._SETTLE': {'text': 'UPDATE delivery SET state=?, reply=?, at=? WHERE delivery.id = ? AND (delivery.state '
                                "NOT IN ('bounced', 'cancelled')) AND (delivery.state != 'sent' OR ? = 'bounced')",
                        'parameters': ('after', 'words', 'settled_at:time', 'of_id', 'after')},
 'deliveries._STATES': {'text': 'SELECT delivery.state FROM delivery WHERE delivery.outbox_id = ?',
                        'parameters': ('of_mail',),
                        'columns': ('state',)},
 'filed._FILED_IN_TICKET': {'text': 'SELECT inbox.id FROM inbox JOIN filed ON filed.mailbox = inbox.mailbox WHERE '
                                    'inbox.ticket_id = ? AND filed.identity = ? AND filed.content = ? AND '
                                    'filed.inbox_id = inbox.id\n'
                                    ' LIMIT 1 OFFSET 0',
                            'parameters': ('t', 'i', 'c'),
                            'columns': ('id',)},
 'filed._FILED_LATELY': {'text': 'SELECT inbox.id FROM inbox JOIN filed ON filed.mailbox = inbox.mailbox WHERE '
                                 'inbox.ticket_id = ? AND filed.identity = ? AND filed.content = ? AND filed.inbox_id '
                                 '= inbox.id AND filed.at > ? AND filed.at < ?\n'
                                 ' LIMIT 1 OFFSET 0',
                         'parameters': ('t', 'i', 'c', 'after:time', 'before:time'),
                         'columns': ('id',)},
 'filed._MARK_LATELY': {'text': 'INSERT INTO filed (mailbox, identity, content, inbox_id, at) VALUES (?, ?, ?, ?, ?) '
                                'ON CONFLICT (mailbox, identity, content) DO UPDATE SET inbox_id = excluded.inbox_id, '
                                'at = excluded.at WHERE filed.at <= ? OR filed.at >= ? RETURNING inbox_id',
                        'parameters': ('mailbox',
                                       'identity',
                                       'content',
                                       'inbox_id',
                                       'at:time',
                                       'after:time',
                                       'before:time'),
                        'columns': ('inbox_id',)},
 'filed._UNMARK': {'text': 'DELETE FROM filed WHERE filed.mailbox = ? AND filed.identity = ? AND filed.content = ? AND '
                           'filed.inbox_id = ?',
                   'parameters': ('of_mailbox', 'i', 'c', 'of_id')},
 'heartbeats._ADD': {'text': 'INSERT INTO heartbeat (gateway, part, host, pid, state, restarts, started_at, seen_at) '
                             'VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
                     'parameters': ('gateway',
                                    'part',
                                    'host',
                                    'pid',
                                    'state',
                                    'restarts',
                                    'started_at:time',
                                    'seen_at:time'),
                     'defaults': {'pid': None, 'restarts': 0, 'started_at': None}},
 'heartbeats._ALL': {'text': 'SELECT heartbeat.gateway, heartbeat.part, heartbeat.host, heartbeat.pid, '
                             'heartbeat.state, heartbeat.restarts, heartbeat.started_at, heartbeat.seen_at FROM '
                             'heartbeat ORDER BY heartbeat.host, heartbeat.gateway, heartbeat.part',
                     'columns': ('gateway',
                                 'part',
                                 'host',
                                 'pid',
                                 'state',
                                 'restarts',
                                 'started_at:time',
                                 'seen_at:time')},
 'heartbeats._FORGET': {'text': 'DELETE FROM heartbeat WHERE heartbeat.seen_at < ? OR heartbeat.seen_at < ? AND '
                                'heartbeat.host = ?',
                        'parameters': ('forgotten:time', 'silent:time', 'of_host')},
 'heartbeats._REMOVE': {'text': 'DELETE FROM heartbeat WHERE heartbeat.gateway = ?', 'parameters': ('of_gateway',)},
 'heartbeats._SEEN': {'text': 'UPDATE heartbeat SET seen_at=? WHERE heartbeat.gateway = ?',
                      'parameters': ('now:time', 'of_gateway')},
 'imap_state._ADVANCE': {'text': 'UPDATE imap_folder SET last_uid=? WHERE imap_folder.account = ? AND '
                                 'imap_folder.folder = ? AND imap_folder.uidvalidity = ? AND imap_folder.last_uid < ?',
                         'parameters': ('to_uid', 'of_account', 'of_folder', 'of_uidvalidity', 'to_uid')},
 'imap_state._BAD_RUN': {'text': 'INSERT INTO imap_folder (account, folder, uidvalidity, last_uid, last_ok_at, '
                                 'oldest_waiting_at, error) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, folder) '
                                 'DO UPDATE SET error = excluded.error',
                         'parameters': ('account',
                                        'folder',
                                        'uidvalidity',
                                        'last_uid',
                                        'last_ok_at:time',
                                        'oldest_waiting_at:time',
                                        'error'),
                         'defaults': {'last_ok_at': None, 'oldest_waiting_at': None, 'error': None}},
 'imap_state._FOLDER': {'text': 'SELECT imap_folder.account, imap_folder.folder, imap_folder.uidvalidity, '
                                'imap_folder.last_uid, imap_folder.last_ok_at, imap_folder.oldest_waiting_at, '
                                'imap_folder.error FROM imap_folder WHERE imap_folder.account = ? AND '
                                'imap_folder.folder = ?',
                        'parameters': ('of_account', 'of_folder'),
                        'columns': ('account',
                                    'folder',
                                    'uidvalidity',
                                    'last_uid',
                                    'last_ok_at:time',
                                    'oldest_waiting_at:time',
                                    'error')},
 'imap_state._FOLDERS': {'text': 'SELECT imap_folder.account, imap_folder.folder, imap_folder.uidvalidity, '
                                 'imap_folder.last_uid, imap_folder.last_ok_at, imap_folder.oldest_waiting_at, '
                                 'imap_folder.error FROM imap_folder ORDER BY imap_folder.account, imap_folder.folder',
                         'columns': ('account',
                                     'folder',
                                     'uidvalidity',
                                     'last_uid',
                                     'last_ok_at:time',
                                     'oldest_waiting_at:time',
                                     'error')},
 'imap_state._FORGET': {'text': 'DELETE FROM imap_mail WHERE imap_mail.account = ? AND imap_mail.folder = ? AND '
                                'imap_mail.uidvalidity = ? AND imap_mail.uid IN (SELECT value FROM json_each(?))',
                        'parameters': ('of_account', 'of_folder', 'of_uidvalidity', 'uids:list')},
 'imap_state._FORGET_ALL': {'text': 'DELETE FROM imap_mail WHERE imap_mail.account = ? AND imap_mail.folder = ?',
                            'parameters': ('of_account', 'of_folder')},
 'imap_state._GOOD_RUN': {'text': 'INSERT INTO imap_folder (account, folder, uidvalidity, last_uid, last_ok_at, '
                                  'oldest_waiting_at, error) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, '
                                  'folder) DO UPDATE SET last_ok_at = excluded.last_ok_at, oldest_waiting_at = '
                                  'excluded.oldest_waiting_at, error = excluded.error',
                          'parameters': ('account',
                                         'folder',
                                         'uidvalidity',
                                         'last_uid',
                                         'last_ok_at:time',
                                         'oldest_waiting_at:time',
                                         'error'),
                          'defaults': {'last_ok_at': None, 'oldest_waiting_at': None, 'error': None}},
 'imap_state._RECORD': {'text': 'INSERT INTO imap_mail (account, folder, uidvalidity, uid, state, attempts, at, '
                                'first_at, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, folder, '
                                'uidvalidity, uid) DO UPDATE SET state = excluded.state, attempts = '
                                '(imap_mail.attempts + excluded.attempts), at = excluded.at, error = excluded.error '
                                'RETURNING attempts',
                        'parameters': ('account',
                                       'folder',
                                       'uidvalidity',
                                       'uid',
                                       'state',
                                       'attempts',
                                       'at:time',
                                       'first_at:time',
                                       'error'),
                        'columns': ('attempts',),
                        'defaults': {'attempts': 0, 'first_at': None, 'error': None}},
 'imap_state._START_OVER': {'text': 'INSERT INTO imap_folder (account, folder, uidvalidity, last_uid, last_ok_at, '
                                    'oldest_waiting_at, error) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, '
                                    'folder) DO UPDATE SET uidvalidity = excluded.uidvalidity, last_uid = '
                                    'excluded.last_uid',
                            'parameters': ('account',
                                           'folder',
                                           'uidvalidity',
                                           'last_uid',
                                           'last_ok_at:time',
                                           'oldest_waiting_at:time',
                                           'error'),
                            'defaults': {'last_ok_at': None, 'oldest_waiting_at': None, 'error': None}},
 'imap_state._STATES': {'text': 'SELECT imap_mail.account, imap_mail.folder, imap_mail.uidvalidity, imap_mail.uid, '
                                'imap_mail.state, imap_mail.attempts, imap_mail.at, imap_mail.first_at, '
                                'imap_mail.error FROM imap_mail WHERE imap_mail.account = ? AND imap_mail.folder = ? '
                                'AND imap_mail.uidvalidity = ?',
                        'parameters': ('of_account', 'of_folder', 'of_uidvalidity'),
                        'columns': ('account',
                                    'folder',
                                    'uidvalidity',
                                    'uid',
                                    'state',
                                    'attempts',
                                    'at:time',
                                    'first_at:time',
                                    'error')},
 'imap_state._STUCK': {'text': 'SELECT imap_mail.account, imap_mail.folder, imap_mail.uidvalidity, imap_mail.uid, '
                               'imap_mail.state, imap_mail.attempts, imap_mail.at, imap_mail.first_at, imap_mail.error '
                               "FROM imap_mail WHERE imap_mail.error IS NOT NULL AND imap_mail.state != 'oversize' "
                               'ORDER BY imap_mail.account, imap_mail.folder, imap_mail.uid',
                       'columns': ('account',
                                   'folder',
                                   'uidvalidity',
                                   'uid',
                                   'state',
                                   'attempts',
                                   'at:time',
                                   'first_at:time',
                                   'error')},
 'inbox._ACCEPT': {'text': 'INSERT INTO inbox (received_at, via, mailbox, envelope_from, recipients, remote, '
                           'authenticated, authserv_id, trace, message_id, size, blob_sha256, state, since, verdict, '
                           'class, ticket_id, message_n, reasons, error, attempts, claimed_by, claimed_until) VALUES '
                           '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id',
                   'parameters': ('received_at:time',
                                  'via',
                                  'mailbox',
                                  'envelope_from',
                                  'recipients:json',
                                  'remote',
                                  'authenticated',
                                  'authserv_id',
                                  'trace',
                                  'message_id',
                                  'size',
                                  'blob_sha256',
                                  'state',
                                  'since:time',
                                  'verdict',
                                  'class',
                                  'ticket_id',
                                  'message_n',
                                  'reasons:json',
                                  'error',
                                  'attempts',
                                  'claimed_by',
                                  'claimed_until:time'),
                   'columns': ('id',),
                   'defaults': {'mailbox': '',
                                'envelope_from': '',
                                'remote': '',
                                'authenticated': '',
                                'authserv_id': '',
                                'trace': '',
                                'message_id': None,
                                'since': None,
                                'verdict': None,
                                'class': None,
                                'ticket_id': None,
                                'message_n': None,
                                'error': None,
                                'attempts': 0,
                                'claimed_by': '',
                                'claimed_until': None}},
 'inbox._BEFORE': {'text': 'inbox.id < ?', 'parameters': ('before_id',)},
 'inbox._CHANGE': {'text': 'UPDATE inbox SET [[set]] WHERE inbox.id = ? AND inbox.state = ?',
                   'parameters': ('[[set]]', 'of_id', 'of_state'),
                   'settable': ('id',
                                'received_at:time',
                                'via',
                                'mailbox',
                                'envelope_from',
                                'recipients:json',
                                'remote',
                                'authenticated',
                                'authserv_id',
                                'trace',
                                'message_id',
                                'size',
                                'blob_sha256',
                                'state',
                                'since:time',
                                'verdict',
                                'class',
                                'ticket_id',
                                'message_n',
                                'reasons:json',
                                'error',
                                'attempts',
                                'claimed_by',
                                'claimed_until:time')},
 'inbox._FORGET_FILED': {'text': 'DELETE FROM filed WHERE filed.mailbox = ? AND filed.inbox_id = ?',
                         'parameters': ('of_mailbox', 'of_id')},
 'inbox._GET': {'text': 'SELECT inbox.id, inbox.received_at, inbox.via, inbox.mailbox, inbox.envelope_from, '
                        'inbox.recipients, inbox.remote, inbox.authenticated, inbox.authserv_id, inbox.trace, '
                        'inbox.message_id, inbox.size, inbox.blob_sha256, inbox.state, inbox.since, inbox.verdict, '
                        'inbox.class, inbox.ticket_id, inbox.message_n, inbox.reasons, inbox.error, inbox.attempts, '
                        'inbox.claimed_by, inbox.claimed_until FROM inbox WHERE inbox.id = ?',
                'parameters': ('of_id',),
                'columns': ('id',
                            'received_at:time',
                            'via',
                            'mailbox',
                            'envelope_from',
                            'recipients:json',
                            'remote',
                            'authenticated',
                            'authserv_id',
                            'trace',
                            'message_id',
                            'size',
                            'blob_sha256',
                            'state',
                            'since:time',
                            'verdict',
                            'class',
                            'ticket_id',
                            'message_n',
                            'reasons:json',
                            'error',
                            'attempts',
                            'claimed_by',
                            'claimed_until:time')},
 'inbox._HOLD_SPENT': {'text': "UPDATE inbox SET state='held', since=?, error=coalesce(inbox.error, 'its worker "
                               "stopped before it was filed, each time it was tried'), claimed_by='', "
                               "claimed_until=NULL WHERE inbox.state = 'received' AND (inbox.claimed_until IS NULL OR "
                               'inbox.claimed_until <= ?) AND inbox.attempts >= ?',
                       'parameters': ('desk_time:time', 'now:time', 'most_attempts')},
 'inbox._IN_STATE': {'text': 'inbox.state = ?', 'parameters': ('state',)},
 'inbox._KEEP_STATE': {'text': 'INSERT INTO mail_state (queue, mail_id, state, verdict, why, since, until) SELECT '
                               "'inbox' AS anon_1, inbox.id, inbox.state, inbox.verdict, inbox.error, inbox.since, ? "
                               "AS anon_2 FROM inbox WHERE inbox.id = ? AND (inbox.state NOT IN ('received'))",
                       'parameters': ('left_at:time', 'of_id')},
 'inbox._LISTING': {'text': 'SELECT inbox.id, inbox.received_at, inbox.via, inbox.mailbox, inbox.envelope_from, '
                            'inbox.recipients, inbox.remote, inbox.authenticated, inbox.authserv_id, inbox.trace, '
                            'inbox.message_id, inbox.size, inbox.blob_sha256, inbox.state, inbox.since, inbox.verdict, '
                            'inbox.class, inbox.ticket_id, inbox.message_n, inbox.reasons, inbox.error, '
                            'inbox.attempts, inbox.claimed_by, inbox.claimed_until FROM inbox WHERE [[condition]] '
                            'ORDER BY inbox.id DESC\n'
                            ' LIMIT coalesce(?, -1) OFFSET 0',
                    'parameters': ('[[condition]]', 'limit'),
                    'columns': ('id',
                                'received_at:time',
                                'via',
                                'mailbox',
                                'envelope_from',
                                'recipients:json',
                                'remote',
                                'authenticated',
                                'authserv_id',
                                'trace',
                                'message_id',
                                'size',
                                'blob_sha256',
                                'state',
                                'since:time',
                                'verdict',
                                'class',
                                'ticket_id',
                                'message_n',
                                'reasons:json',
                                'error',
                                'attempts',
                                'claimed_by',
                                'claimed_until:time')},
 'inbox._OLDEST': {'text': "SELECT inbox.id, inbox.attempts, inbox.size FROM inbox WHERE inbox.state = 'received' AND "
                           '(inbox.claimed_until IS NULL OR inbox.claimed_until <= ?) ORDER BY inbox.id\n'
                           ' LIMIT ? OFFSET 0',
                   'parameters': ('now:time', 'most_rows'),
                   'columns': ('id', 'attempts', 'size')},
 'inbox._OLDEST_QUICK': {'text': 'SELECT inbox.id, inbox.attempts, inbox.size FROM inbox WHERE inbox.state = '
                                 "'received' AND (inbox.claimed_until IS NULL OR inbox.claimed_until <= ?) AND "
                                 'inbox.size <= 262144 AND inbox.attempts = 0 ORDER BY inbox.id\n'
                                 ' LIMIT ? OFFSET 0',
                         'parameters': ('now:time', 'most_rows'),
                         'columns': ('id', 'attempts', 'size')},
 'inbox._OLDEST_WAITING': {'text': "SELECT min(inbox.received_at) AS min_1 FROM inbox WHERE inbox.state = 'received'",
                           'columns': ('min_1:time',)},
 'inbox._RELEASE': {'text': "UPDATE inbox SET attempts=(inbox.attempts - ?), claimed_by='', claimed_until=NULL WHERE "
                            "inbox.state = 'received' AND inbox.claimed_by = ?",
                    'parameters': ('forgiven', 'holder')},
 'inbox._TAKE': {'text': 'UPDATE inbox SET attempts=(inbox.attempts + 1), claimed_by=?, claimed_until=? WHERE inbox.id '
                         'IN (SELECT value FROM json_each(?)) RETURNING id, received_at, via, mailbox, envelope_from, '
                         'recipients, remote, authenticated, authserv_id, trace, message_id, size, blob_sha256, state, '
                         'since, verdict, class, ticket_id, message_n, reasons, error, attempts, claimed_by, '
                         'claimed_until',
                 'parameters': ('holder', 'until:time', 'ids:list'),
                 'columns': ('id',
                             'received_at:time',
                             'via',
                             'mailbox',
                             'envelope_from',
                             'recipients:json',
                             'remote',
                             'authenticated',
                             'authserv_id',
                             'trace',
                             'message_id',
                             'size',
                             'blob_sha256',
                             'state',
                             'since:time',
                             'verdict',
                             'class',
                             'ticket_id',
                             'message_n',
                             'reasons:json',
                             'error',
                             'attempts',
                             'claimed_by',
                             'claimed_until:time')},
 'inbox._WAITING': {'text': "SELECT inbox.state, count(*) AS rows FROM inbox WHERE inbox.state IN ('received', 'held') "
                            'GROUP BY inbox.state',
                    'columns': ('state', 'rows')},
 'lately._INCOMING': {'text': "SELECT inbox.via, inbox.state, inbox.verdict, CASE WHEN (inbox.state = 'done') THEN "
                              "CAST(strftime('%s', inbox.since) AS INTEGER) - CAST(strftime('%s', inbox.received_at) "
                              'AS INTEGER) END AS anon_1, count(*) AS count_1 FROM inbox WHERE inbox.received_at >= ? '
                              "GROUP BY inbox.via, inbox.state, inbox.verdict, CASE WHEN (inbox.state = 'done') THEN "
                              "CAST(strftime('%s', inbox.since) AS INTEGER) - CAST(strftime('%s', inbox.received_at) "
                              'AS INTEGER) END',
                      'parameters': ('after:time',),
                      'columns': ('via', 'state', 'verdict', 'anon_1', 'count_1')},
 'lately._OUTGOING': {'text': "SELECT delivery.kind, delivery.state, CASE WHEN (delivery.state = 'sent') THEN "
                              "CAST(strftime('%s', delivery.at) AS INTEGER) - CAST(strftime('%s', delivery.created_at) "
                              'AS INTEGER) END AS anon_1, count(*) AS count_1 FROM delivery WHERE delivery.kind IN '
                              "('ack', 'reply', 'notification', 'escalation', 'resolution', 'survey', 'report', "
                              "'error') AND delivery.created_at >= ? GROUP BY delivery.kind, delivery.state, CASE WHEN "
                              "(delivery.state = 'sent') THEN CAST(strftime('%s', delivery.at) AS INTEGER) - "
                              "CAST(strftime('%s', delivery.created_at) AS INTEGER) END",
                      'parameters': ('after:time',),
                      'columns': ('kind', 'state', 'anon_1', 'count_1')},
 'lately.last queued': {'text': 'SELECT max(outbox.id) AS max_1 FROM outbox', 'columns': ('max_1',)},
 'lately.last received': {'text': 'SELECT max(inbox.id) AS max_1 FROM inbox', 'columns': ('max_1',)},
 'outbox._ABOUT': {'text': 'outbox.ticket_id = ?', 'parameters': ('of_ticket',)},
 'outbox._BEFORE': {'text': 'outbox.id < ?', 'parameters': ('before_id',)},
 'outbox._BY_MESSAGE_ID': {'text': 'SELECT outbox.id, outbox.kind, outbox.channel, outbox.ticket_id, outbox.message_n, '
                                   'outbox.undo_group, outbox.mailbox, outbox."to", outbox.cc, outbox.bcc, '
                                   'outbox.subject, outbox.message_id, outbox.in_reply_to, outbox."references", '
                                   'outbox.language, outbox.data, outbox.state, outbox.since, outbox.attempts, '
                                   'outbox.created_at, outbox.next_try_at, outbox.claimed_by, outbox.claimed_until, '
                                   'outbox.error, outbox.blob_sha256 FROM outbox WHERE outbox.message_id = ?',
                           'parameters': ('of_message_id',),
                           'columns': ('id',
                                       'kind',
                                       'channel',
                                       'ticket_id',
                                       'message_n',
                                       'undo_group',
                                       'mailbox',
                                       'to:json',
                                       'cc:json',
                                       'bcc:json',
                                       'subject',
                                       'message_id',
                                       'in_reply_to',
                                       'references:json',
                                       'language',
                                       'data:json',
                                       'state',
                                       'since:time',
                                       'attempts',
                                       'created_at:time',
                                       'next_try_at:time',
                                       'claimed_by',
                                       'claimed_until:time',
                                       'error',
                                       'blob_sha256')},
 'outbox._GET': {'text': 'SELECT outbox.id, outbox.kind, outbox.channel, outbox.ticket_id, outbox.message_n, '
                         'outbox.undo_group, outbox.mailbox, outbox."to", outbox.cc, outbox.bcc, outbox.subject, '
                         'outbox.message_id, outbox.in_reply_to, outbox."references", outbox.language, outbox.data, '
                         'outbox.state, outbox.since, outbox.attempts, outbox.created_at, outbox.next_try_at, '
                         'outbox.claimed_by, outbox.claimed_until, outbox.error, outbox.blob_sha256 FROM outbox WHERE '
                         'outbox.id = ?',
                 'parameters': ('of_id',),
                 'columns': ('id',
                             'kind',
                             'channel',
                             'ticket_id',
                             'message_n',
                             'undo_group',
                             'mailbox',
                             'to:json',
                             'cc:json',
                             'bcc:json',
                             'subject',
                             'message_id',
                             'in_reply_to',
                             'references:json',
                             'language',
                             'data:json',
                             'state',
                             'since:time',
                             'attempts',
                             'created_at:time',
                             'next_try_at:time',
                             'claimed_by',
                             'claimed_until:time',
                             'error',
                             'blob_sha256')},
 'outbox._IN_STATE': {'text': 'outbox.state = ?', 'parameters': ('state',)},
 'outbox._KEEP_STATE': {'text': 'INSERT INTO mail_state (queue, mail_id, state, verdict, why, since, until) SELECT '
                                "'outbox' AS anon_1, outbox.id, outbox.state, NULL AS anon_2, outbox.error, "
                                'outbox.since, ? AS anon_3 FROM outbox WHERE outbox.id = ? AND (outbox.state NOT IN '
                                "('queued', 'sending'))",
                        'parameters': ('left_at:time', 'of_id')},
 'outbox._LISTING': {'text': 'SELECT outbox.id, outbox.kind, outbox.channel, outbox.ticket_id, outbox.message_n, '
                             'outbox.undo_group, outbox.mailbox, outbox."to", outbox.cc, outbox.bcc, outbox.subject, '
                             'outbox.message_id, outbox.in_reply_to, outbox."references", outbox.language, '
                             'outbox.data, outbox.state, outbox.since, outbox.attempts, outbox.created_at, '
                             'outbox.next_try_at, outbox.claimed_by, outbox.claimed_until, outbox.error, '
                             'outbox.blob_sha256 FROM outbox WHERE [[condition]] ORDER BY outbox.id DESC\n'
                             ' LIMIT coalesce(?, -1) OFFSET 0',
                     'parameters': ('[[condition]]', 'limit'),
                     'columns': ('id',
                                 'kind',
                                 'channel',
                                 'ticket_id',
                                 'message_n',
                                 'undo_group',
                                 'mailbox',
                                 'to:json',
                                 'cc:json',
                                 'bcc:json',
                                 'subject',
                                 'message_id',
                                 'in_reply_to',
                                 'references:json',
                                 'language',
                                 'data:json',
                                 'state',
                                 'since:time',
                                 'attempts',
                                 'created_at:time',
                                 'next_try_at:time',
                                 'claimed_by',
                                 'claimed_until:time',
                                 'error',
                                 'blob_sha256')},
 'outbox._LOCK': {'text': 'SELECT outbox.id, outbox.kind, outbox.channel, outbox.ticket_id, outbox.message_n, '
                          'outbox.undo_group, outbox.mailbox, outbox."to", outbox.cc, outbox.bcc, outbox.subject, '
                          'outbox.message_id, outbox.in_reply_to, outbox."references", outbox.language, outbox.data, '
                          'outbox.state, outbox.since, outbox.attempts, outbox.created_at, outbox.next_try_at, '
                          'outbox.claimed_by, outbox.claimed_until, outbox.error, outbox.blob_sha256 FROM outbox WHERE '
                          'outbox.id = ?',
                  'parameters': ('of_id',),
                  'columns': ('id',
                              'kind',
                              'channel',
                              'ticket_id',
                              'message_n',
                              'undo_group',
                              'mailbox',
                              'to:json',
                              'cc:json',
                              'bcc:json',
                              'subject',
                              'message_id',
                              'in_reply_to',
                              'references:json',
                              'language',
                              'data:json',
                              'state',
                              'since:time',
                              'attempts',
                              'created_at:time',
                              'next_try_at:time',
                              'claimed_by',
                              'claimed_until:time',
                              'error',
                              'blob_sha256')},
 'outbox._OF_GROUP': {'text': 'SELECT outbox.id, outbox.kind, outbox.channel, outbox.ticket_id, outbox.message_n, '
                              'outbox.undo_group, outbox.mailbox, outbox."to", outbox.cc, outbox.bcc, outbox.subject, '
                              'outbox.message_id, outbox.in_reply_to, outbox."references", outbox.language, '
                              'outbox.data, outbox.state, outbox.since, outbox.attempts, outbox.created_at, '
                              'outbox.next_try_at, outbox.claimed_by, outbox.claimed_until, outbox.error, '
                              'outbox.blob_sha256 FROM outbox WHERE outbox.ticket_id IN (SELECT value FROM '
                              'json_each(?)) AND outbox.undo_group = ? ORDER BY outbox.id',
                      'parameters': ('tickets:list', 'of_group'),
                      'columns': ('id',
                                  'kind',
                                  'channel',
                                  'ticket_id',
                                  'message_n',
                                  'undo_group',
                                  'mailbox',
                                  'to:json',
                                  'cc:json',
                                  'bcc:json',
                                  'subject',
                                  'message_id',
                                  'in_reply_to',
                                  'references:json',
                                  'language',
                                  'data:json',
                                  'state',
                                  'since:time',
                                  'attempts',
                                  'created_at:time',
                                  'next_try_at:time',
                                  'claimed_by',
                                  'claimed_until:time',
                                  'error',
                                  'blob_sha256')},
 'outbox._OLDEST_DUE': {'text': "SELECT min(outbox.next_try_at) AS min_1 FROM outbox WHERE outbox.state IN ('queued', "
                                "'sending')",
                        'columns': ('min_1:time',)},
 'outbox._QUEUE': {'text': 'INSERT INTO outbox (kind, channel, ticket_id, message_n, undo_group, mailbox, "to", cc, '
                           'bcc, subject, message_id, in_reply_to, "references", language, data, state, since, '
                           'attempts, created_at, next_try_at, claimed_by, claimed_until, error, blob_sha256) VALUES '
                           '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id',
                   'parameters': ('kind',
                                  'channel',
                                  'ticket_id',
                                  'message_n',
                                  'undo_group',
                                  'mailbox',
                                  'to:json',
                                  'cc:json',
                                  'bcc:json',
                                  'subject',
                                  'message_id',
                                  'in_reply_to',
                                  'references:json',
                                  'language',
                                  'data:json',
                                  'state',
                                  'since:time',
                                  'attempts',
                                  'created_at:time',
                                  'next_try_at:time',
                                  'claimed_by',
                                  'claimed_until:time',
                                  'error',
                                  'blob_sha256'),
                   'columns': ('id',),
                   'defaults': {'channel': 'email',
                                'ticket_id': None,
                                'message_n': None,
                                'undo_group': '',
                                'in_reply_to': None,
                                'since': None,
                                'attempts': 0,
                                'next_try_at': None,
                                'claimed_by': '',
                                'claimed_until': None,
                                'error': None,
                                'blob_sha256': None}},
 'outbox._SET': {'text': 'UPDATE outbox SET [[set]] WHERE outbox.id = ?',
                 'parameters': ('[[set]]', 'of_id'),
                 'settable': ('id',
                              'kind',
                              'channel',
                              'ticket_id',
                              'message_n',
                              'undo_group',
                              'mailbox',
                              'to:json',
                              'cc:json',
                              'bcc:json',
                              'subject',
                              'message_id',
                              'in_reply_to',
                              'references:json',
                              'language',
                              'data:json',
                              'state',
                              'since:time',
                              'attempts',
                              'created_at:time',
                              'next_try_at:time',
                              'claimed_by',
                              'claimed_until:time',
                              'error',
                              'blob_sha256')},
 'outbox._WAITING': {'text': "SELECT outbox.state, count(*) AS rows FROM outbox WHERE outbox.state IN ('queued', "
                             "'sending', 'uncertain', 'failed') GROUP BY outbox.state",
                     'columns': ('state', 'rows')},
 'recipients._ANSWERED': {'text': "SELECT delivery.base FROM delivery WHERE delivery.kind = 'ack' AND "
                                  "delivery.created_at > ? AND delivery.state != 'cancelled' ORDER BY "
                                  'delivery.created_at DESC\n'
                                  ' LIMIT ? OFFSET 0',
                          'parameters': ('since:time', 'most'),
                          'columns': ('base',)},
 'recipients._AUTOMATIC': {'text': 'SELECT delivery.created_at, outbox.subject FROM delivery JOIN outbox ON outbox.id '
                                   '= delivery.outbox_id WHERE delivery.base = ? AND delivery.kind IN (SELECT value '
                                   "FROM json_each(?)) AND delivery.created_at > ? AND delivery.state != 'cancelled'\n"
                                   ' LIMIT ? OFFSET 0',
                           'parameters': ('to_address', 'kinds:list', 'since:time', 'most'),
                           'columns': ('created_at:time', 'subject')},
 'recipients._AUTOMATIC_AND_ANSWERED': {'text': 'SELECT anon_1.created_at, anon_1.subject, NULL AS of_domain, NULL AS '
                                                'of_all FROM (SELECT delivery.created_at AS created_at, outbox.subject '
                                                'AS subject FROM delivery JOIN outbox ON outbox.id = '
                                                'delivery.outbox_id WHERE delivery.base = ? AND delivery.kind IN '
                                                '(SELECT value FROM json_each(?)) AND delivery.created_at > ? AND '
                                                "delivery.state != 'cancelled'\n"
                                                ' LIMIT ? OFFSET 0) AS anon_1 UNION ALL SELECT NULL AS anon_2, NULL AS '
                                                "anon__1, count(CASE WHEN (anon_3.base LIKE ? ESCAPE '/') THEN 1 END) "
                                                'AS count_1, count(*) AS count_2 FROM (SELECT delivery.base AS base '
                                                "FROM delivery WHERE delivery.kind = 'ack' AND delivery.created_at > ? "
                                                "AND delivery.state != 'cancelled' ORDER BY delivery.created_at DESC\n"
                                                ' LIMIT ? OFFSET 0) AS anon_3',
                                        'parameters': ('to_address',
                                                       'kinds:list',
                                                       'since:time',
                                                       'most',
                                                       'in_domain',
                                                       'answered_since:time',
                                                       'most_answered'),
                                        'columns': ('created_at:time', 'subject', 'of_domain', 'of_all')},
 'recipients._CUSTOMER_SIDE': {'text': 'SELECT identity.value FROM identity JOIN ticket ON ticket.customer_id = '
                                       "identity.customer_id WHERE ticket.id = ? AND identity.kind = 'email' UNION "
                                       'SELECT participant.address FROM participant WHERE participant.ticket_id = ? '
                                       "AND participant.role != 'expert'",
                               'parameters': ('of_ticket', 'of_ticket'),
                               'columns': ('value',)},
 'recipients._IS_ACKNOWLEDGEMENT': {'text': 'SELECT outbox.id FROM outbox WHERE outbox.message_id IN (SELECT value '
                                            "FROM json_each(?)) AND outbox.kind = 'ack'\n"
                                            ' LIMIT 1 OFFSET 0',
                                    'parameters': ('ids:list',),
                                    'columns': ('id',)},
 'recipients._MAILED': {'text': 'SELECT delivery.id FROM delivery JOIN outbox ON outbox.id = delivery.outbox_id WHERE '
                                "delivery.address = ? AND delivery.state != 'cancelled' AND outbox.ticket_id = ? AND "
                                '[[condition]]\n'
                                ' LIMIT 1 OFFSET 0',
                        'parameters': ('to_address', 'of_ticket', '[[condition]]'),
                        'columns': ('id',)},
 'recipients._MARK': {'text': 'UPDATE identity SET undeliverable_at=?, undeliverable_why=? WHERE identity.kind = '
                              "'email' AND identity.value = ?",
                      'parameters': ('since:time', 'why', 'of_address')},
 'recipients._OF_KIND': {'text': 'delivery.kind = ?', 'parameters': ('kind',)},
 'recipients._PEOPLE': {'text': 'SELECT identity.value AS address, identity.kind, NULL AS role FROM identity WHERE '
                                'identity.customer_id = ? UNION ALL SELECT participant.address, NULL AS anon_1, '
                                'participant.role FROM participant WHERE participant.ticket_id = ?',
                        'parameters': ('of_customer', 'of_ticket'),
                        'columns': ('address', 'kind', 'role')},
 'recipients._REACHED': {'text': 'SELECT outbox.message_id, outbox.ticket_id, delivery.address FROM outbox JOIN '
                                 'delivery ON delivery.outbox_id = outbox.id WHERE outbox.message_id IN (SELECT value '
                                 "FROM json_each(?)) AND delivery.state != 'cancelled'",
                         'parameters': ('ids:list',),
                         'columns': ('message_id', 'ticket_id', 'address')},
 'recipients._REVIVE': {'text': 'UPDATE identity SET undeliverable_at=NULL, undeliverable_why=NULL WHERE identity.kind '
                                "= 'email' AND identity.value = ? AND identity.undeliverable_at IS NOT NULL",
                        'parameters': ('of_address',)},
 'recipients._TOLD': {'text': 'SELECT participant.address FROM participant WHERE participant.ticket_id = ? UNION '
                              'SELECT delivery.address FROM delivery JOIN outbox ON outbox.id = delivery.outbox_id '
                              "WHERE outbox.ticket_id = ? AND delivery.state != 'cancelled'",
                      'parameters': ('of_ticket', 'of_ticket'),
                      'columns': ('address',)},
 'recipients._UNDELIVERABLE': {'text': 'SELECT identity.value, identity.undeliverable_at, identity.undeliverable_why '
                                       "FROM identity WHERE identity.kind = 'email' AND identity.value IN (SELECT "
                                       'value FROM json_each(?)) AND identity.undeliverable_at IS NOT NULL',
                               'parameters': ('addresses:list',),
                               'columns': ('value', 'undeliverable_at:time', 'undeliverable_why')},
 'sending._CLAIM': {'text': "UPDATE outbox SET state='sending', attempts=(outbox.attempts + 1), claimed_by=?, "
                            'claimed_until=? WHERE outbox.id = (SELECT outbox.id FROM outbox WHERE outbox.state = '
                            "'queued' AND outbox.next_try_at <= ? AND outbox.channel IN (SELECT value FROM "
                            'json_each(?)) ORDER BY outbox.next_try_at, outbox.id\n'
                            ' LIMIT 1 OFFSET 0) RETURNING id, kind, channel, ticket_id, message_n, undo_group, '
                            'mailbox, "to", cc, bcc, subject, message_id, in_reply_to, "references", language, data, '
                            'state, since, attempts, created_at, next_try_at, claimed_by, claimed_until, error, '
                            'blob_sha256, (SELECT json_group_array(json_array(delivery.id, delivery.address)) AS '
                            "anon_1 FROM delivery WHERE delivery.outbox_id = outbox.id AND delivery.state = 'queued') "
                            'AS waiting, (SELECT max(definition.version) AS max_1 FROM definition) AS definition',
                    'parameters': ('holder', 'until:time', 'desk_time:time', 'channels:list'),
                    'columns': ('id',
                                'kind',
                                'channel',
                                'ticket_id',
                                'message_n',
                                'undo_group',
                                'mailbox',
                                'to:json',
                                'cc:json',
                                'bcc:json',
                                'subject',
                                'message_id',
                                'in_reply_to',
                                'references:json',
                                'language',
                                'data:json',
                                'state',
                                'since:time',
                                'attempts',
                                'created_at:time',
                                'next_try_at:time',
                                'claimed_by',
                                'claimed_until:time',
                                'error',
                                'blob_sha256',
                                'waiting:json',
                                'definition')},
 'sending._COMPOSED': {'text': 'UPDATE outbox SET blob_sha256=? WHERE outbox.id = ? AND outbox.blob_sha256 IS NULL',
                       'parameters': ('of_sha256', 'of_id')},
 'sending._FREE_LOST': {'text': "UPDATE outbox SET state='queued', claimed_by='', claimed_until=NULL WHERE "
                                "outbox.state = 'sending' AND outbox.claimed_until <= ?",
                        'parameters': ('wall:time',)},
 'sending._FREE_OF': {'text': "UPDATE outbox SET state='queued', claimed_by='', claimed_until=NULL WHERE outbox.state "
                              "= 'sending' AND outbox.claimed_by = ?",
                      'parameters': ('whose',)},
 'sending._RENEW': {'text': "UPDATE outbox SET claimed_until=? WHERE outbox.id = ? AND outbox.state = 'sending' AND "
                            'outbox.claimed_by = ?',
                    'parameters': ('until:time', 'of_id', 'holder')},
 'sending._SETTLE': {'text': "UPDATE outbox SET state=found.state, since=CASE WHEN (found.state = 'queued') THEN "
                             "outbox.since ELSE ? END, next_try_at=CASE WHEN (found.state = 'queued') THEN ? END, "
                             "claimed_by='', claimed_until=NULL, error=CASE WHEN (found.state != 'sent') THEN ? END "
                             'FROM (SELECT delivery.outbox_id AS outbox_id, delivery.state AS state FROM delivery '
                             "WHERE delivery.outbox_id = ? ORDER BY CASE delivery.state WHEN 'queued' THEN 0 WHEN "
                             "'uncertain' THEN 1 WHEN 'failed' THEN 2 WHEN 'cancelled' THEN 3 WHEN 'bounced' THEN 4 "
                             "WHEN 'sent' THEN 5 END\n"
                             ' LIMIT 1 OFFSET 0) AS found WHERE outbox.id = found.outbox_id',
                     'parameters': ('now:time', 'retry_at:time', 'trouble', 'of_id')},
 'sending._STORED_AND_COMPOSED': {'text': 'WITH kept AS (INSERT INTO blob (sha256, size, content, at) VALUES (?, ?, ?, '
                                          '?) ON CONFLICT DO NOTHING RETURNING sha256)\n'
                                          ' UPDATE outbox SET blob_sha256=? WHERE outbox.id = ? AND outbox.blob_sha256 '
                                          'IS NULL',
                                  'parameters': ('sha256', 'size', 'content', 'at:time', 'of_sha256', 'of_id')},
 'unsubscribed._AMONG': {'text': 'SELECT unsubscribed.address FROM unsubscribed WHERE unsubscribed.mail = ? AND '
                                 'unsubscribed.address IN (SELECT value FROM json_each(?))',
                         'parameters': ('of_mail', 'addresses:list'),
                         'columns': ('address',)},
 'unsubscribed._FOUND': {'text': 'SELECT unsubscribed.address, unsubscribed.mail, unsubscribed.at, unsubscribed.actor '
                                 'FROM unsubscribed WHERE [[condition]] ORDER BY unsubscribed.address, '
                                 'unsubscribed.mail',
                         'parameters': ('[[condition]]',),
                         'columns': ('address', 'mail', 'at:time', 'actor')},
 'unsubscribed._OF': {'text': 'unsubscribed.address IN (SELECT value FROM json_each(?))',
                      'parameters': ('addresses:list',)},
 'unsubscribed._REMOVE': {'text': 'DELETE FROM unsubscribed WHERE unsubscribed.address = ? AND unsubscribed.mail = ?',
                          'parameters': ('of_address', 'of_mail')}}
