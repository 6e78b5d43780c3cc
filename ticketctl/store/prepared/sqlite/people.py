"""SQL of the statements in `ticketctl/store/people`; written by `make sql`, not by hand."""

SCHEMA = "0016"
SQL = {'absences._END': {'text': 'UPDATE absence SET until=? WHERE absence.agent = ? AND (absence.until IS NULL OR '
                           'absence.until > ?)',
                   'parameters': ('at:time', 'name', 'at:time')},
 'absences._INSERT': {'text': 'INSERT INTO absence (agent, since, until, comment) VALUES (?, ?, ?, ?)',
                      'parameters': ('agent', 'since:time', 'until:time', 'comment'),
                      'defaults': {'until': None, 'comment': ''}},
 'absences._OF': {'text': 'SELECT absence.agent, absence.since, absence.until, absence.comment FROM absence WHERE '
                          'absence.agent IN (SELECT value FROM json_each(?)) AND (absence.until IS NULL OR '
                          'absence.until > ?) ORDER BY absence.agent, absence.id',
                  'parameters': ('names:list', 'at:time'),
                  'columns': ('agent', 'since:time', 'until:time', 'comment')},
 'customer_lists._IDENTITY': {'text': "(lower(identity.value) LIKE '%' || lower(?) || '%' ESCAPE '/')",
                              'parameters': ('word',)},
 'customer_lists._LISTING': {'text': 'SELECT customer.id, customer.name, customer.email, customer.language, '
                                     'customer.profile, customer.created_at, customer.last_seen_at, '
                                     'customer.last_page, customer.merged_into, (SELECT group_concat(identity_1.kind '
                                     "|| ':' || identity_1.value, '\n"
                                     "') AS aggregate_strings_1 FROM identity AS identity_1 WHERE "
                                     'identity_1.customer_id = customer.id) AS identities, (SELECT count(*) AS count_1 '
                                     'FROM ticket WHERE ticket.customer_id = customer.id) AS tickets_count, (SELECT '
                                     'max(ticket.last_customer_at) AS max_1 FROM ticket WHERE ticket.customer_id = '
                                     'customer.id) AS word_at FROM customer WHERE customer.merged_into IS NULL AND '
                                     '[[condition]] ORDER BY customer.id',
                             'parameters': ('[[condition]]',),
                             'columns': ('id',
                                         'name',
                                         'email',
                                         'language',
                                         'profile:json',
                                         'created_at:time',
                                         'last_seen_at:time',
                                         'last_page',
                                         'merged_into',
                                         'identities',
                                         'tickets_count',
                                         'word_at:time')},
 'customer_lists._NAMED': {'text': "(lower(customer.name) LIKE '%' || lower(?) || '%' ESCAPE '/')",
                           'parameters': ('word',)},
 'customer_lists._NAMESAKES': {'text': 'SELECT customer.id, customer.name, customer.email, customer.language, '
                                       'customer.profile, customer.created_at, customer.last_seen_at, '
                                       'customer.last_page, customer.merged_into, (SELECT group_concat(identity_1.kind '
                                       "|| ':' || identity_1.value, '\n"
                                       "') AS aggregate_strings_1 FROM identity AS identity_1 WHERE "
                                       'identity_1.customer_id = customer.id) AS identities FROM customer WHERE '
                                       'lower(customer.name) IN (SELECT value FROM json_each(?)) AND '
                                       'customer.merged_into IS NULL AND customer.id != ? ORDER BY customer.id\n'
                                       ' LIMIT ? OFFSET 0',
                               'parameters': ('lowered:list', 'besides', 'most'),
                               'columns': ('id',
                                           'name',
                                           'email',
                                           'language',
                                           'profile:json',
                                           'created_at:time',
                                           'last_seen_at:time',
                                           'last_page',
                                           'merged_into',
                                           'identities')},
 'customer_lists._TICKETS_OF': {'text': 'SELECT ticket.id, ticket.subject, ticket.status, ticket.priority, '
                                        'ticket.important, ticket.kind, ticket.channel, ticket.mailbox, '
                                        'ticket.segment, ticket.source_segment, ticket.owner, ticket.type, '
                                        'ticket.customer_id, ticket.created_at, ticket.updated_at, ticket.resolved_at, '
                                        'ticket.closed_at, ticket.wait_until, ticket.last_customer_at, '
                                        'ticket.first_reply_at, ticket.closed_loop_at, ticket.messages_count, '
                                        'ticket.messages_gone, ticket.comments_count, ticket.comments_gone, '
                                        'ticket.events_count, ticket.awaiting, ticket.escalation_level, '
                                        'ticket.merged_into, ticket.language, ticket.fields, ticket.version, '
                                        'ticket.response_id, ticket.policy, ticket.policy_version, ticket.due_by, '
                                        'ticket.due_at, ticket.due_clock, ticket.warn_at, ticket.sla_state, '
                                        'customer.name AS customer_name, customer.email AS customer_email, (SELECT '
                                        "group_concat(ticket_tag.tag, '\n"
                                        "') AS aggregate_strings_1 FROM ticket_tag WHERE ticket_tag.ticket_id = "
                                        'ticket.id) AS tags, (SELECT rating.comment FROM rating WHERE rating.id = '
                                        "ticket.response_id) AS customer_comment, CASE WHEN (ticket.awaiting = 'agent' "
                                        'AND ticket.first_reply_at IS NULL) THEN ticket.created_at WHEN '
                                        "(ticket.awaiting = 'agent') THEN coalesce((SELECT min(asked.at) AS min_1 FROM "
                                        "message AS asked WHERE asked.ticket_id = ticket.id AND asked.direction = 'in' "
                                        "AND asked.class = 'human' AND asked.n > coalesce((SELECT message.n FROM "
                                        "message WHERE message.ticket_id = ticket.id AND message.direction = 'out' AND "
                                        "message.class = 'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE "
                                        'outbox.ticket_id = message.ticket_id AND outbox.message_n = message.n AND '
                                        "outbox.kind IN ('reply', 'resolution') AND outbox.state = 'cancelled')) ORDER "
                                        'BY message.n DESC\n'
                                        ' LIMIT 1 OFFSET 0), 0)), ticket.created_at) END AS awaiting_since, CASE WHEN '
                                        '(EXISTS (SELECT * FROM ticket AS source WHERE source.merged_into = '
                                        'ticket.id)) THEN (WITH RECURSIVE inside(id, held) AS (SELECT source.id AS id, '
                                        'source.messages_count AS held FROM ticket AS source WHERE source.merged_into '
                                        '= ticket.id UNION SELECT deeper.id AS id, deeper.messages_count AS '
                                        'messages_count FROM ticket AS deeper, inside WHERE deeper.merged_into = '
                                        'inside.id)\n'
                                        ' SELECT sum(inside.held) AS sum_1 FROM inside) ELSE 0 END AS '
                                        'merged_messages_count, CASE WHEN (EXISTS (SELECT * FROM ticket AS source '
                                        'WHERE source.merged_into = ticket.id)) THEN (WITH RECURSIVE inside(id, held) '
                                        'AS (SELECT source.id AS id, source.comments_count AS held FROM ticket AS '
                                        'source WHERE source.merged_into = ticket.id UNION SELECT deeper.id AS id, '
                                        'deeper.comments_count AS comments_count FROM ticket AS deeper, inside WHERE '
                                        'deeper.merged_into = inside.id)\n'
                                        ' SELECT sum(inside.held) AS sum_2 FROM inside) ELSE 0 END AS '
                                        'merged_comments_count FROM ticket JOIN customer ON customer.id = '
                                        'ticket.customer_id WHERE ticket.id IN (SELECT anon_1.id FROM (SELECT '
                                        'ticket.id AS id FROM ticket WHERE ticket.customer_id = ? UNION SELECT '
                                        'participant.ticket_id AS ticket_id FROM participant WHERE participant.address '
                                        'IN (SELECT identity.value FROM identity WHERE identity.customer_id = ? AND '
                                        "identity.kind = 'email' UNION SELECT identity.kind || ':' || identity.value "
                                        'AS anon_2 FROM identity WHERE identity.customer_id = ? AND identity.kind != '
                                        "'email')) AS anon_1) AND [[condition]] ORDER BY ticket.updated_at DESC, "
                                        'ticket.id DESC\n'
                                        ' LIMIT coalesce(?, -1) OFFSET 0',
                                'parameters': ('of_customer', 'of_customer', 'of_customer', '[[condition]]', 'limit'),
                                'columns': ('id',
                                            'subject',
                                            'status',
                                            'priority',
                                            'important',
                                            'kind',
                                            'channel',
                                            'mailbox',
                                            'segment',
                                            'source_segment',
                                            'owner',
                                            'type',
                                            'customer_id',
                                            'created_at:time',
                                            'updated_at:time',
                                            'resolved_at:time',
                                            'closed_at:time',
                                            'wait_until:time',
                                            'last_customer_at:time',
                                            'first_reply_at:time',
                                            'closed_loop_at:time',
                                            'messages_count',
                                            'messages_gone',
                                            'comments_count',
                                            'comments_gone',
                                            'events_count',
                                            'awaiting',
                                            'escalation_level',
                                            'merged_into',
                                            'language',
                                            'fields:json',
                                            'version',
                                            'response_id',
                                            'policy',
                                            'policy_version',
                                            'due_by:time',
                                            'due_at:time',
                                            'due_clock',
                                            'warn_at:time',
                                            'sla_state',
                                            'customer_name',
                                            'customer_email',
                                            'tags',
                                            'customer_comment',
                                            'awaiting_since:time',
                                            'merged_messages_count',
                                            'merged_comments_count')},
 'customer_lists._TICKET_OF': {'text': 'SELECT ticket.id, ticket.subject, ticket.status, ticket.priority, '
                                       'ticket.important, ticket.kind, ticket.channel, ticket.mailbox, ticket.segment, '
                                       'ticket.source_segment, ticket.owner, ticket.type, ticket.customer_id, '
                                       'ticket.created_at, ticket.updated_at, ticket.resolved_at, ticket.closed_at, '
                                       'ticket.wait_until, ticket.last_customer_at, ticket.first_reply_at, '
                                       'ticket.closed_loop_at, ticket.messages_count, ticket.messages_gone, '
                                       'ticket.comments_count, ticket.comments_gone, ticket.events_count, '
                                       'ticket.awaiting, ticket.escalation_level, ticket.merged_into, ticket.language, '
                                       'ticket.fields, ticket.version, ticket.response_id, ticket.policy, '
                                       'ticket.policy_version, ticket.due_by, ticket.due_at, ticket.due_clock, '
                                       'ticket.warn_at, ticket.sla_state, customer.name AS customer_name, '
                                       "customer.email AS customer_email, (SELECT group_concat(ticket_tag.tag, '\n"
                                       "') AS aggregate_strings_1 FROM ticket_tag WHERE ticket_tag.ticket_id = "
                                       'ticket.id) AS tags, (SELECT rating.comment FROM rating WHERE rating.id = '
                                       "ticket.response_id) AS customer_comment, CASE WHEN (ticket.awaiting = 'agent' "
                                       'AND ticket.first_reply_at IS NULL) THEN ticket.created_at WHEN '
                                       "(ticket.awaiting = 'agent') THEN coalesce((SELECT min(asked.at) AS min_1 FROM "
                                       "message AS asked WHERE asked.ticket_id = ticket.id AND asked.direction = 'in' "
                                       "AND asked.class = 'human' AND asked.n > coalesce((SELECT message.n FROM "
                                       "message WHERE message.ticket_id = ticket.id AND message.direction = 'out' AND "
                                       "message.class = 'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE "
                                       'outbox.ticket_id = message.ticket_id AND outbox.message_n = message.n AND '
                                       "outbox.kind IN ('reply', 'resolution') AND outbox.state = 'cancelled')) ORDER "
                                       'BY message.n DESC\n'
                                       ' LIMIT 1 OFFSET 0), 0)), ticket.created_at) END AS awaiting_since, CASE WHEN '
                                       '(EXISTS (SELECT * FROM ticket AS source WHERE source.merged_into = ticket.id)) '
                                       'THEN (WITH RECURSIVE inside(id, held) AS (SELECT source.id AS id, '
                                       'source.messages_count AS held FROM ticket AS source WHERE source.merged_into = '
                                       'ticket.id UNION SELECT deeper.id AS id, deeper.messages_count AS '
                                       'messages_count FROM ticket AS deeper, inside WHERE deeper.merged_into = '
                                       'inside.id)\n'
                                       ' SELECT sum(inside.held) AS sum_1 FROM inside) ELSE 0 END AS '
                                       'merged_messages_count, CASE WHEN (EXISTS (SELECT * FROM ticket AS source WHERE '
                                       'source.merged_into = ticket.id)) THEN (WITH RECURSIVE inside(id, held) AS '
                                       '(SELECT source.id AS id, source.comments_count AS held FROM ticket AS source '
                                       'WHERE source.merged_into = ticket.id UNION SELECT deeper.id AS id, '
                                       'deeper.comments_count AS comments_count FROM ticket AS deeper, inside WHERE '
                                       'deeper.merged_into = inside.id)\n'
                                       ' SELECT sum(inside.held) AS sum_2 FROM inside) ELSE 0 END AS '
                                       'merged_comments_count FROM ticket JOIN customer ON customer.id = '
                                       'ticket.customer_id WHERE ticket.customer_id IN (SELECT value FROM '
                                       'json_each(?)) AND [[condition]] ORDER BY ticket.id\n'
                                       ' LIMIT 1 OFFSET 0',
                               'parameters': ('ids:list', '[[condition]]'),
                               'columns': ('id',
                                           'subject',
                                           'status',
                                           'priority',
                                           'important',
                                           'kind',
                                           'channel',
                                           'mailbox',
                                           'segment',
                                           'source_segment',
                                           'owner',
                                           'type',
                                           'customer_id',
                                           'created_at:time',
                                           'updated_at:time',
                                           'resolved_at:time',
                                           'closed_at:time',
                                           'wait_until:time',
                                           'last_customer_at:time',
                                           'first_reply_at:time',
                                           'closed_loop_at:time',
                                           'messages_count',
                                           'messages_gone',
                                           'comments_count',
                                           'comments_gone',
                                           'events_count',
                                           'awaiting',
                                           'escalation_level',
                                           'merged_into',
                                           'language',
                                           'fields:json',
                                           'version',
                                           'response_id',
                                           'policy',
                                           'policy_version',
                                           'due_by:time',
                                           'due_at:time',
                                           'due_clock',
                                           'warn_at:time',
                                           'sla_state',
                                           'customer_name',
                                           'customer_email',
                                           'tags',
                                           'customer_comment',
                                           'awaiting_since:time',
                                           'merged_messages_count',
                                           'merged_comments_count')},
 'customer_lists._TRANSCRIPTS': {'text': 'SELECT message.ticket_id, min(message.at) AS min_1, count(*) AS count_1 FROM '
                                         'message JOIN ticket ON ticket.id = message.ticket_id WHERE '
                                         "ticket.customer_id = ? AND message.channel = 'chat' AND [[condition]] GROUP "
                                         'BY message.ticket_id ORDER BY message.ticket_id DESC',
                                 'parameters': ('of_customer', '[[condition]]'),
                                 'columns': ('ticket_id', 'min_1:time', 'count_1')},
 'customer_lists._WITH_IDENTITY': {'text': 'customer.id IN (SELECT identity.customer_id FROM identity WHERE '
                                           '[[identity]])',
                                   'parameters': ('[[identity]]',)},
 'customer_lists._WORDS_OF': {'text': 'SELECT coalesce(message.full_text, message.text) AS whole FROM message JOIN '
                                      'ticket ON ticket.id = message.ticket_id WHERE ticket.customer_id = ? AND '
                                      "message.direction = 'in' ORDER BY message.id DESC\n"
                                      ' LIMIT ? OFFSET 0',
                              'parameters': ('of_customer', 'most'),
                              'columns': ('whole',)},
 'customers._BY_IDENTITY': {'text': 'SELECT customer.id, customer.name, customer.email, customer.language, '
                                    'customer.profile, customer.created_at, customer.last_seen_at, customer.last_page, '
                                    "customer.merged_into, (SELECT group_concat(identity_1.kind || ':' || "
                                    "identity_1.value, '\n"
                                    "') AS aggregate_strings_1 FROM identity AS identity_1 WHERE "
                                    'identity_1.customer_id = customer.id) AS identities, identity.undeliverable_at '
                                    'FROM customer JOIN identity ON identity.customer_id = customer.id WHERE '
                                    'identity.kind = ? AND identity.value = ?',
                            'parameters': ('of_kind', 'of_value'),
                            'columns': ('id',
                                        'name',
                                        'email',
                                        'language',
                                        'profile:json',
                                        'created_at:time',
                                        'last_seen_at:time',
                                        'last_page',
                                        'merged_into',
                                        'identities',
                                        'undeliverable_at:time')},
 'customers._CLAIM': {'text': 'INSERT INTO identity (customer_id, kind, value, created_at, undeliverable_at, '
                              'undeliverable_why) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING EXISTS '
                              '(SELECT * FROM customer_order WHERE customer_order.email = ? AND '
                              'customer_order.customer_id IS NULL) AS has_orders',
                      'parameters': ('customer_id',
                                     'kind',
                                     'value',
                                     'created_at:time',
                                     'undeliverable_at:time',
                                     'undeliverable_why',
                                     'waits'),
                      'columns': ('has_orders:bool',),
                      'defaults': {'undeliverable_at': None, 'undeliverable_why': None}},
 'customers._DELETE': {'text': 'DELETE FROM customer WHERE customer.id = ?', 'parameters': ('of_customer',)},
 'customers._GET': {'text': 'SELECT customer.id, customer.name, customer.email, customer.language, customer.profile, '
                            'customer.created_at, customer.last_seen_at, customer.last_page, customer.merged_into, '
                            "(SELECT group_concat(identity_1.kind || ':' || identity_1.value, '\n"
                            "') AS aggregate_strings_1 FROM identity AS identity_1 WHERE identity_1.customer_id = "
                            'customer.id) AS identities FROM customer WHERE customer.id = ?',
                    'parameters': ('of_customer',),
                    'columns': ('id',
                                'name',
                                'email',
                                'language',
                                'profile:json',
                                'created_at:time',
                                'last_seen_at:time',
                                'last_page',
                                'merged_into',
                                'identities')},
 'customers._INSERT': {'text': 'INSERT INTO customer (name, email, language, profile, created_at, last_seen_at, '
                               'last_page, merged_into) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id',
                       'parameters': ('name',
                                      'email',
                                      'language',
                                      'profile:json',
                                      'created_at:time',
                                      'last_seen_at:time',
                                      'last_page',
                                      'merged_into'),
                       'columns': ('id',),
                       'defaults': {'name': '',
                                    'email': '',
                                    'language': None,
                                    'last_seen_at': None,
                                    'last_page': None,
                                    'merged_into': None}},
 'customers._LAST_WORD': {'text': 'SELECT max(ticket.last_customer_at) AS max_1 FROM ticket WHERE ticket.customer_id = '
                                  '?',
                          'parameters': ('of_customer',),
                          'columns': ('max_1:time',)},
 'customers._LOCK': {'text': 'SELECT customer.id FROM customer WHERE customer.id IN (SELECT value FROM json_each(?)) '
                             'ORDER BY customer.id',
                     'parameters': ('ids:list',),
                     'columns': ('id',)},
 'customers._SET': {'text': 'UPDATE customer SET [[set]] WHERE customer.id = ?',
                    'parameters': ('[[set]]', 'of_customer'),
                    'settable': ('id',
                                 'name',
                                 'email',
                                 'language',
                                 'profile:json',
                                 'created_at:time',
                                 'last_seen_at:time',
                                 'last_page',
                                 'merged_into')},
 'identities._DELETE': {'text': 'DELETE FROM customer WHERE customer.id = ?', 'parameters': ('of_customer',)},
 'identities._DROP': {'text': 'DELETE FROM identity WHERE identity.kind = ? AND identity.value = ? AND '
                              'identity.customer_id = ?',
                      'parameters': ('of_kind', 'of_value', 'of_customer')},
 'identities._DROP_ALL': {'text': 'DELETE FROM identity WHERE identity.customer_id = ?',
                          'parameters': ('of_customer',)},
 'identities._HAS_MORE': {'text': 'SELECT (EXISTS (SELECT * FROM ticket WHERE ticket.customer_id = ?)) OR (EXISTS '
                                  '(SELECT * FROM rating WHERE rating.customer_id = ?)) OR (EXISTS (SELECT * FROM '
                                  'customer WHERE customer.merged_into = ?)) AS anon_1',
                          'parameters': ('of_customer', 'of_customer', 'of_customer'),
                          'columns': ('anon_1:bool',)},
 'identities._HELD': {'text': 'SELECT identity.kind, identity.value, identity.created_at, identity.undeliverable_at, '
                              'identity.undeliverable_why FROM identity WHERE identity.kind = ? AND identity.value = ? '
                              'AND identity.customer_id = ?',
                      'parameters': ('of_kind', 'of_value', 'of_customer'),
                      'columns': ('kind', 'value', 'created_at:time', 'undeliverable_at:time', 'undeliverable_why')},
 'identities._INSERT': {'text': 'INSERT INTO identity (customer_id, kind, value, created_at, undeliverable_at, '
                                'undeliverable_why) VALUES (?, ?, ?, ?, ?, ?)',
                        'parameters': ('customer_id',
                                       'kind',
                                       'value',
                                       'created_at:time',
                                       'undeliverable_at:time',
                                       'undeliverable_why'),
                        'defaults': {'undeliverable_at': None, 'undeliverable_why': None}},
 'identities._LET_ORDERS_WAIT': {'text': 'UPDATE customer_order SET customer_id=NULL WHERE customer_order.customer_id '
                                         '= ?',
                                 'parameters': ('of_customer',)},
 'identities._TAKEN': {'text': 'SELECT identity.id FROM identity WHERE identity.kind = ? AND identity.value = ?',
                       'parameters': ('of_kind', 'of_value'),
                       'columns': ('id',)},
 'move_customer.identities of': {'text': 'SELECT identity.id FROM identity WHERE identity.customer_id = ? ORDER BY '
                                         'identity.id',
                                 'parameters': ('of_customer',),
                                 'columns': ('id',)},
 'move_customer.move identities': {'text': 'UPDATE identity SET customer_id=? WHERE identity.id IN (SELECT value FROM '
                                           'json_each(?)) AND identity.customer_id = ?',
                                   'parameters': ('target', 'ids:list', 'source')},
 'move_customer.move orders': {'text': 'UPDATE customer_order SET customer_id=? WHERE customer_order.id IN (SELECT '
                                       'value FROM json_each(?)) AND customer_order.customer_id = ?',
                               'parameters': ('target', 'ids:list', 'source')},
 'move_customer.move ratings': {'text': 'UPDATE rating SET customer_id=? WHERE rating.id IN (SELECT value FROM '
                                        'json_each(?)) AND rating.customer_id = ?',
                                'parameters': ('target', 'ids:list', 'source')},
 'move_customer.move tickets': {'text': 'UPDATE ticket SET customer_id=? WHERE ticket.id IN (SELECT value FROM '
                                        'json_each(?)) AND ticket.customer_id = ?',
                                'parameters': ('target', 'ids:list', 'source')},
 'move_customer.orders of': {'text': 'SELECT customer_order.id FROM customer_order WHERE customer_order.customer_id = '
                                     '? ORDER BY customer_order.id',
                             'parameters': ('of_customer',),
                             'columns': ('id',)},
 'move_customer.ratings of': {'text': 'SELECT rating.id FROM rating WHERE rating.customer_id = ? ORDER BY rating.id',
                              'parameters': ('of_customer',),
                              'columns': ('id',)},
 'move_customer.tickets of': {'text': 'SELECT ticket.id FROM ticket WHERE ticket.customer_id = ? ORDER BY ticket.id',
                              'parameters': ('of_customer',),
                              'columns': ('id',)},
 'shop_orders._ATTACH': {'text': 'UPDATE customer_order SET customer_id=? WHERE customer_order.email = ? AND '
                                 'customer_order.customer_id IS NULL',
                         'parameters': ('to_customer', 'of_address')},
 'shop_orders._COUNT': {'text': 'SELECT count(*) AS count_1 FROM customer_order', 'columns': ('count_1',)},
 'shop_orders._KNOWN': {'text': 'SELECT customer_order.id, customer_order.customer_id, customer_order.provider, '
                                'customer_order.number, customer_order.email, customer_order.total, '
                                'customer_order.currency, customer_order.financial_status, '
                                'customer_order.fulfilment_status, customer_order.placed_at, customer_order.at FROM '
                                'customer_order WHERE customer_order.provider IN (SELECT value FROM json_each(?)) AND '
                                'customer_order.number IN (SELECT value FROM json_each(?))',
                        'parameters': ('providers:list', 'numbers:list'),
                        'columns': ('id',
                                    'customer_id',
                                    'provider',
                                    'number',
                                    'email',
                                    'total',
                                    'currency',
                                    'financial_status',
                                    'fulfilment_status',
                                    'placed_at:time',
                                    'at:time')},
 'shop_orders._LISTING': {'text': 'SELECT customer_order.id, customer_order.customer_id, customer_order.provider, '
                                  'customer_order.number, customer_order.email, customer_order.total, '
                                  'customer_order.currency, customer_order.financial_status, '
                                  'customer_order.fulfilment_status, customer_order.placed_at, customer_order.at FROM '
                                  'customer_order ORDER BY customer_order.placed_at IS NULL, customer_order.placed_at '
                                  'DESC, customer_order.id DESC\n'
                                  ' LIMIT coalesce(?, -1) OFFSET 0',
                          'parameters': ('limit',),
                          'columns': ('id',
                                      'customer_id',
                                      'provider',
                                      'number',
                                      'email',
                                      'total',
                                      'currency',
                                      'financial_status',
                                      'fulfilment_status',
                                      'placed_at:time',
                                      'at:time')},
 'shop_orders._OF': {'text': 'SELECT customer_order.id, customer_order.customer_id, customer_order.provider, '
                             'customer_order.number, customer_order.email, customer_order.total, '
                             'customer_order.currency, customer_order.financial_status, '
                             'customer_order.fulfilment_status, customer_order.placed_at, customer_order.at FROM '
                             'customer_order WHERE customer_order.customer_id = ? ORDER BY customer_order.placed_at IS '
                             'NULL, customer_order.placed_at DESC, customer_order.id DESC',
                     'parameters': ('of_customer',),
                     'columns': ('id',
                                 'customer_id',
                                 'provider',
                                 'number',
                                 'email',
                                 'total',
                                 'currency',
                                 'financial_status',
                                 'fulfilment_status',
                                 'placed_at:time',
                                 'at:time')},
 'shop_orders._OWNERS': {'text': 'SELECT identity.value, identity.customer_id FROM identity WHERE identity.kind = '
                                 "'email' AND identity.value IN (SELECT value FROM json_each(?))",
                         'parameters': ('addresses:list',),
                         'columns': ('value', 'customer_id')},
 'shop_orders._RELEASE': {'text': 'UPDATE customer_order SET customer_id=NULL WHERE customer_order.email = ? AND '
                                  'customer_order.customer_id = ?',
                          'parameters': ('of_address', 'of_customer')},
 'shop_orders._UPSERT': {'text': 'INSERT INTO customer_order (customer_id, provider, number, email, total, currency, '
                                 'financial_status, fulfilment_status, placed_at, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '
                                 '?, ?) ON CONFLICT (provider, number) DO UPDATE SET customer_id = '
                                 'excluded.customer_id, email = excluded.email, total = excluded.total, currency = '
                                 'excluded.currency, financial_status = excluded.financial_status, fulfilment_status = '
                                 'excluded.fulfilment_status, placed_at = excluded.placed_at, at = excluded.at',
                         'parameters': ('customer_id',
                                        'provider',
                                        'number',
                                        'email',
                                        'total',
                                        'currency',
                                        'financial_status',
                                        'fulfilment_status',
                                        'placed_at:time',
                                        'at:time'),
                         'defaults': {'customer_id': None,
                                      'email': '',
                                      'total': '',
                                      'currency': '',
                                      'financial_status': '',
                                      'fulfilment_status': '',
                                      'placed_at': None}}}
