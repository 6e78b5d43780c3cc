"""SQL of the statements in `ticketctl/store/tickets`; written by `make sql`, not by hand."""

SCHEMA = "0016"
SQL = {'attachments.OF_COMMENTS': {'text': 'SELECT attachment.id, attachment.message_id, attachment.comment_id, '
                                     'attachment.n, attachment.name, attachment.type, attachment.size, '
                                     'attachment.sha256, attachment.inline, attachment.part, attachment.content_id, '
                                     'attachment.comment_id AS owner FROM attachment WHERE attachment.comment_id IN '
                                     '(SELECT value FROM json_each(?)) ORDER BY attachment.n',
                             'parameters': ('ids:list',),
                             'columns': ('id',
                                         'message_id',
                                         'comment_id',
                                         'n',
                                         'name',
                                         'type',
                                         'size',
                                         'sha256',
                                         'inline',
                                         'part',
                                         'content_id',
                                         'owner')},
 'attachments.OF_MESSAGES': {'text': 'SELECT attachment.id, attachment.message_id, attachment.comment_id, '
                                     'attachment.n, attachment.name, attachment.type, attachment.size, '
                                     'attachment.sha256, attachment.inline, attachment.part, attachment.content_id, '
                                     'attachment.message_id AS owner FROM attachment WHERE attachment.message_id IN '
                                     '(SELECT value FROM json_each(?)) ORDER BY attachment.n',
                             'parameters': ('ids:list',),
                             'columns': ('id',
                                         'message_id',
                                         'comment_id',
                                         'n',
                                         'name',
                                         'type',
                                         'size',
                                         'sha256',
                                         'inline',
                                         'part',
                                         'content_id',
                                         'owner')},
 'attachments._ADD_ATTACHMENTS': {'text': 'INSERT INTO attachment (message_id, comment_id, n, name, type, size, '
                                          'sha256, inline, part, content_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
                                  'parameters': ('message_id',
                                                 'comment_id',
                                                 'n',
                                                 'name',
                                                 'type',
                                                 'size',
                                                 'sha256',
                                                 'inline',
                                                 'part',
                                                 'content_id'),
                                  'defaults': {'message_id': None,
                                               'comment_id': None,
                                               'inline': 0,
                                               'part': None,
                                               'content_id': None}},
 'attachments._CONTAINING': {'text': 'SELECT DISTINCT attachment.message_id FROM attachment JOIN message ON message.id '
                                     '= attachment.message_id WHERE attachment.sha256 = ? AND message.author = ?\n'
                                     ' LIMIT ? OFFSET 0',
                             'parameters': ('content', 'of_author', 'most'),
                             'columns': ('message_id',)},
 'attachments._HIDE': {'text': 'UPDATE attachment SET inline=1 WHERE attachment.sha256 IN (SELECT value FROM '
                               'json_each(?)) AND attachment.inline = 0 AND (EXISTS (SELECT * FROM message WHERE '
                               'message.id = attachment.message_id AND message.author = ?))',
                       'parameters': ('logos:list', 'of_author')},
 'changes._BY_OTHERS': {'text': 'SELECT event.id, event.ticket_id FROM event WHERE event.id > ? AND event.actor != ? '
                                'AND event.type IN (SELECT value FROM json_each(?)) ORDER BY event.id',
                        'parameters': ('after', 'me', 'types:list'),
                        'columns': ('id', 'ticket_id')},
 'changes._LAST': {'text': 'SELECT coalesce(max(event.id), 0) AS coalesce_1 FROM event', 'columns': ('coalesce_1',)},
 'changes._SINCE': {'text': 'SELECT count(*) AS count_1 FROM event WHERE event.id > ?',
                    'parameters': ('before',),
                    'columns': ('count_1',)},
 'completion._OPEN': {'text': "SELECT ticket.id, ticket.subject FROM ticket WHERE ticket.status IN ('escalated', "
                              "'new', 'open', 'waiting') AND [[condition]] ORDER BY ticket.updated_at DESC, ticket.id "
                              'DESC\n'
                              ' LIMIT ? OFFSET 0',
                      'parameters': ('[[condition]]', 'most'),
                      'columns': ('id', 'subject')},
 'completion._RECENT_OPEN': {'text': "SELECT ticket.id, ticket.subject FROM ticket WHERE coalesce(ticket.status, '') "
                                     "IN ('escalated', 'new', 'open', 'waiting') AND ticket.updated_at > (SELECT "
                                     'changed.updated_at FROM ticket AS changed ORDER BY changed.updated_at DESC\n'
                                     ' LIMIT 1 OFFSET ?) AND [[condition]] ORDER BY ticket.updated_at DESC, ticket.id '
                                     'DESC\n'
                                     ' LIMIT ? OFFSET 0',
                             'parameters': ('last', '[[condition]]', 'most'),
                             'columns': ('id', 'subject')},
 'conditions.csat <': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                               "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '1-5' AND rating.rating "
                               '< ?)',
                       'parameters': ('value',)},
 'conditions.csat <=': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '1-5' AND rating.rating "
                                '<= ?)',
                        'parameters': ('value',)},
 'conditions.csat =': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                               "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '1-5' AND rating.rating "
                               '= ?)',
                       'parameters': ('value',)},
 'conditions.csat >': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                               "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '1-5' AND rating.rating "
                               '> ?)',
                       'parameters': ('value',)},
 'conditions.csat >=': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '1-5' AND rating.rating "
                                '>= ?)',
                        'parameters': ('value',)},
 'conditions.gone owner': {'text': "(ticket.owner <> '' AND ticket.owner NOT IN (SELECT json_extract(agent.value, "
                                   "'$.name') FROM definition, json_each(definition.document, '$.agents') AS agent "
                                   'WHERE definition.version = (SELECT max(version) FROM definition)) AND EXISTS '
                                   "(SELECT 1 FROM definition, json_each(definition.document, '$.agents') AS agent "
                                   'WHERE definition.version = (SELECT max(version) FROM definition)))'},
 'conditions.has attachment': {'text': '(EXISTS (SELECT * FROM message, attachment WHERE message.ticket_id = ticket.id '
                                       'AND attachment.message_id = message.id)) OR (EXISTS (SELECT * FROM comment, '
                                       'attachment WHERE comment.ticket_id = ticket.id AND attachment.comment_id = '
                                       'comment.id)) OR ticket.id IN (WITH RECURSIVE above(id) AS (SELECT '
                                       'part.merged_into AS id FROM ticket AS part WHERE part.merged_into IS NOT NULL '
                                       'AND ((EXISTS (SELECT * FROM message, attachment WHERE message.ticket_id = '
                                       'part.id AND attachment.message_id = message.id)) OR (EXISTS (SELECT * FROM '
                                       'comment, attachment WHERE comment.ticket_id = part.id AND '
                                       'attachment.comment_id = comment.id))) UNION SELECT gone.merged_into AS '
                                       'merged_into FROM ticket AS gone, above WHERE gone.id = above.id AND '
                                       'gone.merged_into IS NOT NULL)\n'
                                       ' SELECT above.id FROM above)'},
 'conditions.has comment': {'text': 'ticket.comments_count > 0 OR ticket.id IN (WITH RECURSIVE above(id) AS (SELECT '
                                    'part.merged_into AS id FROM ticket AS part WHERE part.merged_into IS NOT NULL AND '
                                    'part.comments_count > 0 UNION SELECT gone.merged_into AS merged_into FROM ticket '
                                    'AS gone, above WHERE gone.id = above.id AND gone.merged_into IS NOT NULL)\n'
                                    ' SELECT above.id FROM above)'},
 'conditions.has order': {'text': 'EXISTS (SELECT * FROM customer_order WHERE customer_order.customer_id = '
                                  'ticket.customer_id)'},
 'conditions.is awaiting-agent': {'text': "ticket.status IN ('escalated', 'new', 'open', 'waiting') AND "
                                          "ticket.awaiting = 'agent'"},
 'conditions.is awaiting-customer': {'text': "ticket.status IN ('escalated', 'new', 'open', 'waiting') AND "
                                             "ticket.awaiting = 'customer'"},
 'conditions.is ended': {'text': "ticket.status IN ('closed', 'resolved')"},
 'conditions.is important': {'text': 'ticket.important = 1'},
 'conditions.is merged': {'text': "ticket.status = 'merged'"},
 'conditions.is open': {'text': "ticket.status IN ('escalated', 'new', 'open', 'waiting')"},
 'conditions.is spam': {'text': "ticket.status = 'spam'"},
 'conditions.last_customer <': {'text': 'coalesce(ticket.last_customer_at, ticket.created_at) < ?',
                                'parameters': ('value:time',)},
 'conditions.last_customer >=': {'text': 'coalesce(ticket.last_customer_at, ticket.created_at) >= ?',
                                 'parameters': ('value:time',)},
 'conditions.nps <': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                              "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '0-10' AND rating.rating "
                              '< ?)',
                      'parameters': ('value',)},
 'conditions.nps <=': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                               "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '0-10' AND rating.rating "
                               '<= ?)',
                       'parameters': ('value',)},
 'conditions.nps =': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                              "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '0-10' AND rating.rating "
                              '= ?)',
                      'parameters': ('value',)},
 'conditions.nps >': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                              "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '0-10' AND rating.rating "
                              '> ?)',
                      'parameters': ('value',)},
 'conditions.nps >=': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                               "rating WHERE rating.ticket_id = ticket.id) AND rating.scale = '0-10' AND rating.rating "
                               '>= ?)',
                       'parameters': ('value',)},
 'conditions.rating <': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                 'rating WHERE rating.ticket_id = ticket.id) AND rating.rating < ?)',
                         'parameters': ('value',)},
 'conditions.rating <=': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                  'rating WHERE rating.ticket_id = ticket.id) AND rating.rating <= ?)',
                          'parameters': ('value',)},
 'conditions.rating =': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                 'rating WHERE rating.ticket_id = ticket.id) AND rating.rating = ?)',
                         'parameters': ('value',)},
 'conditions.rating >': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                 'rating WHERE rating.ticket_id = ticket.id) AND rating.rating > ?)',
                         'parameters': ('value',)},
 'conditions.rating >=': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                  'rating WHERE rating.ticket_id = ticket.id) AND rating.rating >= ?)',
                          'parameters': ('value',)},
 'conditions.survey <': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                 'rating WHERE rating.ticket_id = ticket.id) AND rating.survey < ?)',
                         'parameters': ('value',)},
 'conditions.survey <=': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                  'rating WHERE rating.ticket_id = ticket.id) AND rating.survey <= ?)',
                          'parameters': ('value',)},
 'conditions.survey =': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                 'rating WHERE rating.ticket_id = ticket.id) AND rating.survey = ?)',
                         'parameters': ('value',)},
 'conditions.survey >': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                 'rating WHERE rating.ticket_id = ticket.id) AND rating.survey > ?)',
                         'parameters': ('value',)},
 'conditions.survey >=': {'text': 'EXISTS (SELECT * FROM rating WHERE rating.id = (SELECT max(rating.id) AS max_1 FROM '
                                  'rating WHERE rating.ticket_id = ticket.id) AND rating.survey >= ?)',
                          'parameters': ('value',)},
 'conversations._COMMENTS': {'text': 'SELECT comment.id, comment.ticket_id, comment.n, comment.author, comment.at, '
                                     'comment.text, comment.blob_sha256 FROM comment WHERE comment.ticket_id IN '
                                     '(SELECT value FROM json_each(?)) ORDER BY comment.n',
                             'parameters': ('ids:list',),
                             'columns': ('id', 'ticket_id', 'n', 'author', 'at:time', 'text', 'blob_sha256')},
 'conversations._MERGED': {'text': 'SELECT ticket.id, ticket.merged_into FROM ticket WHERE ticket.merged_into IN '
                                   '(SELECT value FROM json_each(?))',
                           'parameters': ('ids:list',),
                           'columns': ('id', 'merged_into')},
 'conversations._MESSAGES': {'text': 'SELECT message.id, message.ticket_id, message.n, message.direction, '
                                     'message.class, message.visibility, message.channel, message.author, '
                                     'message.author_name, message.at, message.subject, message.text, '
                                     'message.full_text, message.message_id, message.in_reply_to, message.permalink, '
                                     'message.thread, message.blob_sha256, message.proof FROM message WHERE '
                                     'message.ticket_id IN (SELECT value FROM json_each(?)) ORDER BY message.n',
                             'parameters': ('ids:list',),
                             'columns': ('id',
                                         'ticket_id',
                                         'n',
                                         'direction',
                                         'class',
                                         'visibility',
                                         'channel',
                                         'author',
                                         'author_name',
                                         'at:time',
                                         'subject',
                                         'text',
                                         'full_text',
                                         'message_id',
                                         'in_reply_to',
                                         'permalink',
                                         'thread',
                                         'blob_sha256',
                                         'proof')},
 'custom_fields.customer <': {'text': 'EXISTS (SELECT 1 FROM json_each(customer.profile, ?) AS have, json_each(?) AS '
                                      "want WHERE have.value < want.value AND replace(have.type, 'integer', 'real') = "
                                      "replace(want.type, 'integer', 'real'))",
                              'parameters': ('path', 'wanted')},
 'custom_fields.customer <=': {'text': 'EXISTS (SELECT 1 FROM json_each(customer.profile, ?) AS have, json_each(?) AS '
                                       "want WHERE have.value <= want.value AND replace(have.type, 'integer', 'real') "
                                       "= replace(want.type, 'integer', 'real'))",
                               'parameters': ('path', 'wanted')},
 'custom_fields.customer =': {'text': 'EXISTS (SELECT 1 FROM json_each(customer.profile, ?) AS have, json_each(?) AS '
                                      "want WHERE have.value = want.value AND replace(have.type, 'integer', 'real') = "
                                      "replace(want.type, 'integer', 'real'))",
                              'parameters': ('path', 'wanted')},
 'custom_fields.customer >': {'text': 'EXISTS (SELECT 1 FROM json_each(customer.profile, ?) AS have, json_each(?) AS '
                                      "want WHERE have.value > want.value AND replace(have.type, 'integer', 'real') = "
                                      "replace(want.type, 'integer', 'real'))",
                              'parameters': ('path', 'wanted')},
 'custom_fields.customer >=': {'text': 'EXISTS (SELECT 1 FROM json_each(customer.profile, ?) AS have, json_each(?) AS '
                                       "want WHERE have.value >= want.value AND replace(have.type, 'integer', 'real') "
                                       "= replace(want.type, 'integer', 'real'))",
                               'parameters': ('path', 'wanted')},
 'custom_fields.customer empty': {'text': "coalesce(json_extract(customer.profile, ?), '') = ''",
                                  'parameters': ('path',)},
 'custom_fields.customer filled': {'text': "coalesce(json_extract(customer.profile, ?), '') != ''",
                                   'parameters': ('path',)},
 'custom_fields.ticket <': {'text': 'EXISTS (SELECT 1 FROM json_each(ticket.fields, ?) AS have, json_each(?) AS want '
                                    "WHERE have.value < want.value AND replace(have.type, 'integer', 'real') = "
                                    "replace(want.type, 'integer', 'real'))",
                            'parameters': ('path', 'wanted')},
 'custom_fields.ticket <=': {'text': 'EXISTS (SELECT 1 FROM json_each(ticket.fields, ?) AS have, json_each(?) AS want '
                                     "WHERE have.value <= want.value AND replace(have.type, 'integer', 'real') = "
                                     "replace(want.type, 'integer', 'real'))",
                             'parameters': ('path', 'wanted')},
 'custom_fields.ticket =': {'text': 'EXISTS (SELECT 1 FROM json_each(ticket.fields, ?) AS have, json_each(?) AS want '
                                    "WHERE have.value = want.value AND replace(have.type, 'integer', 'real') = "
                                    "replace(want.type, 'integer', 'real'))",
                            'parameters': ('path', 'wanted')},
 'custom_fields.ticket >': {'text': 'EXISTS (SELECT 1 FROM json_each(ticket.fields, ?) AS have, json_each(?) AS want '
                                    "WHERE have.value > want.value AND replace(have.type, 'integer', 'real') = "
                                    "replace(want.type, 'integer', 'real'))",
                            'parameters': ('path', 'wanted')},
 'custom_fields.ticket >=': {'text': 'EXISTS (SELECT 1 FROM json_each(ticket.fields, ?) AS have, json_each(?) AS want '
                                     "WHERE have.value >= want.value AND replace(have.type, 'integer', 'real') = "
                                     "replace(want.type, 'integer', 'real'))",
                             'parameters': ('path', 'wanted')},
 'custom_fields.ticket empty': {'text': "coalesce(json_extract(ticket.fields, ?), '') = ''", 'parameters': ('path',)},
 'custom_fields.ticket filled': {'text': "coalesce(json_extract(ticket.fields, ?), '') != ''", 'parameters': ('path',)},
 'customer_conditions.OF_CUSTOMERS': {'text': 'ticket.customer_id IN (SELECT customer.id FROM customer WHERE '
                                              '[[customer]])',
                                      'parameters': ('[[customer]]',)},
 'customer_conditions._ADDRESS': {'text': 'ticket.customer_id IN (SELECT identity.customer_id FROM identity WHERE '
                                          "identity.kind = 'email' AND identity.value = ?)",
                                  'parameters': ('address',)},
 'customer_conditions._CUSTOMER': {'text': 'ticket.customer_id = ?', 'parameters': ('number',)},
 'customer_conditions._DOMAIN': {'text': 'ticket.customer_id IN (SELECT identity.customer_id FROM identity WHERE '
                                         "identity.kind = 'email' AND identity.value LIKE ? ESCAPE '/')",
                                 'parameters': ('pattern',)},
 'customer_conditions._NAMED': {'text': 'ticket.customer_id IN (SELECT customer.id FROM customer WHERE customer.name '
                                        "LIKE ? ESCAPE '/' OR lower(customer.name) LIKE ? ESCAPE '/')",
                                'parameters': ('pattern', 'lower')},
 'customer_conditions._WITHOUT_ADDRESS': {'text': 'ticket.customer_id IN (SELECT customer.id FROM customer WHERE '
                                                  "customer.email = '')"},
 'events._BY_OTHERS': {'text': 'WITH since AS MATERIALIZED (SELECT event.ticket_id AS ticket_id, event.id AS id FROM '
                               'event WHERE event.at >= ? AND event.actor != ?)\n'
                               ' SELECT since.ticket_id FROM since WHERE EXISTS (SELECT * FROM ticket WHERE ticket.id '
                               '= since.ticket_id AND ticket.owner = ?) GROUP BY since.ticket_id ORDER BY '
                               'max(since.id) DESC\n'
                               ' LIMIT ? OFFSET 0',
                       'parameters': ('since:time', 'me', 'me', 'most'),
                       'columns': ('ticket_id',)},
 'events._IN_GROUP': {'text': 'SELECT event.id, event.ticket_id, event.n, event.at, event.actor, event.os_user, '
                              'event.type, event.field, event.old, event.new, event.comment, event.undo_group, '
                              'event.way_back FROM event WHERE event.undo_group = ? AND event.ticket_id = ? AND '
                              'event.at = ? ORDER BY event.n',
                      'parameters': ('of_group', 'of_ticket', 'then:time'),
                      'columns': ('id',
                                  'ticket_id',
                                  'n',
                                  'at:time',
                                  'actor',
                                  'os_user',
                                  'type',
                                  'field',
                                  'old:json',
                                  'new:json',
                                  'comment',
                                  'undo_group',
                                  'way_back:json')},
 'events._LAST_EVENTS': {'text': 'SELECT event.undo_group, event.at FROM event WHERE event.actor = ? ORDER BY event.id '
                                 'DESC\n'
                                 ' LIMIT 1000 OFFSET 0',
                         'parameters': ('me',),
                         'columns': ('undo_group', 'at:time')},
 'events._LAST_JOURNAL': {'text': 'SELECT journal.undo_group, journal.at FROM journal WHERE journal.actor = ? ORDER BY '
                                  'journal.id DESC\n'
                                  ' LIMIT 1000 OFFSET 0',
                          'parameters': ('me',),
                          'columns': ('undo_group', 'at:time')},
 'events._OF': {'text': 'SELECT event.id, event.ticket_id, event.n, event.at, event.actor, event.os_user, event.type, '
                        'event.field, event.old, event.new, event.comment, event.undo_group, event.way_back FROM event '
                        'WHERE event.ticket_id = ? ORDER BY event.n',
                'parameters': ('of_ticket',),
                'columns': ('id',
                            'ticket_id',
                            'n',
                            'at:time',
                            'actor',
                            'os_user',
                            'type',
                            'field',
                            'old:json',
                            'new:json',
                            'comment',
                            'undo_group',
                            'way_back:json')},
 'events._OF_GROUP': {'text': 'SELECT event.id, event.ticket_id, event.n, event.at, event.actor, event.os_user, '
                              'event.type, event.field, event.old, event.new, event.comment, event.undo_group, '
                              'event.way_back FROM event WHERE event.undo_group = ? ORDER BY event.id',
                      'parameters': ('of_group',),
                      'columns': ('id',
                                  'ticket_id',
                                  'n',
                                  'at:time',
                                  'actor',
                                  'os_user',
                                  'type',
                                  'field',
                                  'old:json',
                                  'new:json',
                                  'comment',
                                  'undo_group',
                                  'way_back:json')},
 'events._OF_TYPES': {'text': 'SELECT event.id, event.ticket_id, event.n, event.at, event.actor, event.os_user, '
                              'event.type, event.field, event.old, event.new, event.comment, event.undo_group, '
                              'event.way_back FROM event WHERE event.ticket_id = ? AND event.type IN (SELECT value '
                              'FROM json_each(?)) ORDER BY event.n',
                      'parameters': ('of_ticket', 'types:list'),
                      'columns': ('id',
                                  'ticket_id',
                                  'n',
                                  'at:time',
                                  'actor',
                                  'os_user',
                                  'type',
                                  'field',
                                  'old:json',
                                  'new:json',
                                  'comment',
                                  'undo_group',
                                  'way_back:json')},
 'hits._HITS': {'text': 'WITH RECURSIVE part(root, id) AS (SELECT ticket.id AS root, ticket.id AS id FROM ticket WHERE '
                        'ticket.id IN (SELECT value FROM json_each(?)) UNION SELECT part.root AS root, ticket.id AS id '
                        'FROM part, ticket WHERE ticket.merged_into = part.id)\n'
                        ' SELECT found.root, found.part, found.ticket_id, found.n, coalesce(message.author, '
                        "comment.author) AS author, coalesce(message.author_name, '') AS author_name, found.said_at, "
                        'substr(coalesce(message.full_text, message.text, comment.text, ticket.subject), 1, 30000) AS '
                        'text FROM (SELECT part.root AS root, search_entry.ticket_id AS ticket_id, search_entry.part '
                        'AS part, search_entry.n AS n, message.id AS message_id, comment.id AS comment_id, '
                        'coalesce(message.at, comment.at, ticket.created_at) AS said_at, row_number() OVER (PARTITION '
                        "BY part.root ORDER BY CASE WHEN (search_entry.part = 'subject') THEN 1 ELSE 0 END, "
                        'coalesce(message.at, comment.at, ticket.created_at) DESC, search_entry.part DESC, '
                        'search_entry.n DESC) AS place FROM part JOIN search_entry ON search_entry.ticket_id = part.id '
                        'JOIN ticket ON ticket.id = search_entry.ticket_id LEFT OUTER JOIN message ON '
                        "search_entry.part = 'body' AND message.ticket_id = search_entry.ticket_id AND message.n = "
                        "search_entry.n LEFT OUTER JOIN comment ON search_entry.part = 'comments' AND "
                        'comment.ticket_id = search_entry.ticket_id AND comment.n = search_entry.n WHERE '
                        'search_entry.part IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM search_text '
                        'WHERE search_text.rowid = search_entry.id AND search_text MATCH ?) AND (CASE WHEN '
                        "(search_entry.part = 'subject') THEN 1 ELSE 0 END = 1 OR message.id IS NOT NULL OR comment.id "
                        'IS NOT NULL)) AS found JOIN ticket ON ticket.id = found.ticket_id LEFT OUTER JOIN message ON '
                        'message.id = found.message_id LEFT OUTER JOIN comment ON comment.id = found.comment_id WHERE '
                        'found.place <= 3 ORDER BY found.root, found.place',
                'parameters': ('ids:list', 'parts:list', 'query'),
                'columns': ('root', 'part', 'ticket_id', 'n', 'author', 'author_name', 'said_at:time', 'text')},
 'hits._KNOWN': {'text': 'SELECT value FROM json_each(?) AS one WHERE EXISTS (SELECT 1 FROM search_text WHERE '
                         'search_text MATCH one.value)',
                 'parameters': ('queries',),
                 'columns': ('value',)},
 'last_word._ANSWERS': {'text': 'SELECT message.n FROM message WHERE message.ticket_id = ? AND message.direction = '
                                "'out' AND message.class = 'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE "
                                'outbox.ticket_id = message.ticket_id AND outbox.message_n = message.n AND outbox.kind '
                                "IN ('reply', 'resolution') AND outbox.state = 'cancelled'))",
                        'parameters': ('of_ticket',),
                        'columns': ('n',)},
 'last_word._LAST': {'text': 'SELECT message.direction FROM message WHERE message.ticket_id = ? AND message.class = '
                             "'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE outbox.ticket_id = message.ticket_id "
                             "AND outbox.message_n = message.n AND outbox.kind IN ('reply', 'resolution') AND "
                             "outbox.state = 'cancelled')) ORDER BY message.n DESC\n"
                             ' LIMIT 1 OFFSET 0',
                     'parameters': ('of_ticket',),
                     'columns': ('direction',)},
 'leaves._NOT': {'text': 'NOT coalesce([[condition]], 0)', 'parameters': ('[[condition]]',)},
 'leaves.clock.due_at <': {'text': 'clock.due_at < ?', 'parameters': ('value:time',)},
 'leaves.clock.due_at <=': {'text': 'clock.due_at <= ?', 'parameters': ('value:time',)},
 'leaves.clock.due_at =': {'text': 'clock.due_at = ?', 'parameters': ('value:time',)},
 'leaves.clock.due_at >': {'text': 'clock.due_at > ?', 'parameters': ('value:time',)},
 'leaves.clock.due_at >=': {'text': 'clock.due_at >= ?', 'parameters': ('value:time',)},
 'leaves.clock.due_at any': {'text': 'clock.due_at IS NOT NULL'},
 'leaves.clock.due_at none': {'text': 'clock.due_at IS NULL'},
 'leaves.sla.assign any': {'text': 'EXISTS (SELECT * FROM clock WHERE clock.ticket_id = ticket.id AND clock.kind = '
                                   "'assign' AND clock.stopped_at IS NULL AND clock.due_at IS NOT NULL)"},
 'leaves.sla.assign having': {'text': "ticket.id IN (SELECT clock.ticket_id FROM clock WHERE clock.kind = 'assign' AND "
                                      'clock.stopped_at IS NULL AND clock.due_at IS NOT NULL AND [[row]])',
                              'parameters': ('[[row]]',)},
 'leaves.sla.assign none': {'text': 'NOT (EXISTS (SELECT * FROM clock WHERE clock.ticket_id = ticket.id AND clock.kind '
                                    "= 'assign' AND clock.stopped_at IS NULL AND clock.due_at IS NOT NULL))"},
 'leaves.sla.first any': {'text': 'EXISTS (SELECT * FROM clock WHERE clock.ticket_id = ticket.id AND clock.kind = '
                                  "'first' AND clock.stopped_at IS NULL AND clock.due_at IS NOT NULL)"},
 'leaves.sla.first having': {'text': "ticket.id IN (SELECT clock.ticket_id FROM clock WHERE clock.kind = 'first' AND "
                                     'clock.stopped_at IS NULL AND clock.due_at IS NOT NULL AND [[row]])',
                             'parameters': ('[[row]]',)},
 'leaves.sla.first none': {'text': 'NOT (EXISTS (SELECT * FROM clock WHERE clock.ticket_id = ticket.id AND clock.kind '
                                   "= 'first' AND clock.stopped_at IS NULL AND clock.due_at IS NOT NULL))"},
 'leaves.sla.next any': {'text': 'EXISTS (SELECT * FROM clock WHERE clock.ticket_id = ticket.id AND clock.kind = '
                                 "'next' AND clock.stopped_at IS NULL AND clock.due_at IS NOT NULL)"},
 'leaves.sla.next having': {'text': "ticket.id IN (SELECT clock.ticket_id FROM clock WHERE clock.kind = 'next' AND "
                                    'clock.stopped_at IS NULL AND clock.due_at IS NOT NULL AND [[row]])',
                            'parameters': ('[[row]]',)},
 'leaves.sla.next none': {'text': 'NOT (EXISTS (SELECT * FROM clock WHERE clock.ticket_id = ticket.id AND clock.kind = '
                                  "'next' AND clock.stopped_at IS NULL AND clock.due_at IS NOT NULL))"},
 'leaves.sla.resolve any': {'text': 'EXISTS (SELECT * FROM clock WHERE clock.ticket_id = ticket.id AND clock.kind = '
                                    "'resolve' AND clock.stopped_at IS NULL AND clock.due_at IS NOT NULL)"},
 'leaves.sla.resolve having': {'text': "ticket.id IN (SELECT clock.ticket_id FROM clock WHERE clock.kind = 'resolve' "
                                       'AND clock.stopped_at IS NULL AND clock.due_at IS NOT NULL AND [[row]])',
                               'parameters': ('[[row]]',)},
 'leaves.sla.resolve none': {'text': 'NOT (EXISTS (SELECT * FROM clock WHERE clock.ticket_id = ticket.id AND '
                                     "clock.kind = 'resolve' AND clock.stopped_at IS NULL AND clock.due_at IS NOT "
                                     'NULL))'},
 'leaves.tag any': {'text': 'EXISTS (SELECT * FROM ticket_tag WHERE ticket_tag.ticket_id = ticket.id)'},
 'leaves.tag having': {'text': 'ticket.id IN (SELECT ticket_tag.ticket_id FROM ticket_tag WHERE [[row]])',
                       'parameters': ('[[row]]',)},
 'leaves.tag none': {'text': 'NOT (EXISTS (SELECT * FROM ticket_tag WHERE ticket_tag.ticket_id = ticket.id))'},
 'leaves.ticket.awaiting =': {'text': 'ticket.awaiting = ?', 'parameters': ('value',)},
 'leaves.ticket.awaiting any': {'text': "ticket.awaiting IS NOT NULL AND ticket.awaiting != ''"},
 'leaves.ticket.awaiting in': {'text': 'ticket.awaiting IN (SELECT value FROM json_each(?))',
                               'parameters': ('values:list',)},
 'leaves.ticket.awaiting none': {'text': "ticket.awaiting IS NULL OR ticket.awaiting = ''"},
 'leaves.ticket.channel =': {'text': 'ticket.channel = ?', 'parameters': ('value',)},
 'leaves.ticket.channel any': {'text': "ticket.channel IS NOT NULL AND ticket.channel != ''"},
 'leaves.ticket.channel in': {'text': 'ticket.channel IN (SELECT value FROM json_each(?))',
                              'parameters': ('values:list',)},
 'leaves.ticket.channel none': {'text': "ticket.channel IS NULL OR ticket.channel = ''"},
 'leaves.ticket.closed_at <': {'text': 'ticket.closed_at < ?', 'parameters': ('value:time',)},
 'leaves.ticket.closed_at <=': {'text': 'ticket.closed_at <= ?', 'parameters': ('value:time',)},
 'leaves.ticket.closed_at =': {'text': 'ticket.closed_at = ?', 'parameters': ('value:time',)},
 'leaves.ticket.closed_at >': {'text': 'ticket.closed_at > ?', 'parameters': ('value:time',)},
 'leaves.ticket.closed_at >=': {'text': 'ticket.closed_at >= ?', 'parameters': ('value:time',)},
 'leaves.ticket.closed_at any': {'text': 'ticket.closed_at IS NOT NULL'},
 'leaves.ticket.closed_at none': {'text': 'ticket.closed_at IS NULL'},
 'leaves.ticket.created_at <': {'text': 'ticket.created_at < ?', 'parameters': ('value:time',)},
 'leaves.ticket.created_at <=': {'text': 'ticket.created_at <= ?', 'parameters': ('value:time',)},
 'leaves.ticket.created_at =': {'text': 'ticket.created_at = ?', 'parameters': ('value:time',)},
 'leaves.ticket.created_at >': {'text': 'ticket.created_at > ?', 'parameters': ('value:time',)},
 'leaves.ticket.created_at >=': {'text': 'ticket.created_at >= ?', 'parameters': ('value:time',)},
 'leaves.ticket.created_at any': {'text': 'ticket.created_at IS NOT NULL'},
 'leaves.ticket.created_at none': {'text': 'ticket.created_at IS NULL'},
 'leaves.ticket.due_at <': {'text': 'ticket.due_at < ?', 'parameters': ('value:time',)},
 'leaves.ticket.due_at <=': {'text': 'ticket.due_at <= ?', 'parameters': ('value:time',)},
 'leaves.ticket.due_at =': {'text': 'ticket.due_at = ?', 'parameters': ('value:time',)},
 'leaves.ticket.due_at >': {'text': 'ticket.due_at > ?', 'parameters': ('value:time',)},
 'leaves.ticket.due_at >=': {'text': 'ticket.due_at >= ?', 'parameters': ('value:time',)},
 'leaves.ticket.due_at any': {'text': 'ticket.due_at IS NOT NULL'},
 'leaves.ticket.due_at none': {'text': 'ticket.due_at IS NULL'},
 'leaves.ticket.id <': {'text': 'ticket.id < ?', 'parameters': ('value',)},
 'leaves.ticket.id <=': {'text': 'ticket.id <= ?', 'parameters': ('value',)},
 'leaves.ticket.id =': {'text': 'ticket.id = ?', 'parameters': ('value',)},
 'leaves.ticket.id >': {'text': 'ticket.id > ?', 'parameters': ('value',)},
 'leaves.ticket.id >=': {'text': 'ticket.id >= ?', 'parameters': ('value',)},
 'leaves.ticket.id any': {'text': 'ticket.id IS NOT NULL'},
 'leaves.ticket.id none': {'text': 'ticket.id IS NULL'},
 'leaves.ticket.kind =': {'text': 'ticket.kind = ?', 'parameters': ('value',)},
 'leaves.ticket.kind any': {'text': "ticket.kind IS NOT NULL AND ticket.kind != ''"},
 'leaves.ticket.kind in': {'text': 'ticket.kind IN (SELECT value FROM json_each(?))', 'parameters': ('values:list',)},
 'leaves.ticket.kind none': {'text': "ticket.kind IS NULL OR ticket.kind = ''"},
 'leaves.ticket.language =': {'text': 'ticket.language = ?', 'parameters': ('value',)},
 'leaves.ticket.language any': {'text': "ticket.language IS NOT NULL AND ticket.language != ''"},
 'leaves.ticket.language in': {'text': 'ticket.language IN (SELECT value FROM json_each(?))',
                               'parameters': ('values:list',)},
 'leaves.ticket.language none': {'text': "ticket.language IS NULL OR ticket.language = ''"},
 'leaves.ticket.mailbox =': {'text': 'ticket.mailbox = ?', 'parameters': ('value',)},
 'leaves.ticket.mailbox any': {'text': "ticket.mailbox IS NOT NULL AND ticket.mailbox != ''"},
 'leaves.ticket.mailbox in': {'text': 'ticket.mailbox IN (SELECT value FROM json_each(?))',
                              'parameters': ('values:list',)},
 'leaves.ticket.mailbox none': {'text': "ticket.mailbox IS NULL OR ticket.mailbox = ''"},
 'leaves.ticket.owner =': {'text': 'ticket.owner = ?', 'parameters': ('value',)},
 'leaves.ticket.owner any': {'text': "ticket.owner IS NOT NULL AND ticket.owner != ''"},
 'leaves.ticket.owner in': {'text': 'ticket.owner IN (SELECT value FROM json_each(?))', 'parameters': ('values:list',)},
 'leaves.ticket.owner none': {'text': "ticket.owner IS NULL OR ticket.owner = ''"},
 'leaves.ticket.priority <': {'text': 'ticket.priority < ?', 'parameters': ('value',)},
 'leaves.ticket.priority <=': {'text': 'ticket.priority <= ?', 'parameters': ('value',)},
 'leaves.ticket.priority =': {'text': 'ticket.priority = ?', 'parameters': ('value',)},
 'leaves.ticket.priority >': {'text': 'ticket.priority > ?', 'parameters': ('value',)},
 'leaves.ticket.priority >=': {'text': 'ticket.priority >= ?', 'parameters': ('value',)},
 'leaves.ticket.priority any': {'text': 'ticket.priority IS NOT NULL'},
 'leaves.ticket.priority none': {'text': 'ticket.priority IS NULL'},
 'leaves.ticket.resolved_at <': {'text': 'ticket.resolved_at < ?', 'parameters': ('value:time',)},
 'leaves.ticket.resolved_at <=': {'text': 'ticket.resolved_at <= ?', 'parameters': ('value:time',)},
 'leaves.ticket.resolved_at =': {'text': 'ticket.resolved_at = ?', 'parameters': ('value:time',)},
 'leaves.ticket.resolved_at >': {'text': 'ticket.resolved_at > ?', 'parameters': ('value:time',)},
 'leaves.ticket.resolved_at >=': {'text': 'ticket.resolved_at >= ?', 'parameters': ('value:time',)},
 'leaves.ticket.resolved_at any': {'text': 'ticket.resolved_at IS NOT NULL'},
 'leaves.ticket.resolved_at none': {'text': 'ticket.resolved_at IS NULL'},
 'leaves.ticket.segment =': {'text': 'ticket.segment = ?', 'parameters': ('value',)},
 'leaves.ticket.segment any': {'text': "ticket.segment IS NOT NULL AND ticket.segment != ''"},
 'leaves.ticket.segment in': {'text': 'ticket.segment IN (SELECT value FROM json_each(?))',
                              'parameters': ('values:list',)},
 'leaves.ticket.segment none': {'text': "ticket.segment IS NULL OR ticket.segment = ''"},
 'leaves.ticket.sla_state =': {'text': 'ticket.sla_state = ?', 'parameters': ('value',)},
 'leaves.ticket.sla_state any': {'text': "ticket.sla_state IS NOT NULL AND ticket.sla_state != ''"},
 'leaves.ticket.sla_state in': {'text': 'ticket.sla_state IN (SELECT value FROM json_each(?))',
                                'parameters': ('values:list',)},
 'leaves.ticket.sla_state none': {'text': "ticket.sla_state IS NULL OR ticket.sla_state = ''"},
 'leaves.ticket.source_segment =': {'text': 'ticket.source_segment = ?', 'parameters': ('value',)},
 'leaves.ticket.source_segment any': {'text': "ticket.source_segment IS NOT NULL AND ticket.source_segment != ''"},
 'leaves.ticket.source_segment in': {'text': 'ticket.source_segment IN (SELECT value FROM json_each(?))',
                                     'parameters': ('values:list',)},
 'leaves.ticket.source_segment none': {'text': "ticket.source_segment IS NULL OR ticket.source_segment = ''"},
 'leaves.ticket.status =': {'text': 'ticket.status = ?', 'parameters': ('value',)},
 'leaves.ticket.status any': {'text': "ticket.status IS NOT NULL AND ticket.status != ''"},
 'leaves.ticket.status in': {'text': 'ticket.status IN (SELECT value FROM json_each(?))',
                             'parameters': ('values:list',)},
 'leaves.ticket.status none': {'text': "ticket.status IS NULL OR ticket.status = ''"},
 'leaves.ticket.type =': {'text': 'ticket.type = ?', 'parameters': ('value',)},
 'leaves.ticket.type any': {'text': "ticket.type IS NOT NULL AND ticket.type != ''"},
 'leaves.ticket.type in': {'text': 'ticket.type IN (SELECT value FROM json_each(?))', 'parameters': ('values:list',)},
 'leaves.ticket.type none': {'text': "ticket.type IS NULL OR ticket.type = ''"},
 'leaves.ticket.updated_at <': {'text': 'ticket.updated_at < ?', 'parameters': ('value:time',)},
 'leaves.ticket.updated_at <=': {'text': 'ticket.updated_at <= ?', 'parameters': ('value:time',)},
 'leaves.ticket.updated_at =': {'text': 'ticket.updated_at = ?', 'parameters': ('value:time',)},
 'leaves.ticket.updated_at >': {'text': 'ticket.updated_at > ?', 'parameters': ('value:time',)},
 'leaves.ticket.updated_at >=': {'text': 'ticket.updated_at >= ?', 'parameters': ('value:time',)},
 'leaves.ticket.updated_at any': {'text': 'ticket.updated_at IS NOT NULL'},
 'leaves.ticket.updated_at none': {'text': 'ticket.updated_at IS NULL'},
 'leaves.ticket.warn_at <': {'text': 'ticket.warn_at < ?', 'parameters': ('value:time',)},
 'leaves.ticket.warn_at <=': {'text': 'ticket.warn_at <= ?', 'parameters': ('value:time',)},
 'leaves.ticket.warn_at =': {'text': 'ticket.warn_at = ?', 'parameters': ('value:time',)},
 'leaves.ticket.warn_at >': {'text': 'ticket.warn_at > ?', 'parameters': ('value:time',)},
 'leaves.ticket.warn_at >=': {'text': 'ticket.warn_at >= ?', 'parameters': ('value:time',)},
 'leaves.ticket.warn_at any': {'text': 'ticket.warn_at IS NOT NULL'},
 'leaves.ticket.warn_at none': {'text': 'ticket.warn_at IS NULL'},
 'leaves.ticket_tag.tag =': {'text': 'ticket_tag.tag = ?', 'parameters': ('value',)},
 'leaves.ticket_tag.tag any': {'text': "ticket_tag.tag IS NOT NULL AND ticket_tag.tag != ''"},
 'leaves.ticket_tag.tag in': {'text': 'ticket_tag.tag IN (SELECT value FROM json_each(?))',
                              'parameters': ('values:list',)},
 'leaves.ticket_tag.tag none': {'text': "ticket_tag.tag IS NULL OR ticket_tag.tag = ''"},
 'leaves.watcher any': {'text': 'EXISTS (SELECT * FROM watcher WHERE watcher.ticket_id = ticket.id)'},
 'leaves.watcher having': {'text': 'ticket.id IN (SELECT watcher.ticket_id FROM watcher WHERE [[row]])',
                           'parameters': ('[[row]]',)},
 'leaves.watcher none': {'text': 'NOT (EXISTS (SELECT * FROM watcher WHERE watcher.ticket_id = ticket.id))'},
 'leaves.watcher.agent =': {'text': 'watcher.agent = ?', 'parameters': ('value',)},
 'leaves.watcher.agent any': {'text': "watcher.agent IS NOT NULL AND watcher.agent != ''"},
 'leaves.watcher.agent in': {'text': 'watcher.agent IN (SELECT value FROM json_each(?))',
                             'parameters': ('values:list',)},
 'leaves.watcher.agent none': {'text': "watcher.agent IS NULL OR watcher.agent = ''"},
 'links._DELETE': {'text': 'DELETE FROM link WHERE link.ticket_id = ? AND link.kind = ? AND link.other_id = ?',
                   'parameters': ('of_ticket', 'of_kind', 'to_ticket')},
 'links._OTHER': {'text': 'SELECT link.other_id FROM link WHERE link.ticket_id = ? AND link.kind = ? ORDER BY '
                          'link.other_id\n'
                          ' LIMIT 1 OFFSET 0',
                  'parameters': ('of_ticket', 'of_kind'),
                  'columns': ('other_id',)},
 'links._OWN': {'text': 'SELECT link.kind, ticket.id, ticket.status FROM link JOIN ticket ON ticket.id = link.other_id '
                        'WHERE link.ticket_id = ?',
                'parameters': ('of_ticket',),
                'columns': ('kind', 'id', 'status')},
 'links._THEIRS': {'text': 'SELECT link.kind, ticket.id, ticket.status FROM link JOIN ticket ON ticket.id = '
                           'link.ticket_id WHERE link.other_id = ?',
                   'parameters': ('of_ticket',),
                   'columns': ('kind', 'id', 'status')},
 'links._THIS': {'text': 'SELECT link.kind FROM link WHERE link.ticket_id = ? AND link.kind = ? AND link.other_id = ?',
                 'parameters': ('of_ticket', 'of_kind', 'to_ticket'),
                 'columns': ('kind',)},
 'mail_ids._KNOWN_IDS': {'text': 'SELECT mail_id.id, mail_id.hash, mail_id.ticket_id, mail_id.message_n, '
                                 'mail_id.direction, mail_id.at FROM mail_id WHERE mail_id.hash IN (SELECT value FROM '
                                 'json_each(?)) ORDER BY mail_id.at DESC, mail_id.id DESC',
                         'parameters': ('hashes:list',),
                         'columns': ('id', 'hash', 'ticket_id', 'message_n', 'direction', 'at:time')},
 'match._ANSWERS': {'text': 'SELECT [[answers]] FROM ticket WHERE ticket.id = ?',
                    'parameters': ('[[answers]]', 'of_ticket'),
                    'columns': ('',)},
 'match._FITS': {'text': 'coalesce([[condition]], 0)', 'parameters': ('[[condition]]',)},
 'message_moves._COMMENT': {'text': 'SELECT comment.id, comment.text FROM comment WHERE comment.ticket_id = ? AND '
                                    'comment.n = ?',
                            'parameters': ('of_ticket', 'number'),
                            'columns': ('id', 'text')},
 'message_moves._COUNT': {'text': 'UPDATE ticket SET messages_count=(ticket.messages_count + ?), '
                                  'messages_gone=(ticket.messages_gone + ?) WHERE ticket.id = ?',
                          'parameters': ('more', 'gone', 'of_ticket')},
 'message_moves._COUNT_WITHDRAWN': {'text': 'UPDATE ticket SET updated_at=?, comments_count=(ticket.comments_count - '
                                            '1), comments_gone=(ticket.comments_gone + 1), version=(ticket.version + '
                                            '1) WHERE ticket.id = ?',
                                    'parameters': ('new_time:time', 'of_ticket')},
 'message_moves._DELETE_ATTACHMENTS': {'text': 'DELETE FROM attachment WHERE attachment.comment_id = ?',
                                       'parameters': ('of_comment',)},
 'message_moves._DELETE_COMMENT': {'text': 'DELETE FROM comment WHERE comment.id = ?', 'parameters': ('of_comment',)},
 'message_moves._MOVE_IDS': {'text': 'UPDATE mail_id SET ticket_id=?, message_n=? WHERE mail_id.ticket_id = ? AND '
                                     'mail_id.message_n = ?',
                             'parameters': ('there', 'new_n', 'here', 'old_n')},
 'message_moves._MOVE_MESSAGE': {'text': 'UPDATE message SET ticket_id=?, n=? WHERE message.ticket_id = ? AND '
                                         'message.n = ?',
                                 'parameters': ('there', 'new_n', 'here', 'old_n')},
 'message_moves._MOVE_RECEIVED': {'text': 'UPDATE inbox SET ticket_id=?, message_n=? WHERE inbox.ticket_id = ? AND '
                                          'inbox.message_n = ?',
                                  'parameters': ('there', 'new_n', 'here', 'old_n')},
 'message_moves._MOVE_SENT': {'text': 'UPDATE outbox SET ticket_id=?, message_n=? WHERE outbox.ticket_id = ? AND '
                                      'outbox.message_n = ?',
                              'parameters': ('there', 'new_n', 'here', 'old_n')},
 'message_moves._TEXT': {'text': 'SELECT coalesce(message.full_text, message.text) AS whole FROM message WHERE '
                                 'message.ticket_id = ? AND message.n = ?',
                         'parameters': ('of_ticket', 'number'),
                         'columns': ('whole',)},
 'message_moves._TEXTS': {'text': 'SELECT message.n, coalesce(message.full_text, message.text) AS whole FROM message '
                                  'WHERE message.ticket_id = ? AND message.n IN (SELECT value FROM json_each(?))',
                          'parameters': ('of_ticket', 'numbers:list'),
                          'columns': ('n', 'whole')},
 'messages._ADD_COMMENT': {'text': 'INSERT INTO comment (ticket_id, n, author, at, text, blob_sha256) VALUES (?, ?, ?, '
                                   '?, ?, ?) RETURNING id',
                           'parameters': ('ticket_id', 'n', 'author', 'at:time', 'text', 'blob_sha256'),
                           'columns': ('id',),
                           'defaults': {'blob_sha256': None}},
 'messages._ADD_MESSAGE': {'text': 'INSERT INTO message (ticket_id, n, direction, class, visibility, channel, author, '
                                   'author_name, at, subject, text, full_text, message_id, in_reply_to, permalink, '
                                   'thread, blob_sha256, proof) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '
                                   '?, ?, ?) RETURNING id',
                           'parameters': ('ticket_id',
                                          'n',
                                          'direction',
                                          'class',
                                          'visibility',
                                          'channel',
                                          'author',
                                          'author_name',
                                          'at:time',
                                          'subject',
                                          'text',
                                          'full_text',
                                          'message_id',
                                          'in_reply_to',
                                          'permalink',
                                          'thread',
                                          'blob_sha256',
                                          'proof'),
                           'columns': ('id',),
                           'defaults': {'visibility': 'private',
                                        'channel': 'email',
                                        'author_name': '',
                                        'subject': '',
                                        'full_text': None,
                                        'message_id': None,
                                        'in_reply_to': None,
                                        'permalink': None,
                                        'thread': None,
                                        'blob_sha256': None,
                                        'proof': None}},
 'messages._AFTER': {'text': 'SELECT message.id, message.ticket_id, message.n, message.direction, message.class, '
                             'message.visibility, message.channel, message.author, message.author_name, message.at, '
                             'message.subject, message.text, message.full_text, message.message_id, '
                             'message.in_reply_to, message.permalink, message.thread, message.blob_sha256, '
                             'message.proof FROM message WHERE message.ticket_id = ? AND message.n > ? ORDER BY '
                             'message.n\n'
                             ' LIMIT ? OFFSET 0',
                     'parameters': ('of_ticket', 'number', 'most'),
                     'columns': ('id',
                                 'ticket_id',
                                 'n',
                                 'direction',
                                 'class',
                                 'visibility',
                                 'channel',
                                 'author',
                                 'author_name',
                                 'at:time',
                                 'subject',
                                 'text',
                                 'full_text',
                                 'message_id',
                                 'in_reply_to',
                                 'permalink',
                                 'thread',
                                 'blob_sha256',
                                 'proof')},
 'messages._BEFORE': {'text': 'SELECT message.id, message.ticket_id, message.n, message.direction, message.class, '
                              'message.visibility, message.channel, message.author, message.author_name, message.at, '
                              'message.subject, message.text, message.full_text, message.message_id, '
                              'message.in_reply_to, message.permalink, message.thread, message.blob_sha256, '
                              'message.proof FROM message WHERE message.ticket_id = ? AND message.n < ? ORDER BY '
                              'message.n DESC\n'
                              ' LIMIT ? OFFSET 0',
                      'parameters': ('of_ticket', 'number', 'most'),
                      'columns': ('id',
                                  'ticket_id',
                                  'n',
                                  'direction',
                                  'class',
                                  'visibility',
                                  'channel',
                                  'author',
                                  'author_name',
                                  'at:time',
                                  'subject',
                                  'text',
                                  'full_text',
                                  'message_id',
                                  'in_reply_to',
                                  'permalink',
                                  'thread',
                                  'blob_sha256',
                                  'proof')},
 'messages._COMMENTS': {'text': 'SELECT comment.id, comment.ticket_id, comment.n, comment.author, comment.at, '
                                'comment.text, comment.blob_sha256 FROM comment WHERE comment.ticket_id = ? ORDER BY '
                                'comment.n DESC\n'
                                ' LIMIT coalesce(?, -1) OFFSET 0',
                        'parameters': ('of_ticket', 'last'),
                        'columns': ('id', 'ticket_id', 'n', 'author', 'at:time', 'text', 'blob_sha256')},
 'messages._COUNT': {'text': 'SELECT count(*) AS count_1 FROM message WHERE message.ticket_id IN (SELECT value FROM '
                             'json_each(?))',
                     'parameters': ('ids:list',),
                     'columns': ('count_1',)},
 'messages._COUNT_COMMENT': {'text': 'UPDATE ticket SET updated_at=?, comments_count=(ticket.comments_count + 1), '
                                     'version=(ticket.version + 1) WHERE ticket.id = ? RETURNING comments_count + '
                                     'comments_gone AS anon_1',
                             'parameters': ('new_time:time', 'of_ticket'),
                             'columns': ('anon_1',)},
 'messages._COUNT_CUSTOMER_MESSAGE': {'text': 'UPDATE ticket SET kind=CASE WHEN (ticket.kind = ?) THEN ticket.kind '
                                              "ELSE 'mixed' END, updated_at=?, last_customer_at=?, "
                                              'messages_count=(ticket.messages_count + 1), version=(ticket.version + '
                                              'CASE WHEN (ticket.messages_count + ticket.messages_gone > 0) THEN 1 '
                                              'ELSE 0 END) WHERE ticket.id = ? RETURNING messages_count + '
                                              'messages_gone AS anon_1',
                                      'parameters': ('new_visibility',
                                                     'new_time:time',
                                                     'customer_time:time',
                                                     'of_ticket'),
                                      'columns': ('anon_1',)},
 'messages._COUNT_MESSAGE': {'text': "UPDATE ticket SET kind=CASE WHEN (ticket.kind = ?) THEN ticket.kind ELSE 'mixed' "
                                     'END, updated_at=?, messages_count=(ticket.messages_count + 1), '
                                     'version=(ticket.version + CASE WHEN (ticket.messages_count + '
                                     'ticket.messages_gone > 0) THEN 1 ELSE 0 END) WHERE ticket.id = ? RETURNING '
                                     'messages_count + messages_gone AS anon_1',
                             'parameters': ('new_visibility', 'new_time:time', 'of_ticket'),
                             'columns': ('anon_1',)},
 'messages._DELIVERIES': {'text': 'SELECT outbox.ticket_id, outbox.message_n, delivery.state FROM outbox JOIN delivery '
                                  'ON delivery.outbox_id = outbox.id WHERE outbox.ticket_id IN (SELECT value FROM '
                                  "json_each(?)) AND outbox.message_n IS NOT NULL AND outbox.kind != 'notification'",
                          'parameters': ('ids:list',),
                          'columns': ('ticket_id', 'message_n', 'state')},
 'messages._FIRST': {'text': 'SELECT message.id, message.ticket_id, message.n, message.direction, message.class, '
                             'message.visibility, message.channel, message.author, message.author_name, message.at, '
                             'message.subject, message.text, message.full_text, message.message_id, '
                             'message.in_reply_to, message.permalink, message.thread, message.blob_sha256, '
                             'message.proof FROM message WHERE message.ticket_id = ? ORDER BY message.n\n'
                             ' LIMIT 1 OFFSET 0',
                     'parameters': ('of_ticket',),
                     'columns': ('id',
                                 'ticket_id',
                                 'n',
                                 'direction',
                                 'class',
                                 'visibility',
                                 'channel',
                                 'author',
                                 'author_name',
                                 'at:time',
                                 'subject',
                                 'text',
                                 'full_text',
                                 'message_id',
                                 'in_reply_to',
                                 'permalink',
                                 'thread',
                                 'blob_sha256',
                                 'proof')},
 'messages._GET': {'text': 'SELECT message.id, message.ticket_id, message.n, message.direction, message.class, '
                           'message.visibility, message.channel, message.author, message.author_name, message.at, '
                           'message.subject, message.text, message.full_text, message.message_id, message.in_reply_to, '
                           'message.permalink, message.thread, message.blob_sha256, message.proof FROM message WHERE '
                           'message.ticket_id = ? AND message.n = ?',
                   'parameters': ('of_ticket', 'number'),
                   'columns': ('id',
                               'ticket_id',
                               'n',
                               'direction',
                               'class',
                               'visibility',
                               'channel',
                               'author',
                               'author_name',
                               'at:time',
                               'subject',
                               'text',
                               'full_text',
                               'message_id',
                               'in_reply_to',
                               'permalink',
                               'thread',
                               'blob_sha256',
                               'proof')},
 'messages._OF': {'text': 'SELECT message.id, message.ticket_id, message.n, message.direction, message.class, '
                          'message.visibility, message.channel, message.author, message.author_name, message.at, '
                          'message.subject, message.text, message.full_text, message.message_id, message.in_reply_to, '
                          'message.permalink, message.thread, message.blob_sha256, message.proof FROM message WHERE '
                          'message.ticket_id = ? ORDER BY message.n DESC\n'
                          ' LIMIT coalesce(?, -1) OFFSET 0',
                  'parameters': ('of_ticket', 'last'),
                  'columns': ('id',
                              'ticket_id',
                              'n',
                              'direction',
                              'class',
                              'visibility',
                              'channel',
                              'author',
                              'author_name',
                              'at:time',
                              'subject',
                              'text',
                              'full_text',
                              'message_id',
                              'in_reply_to',
                              'permalink',
                              'thread',
                              'blob_sha256',
                              'proof')},
 'messages._SENT_TEXTS': {'text': 'SELECT coalesce(message.full_text, message.text) AS whole FROM message WHERE '
                                  "message.ticket_id = ? AND message.direction = 'out' ORDER BY message.n DESC\n"
                                  ' LIMIT ? OFFSET 0',
                          'parameters': ('of_ticket', 'most'),
                          'columns': ('whole',)},
 'messages._TEXTS': {'text': 'SELECT coalesce(message.full_text, message.text) AS whole FROM message WHERE '
                             'message.ticket_id = ? ORDER BY message.n DESC\n'
                             ' LIMIT ? OFFSET 0',
                     'parameters': ('of_ticket', 'most'),
                     'columns': ('whole',)},
 'messages._VISIBILITIES': {'text': 'SELECT DISTINCT message.visibility FROM message WHERE message.ticket_id IN '
                                    '(SELECT value FROM json_each(?))',
                            'parameters': ('ids:list',),
                            'columns': ('visibility',)},
 'next_ticket._CLAIM': {'text': 'SELECT ticket.id FROM ticket WHERE [[condition]] ORDER BY [[order]]\n'
                                ' LIMIT 1 OFFSET 0',
                        'parameters': ('[[condition]]', '[[order]]'),
                        'columns': ('id',)},
 'next_ticket._FIRST': {'text': 'SELECT ticket.id FROM ticket WHERE [[condition]] ORDER BY [[order]]\n'
                                ' LIMIT 1 OFFSET 0',
                        'parameters': ('[[condition]]', '[[order]]'),
                        'columns': ('id',)},
 'pending._ADD_LINE': {'text': 'INSERT INTO event (ticket_id, n, at, actor, os_user, type, field, old, new, comment, '
                               'undo_group, way_back) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
                       'parameters': ('ticket_id',
                                      'n',
                                      'at:time',
                                      'actor',
                                      'os_user',
                                      'type',
                                      'field',
                                      'old:json',
                                      'new:json',
                                      'comment',
                                      'undo_group',
                                      'way_back:json'),
                       'defaults': {'os_user': '',
                                    'field': None,
                                    'old': None,
                                    'new': None,
                                    'comment': None,
                                    'way_back': None}},
 'pending._CHANGE': {'text': 'UPDATE ticket SET [[set]], events_count=(ticket.events_count + ?), '
                             'version=(ticket.version + ?) WHERE ticket.id = ? RETURNING events_count',
                     'parameters': ('[[set]]', 'lines', 'more_versions', 'of_ticket'),
                     'columns': ('events_count',),
                     'settable': ('id',
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
                                  'sla_state')},
 'pending._COUNT_LINES': {'text': 'UPDATE ticket SET events_count=(ticket.events_count + ?) WHERE ticket.id = ? '
                                  'RETURNING events_count',
                          'parameters': ('lines', 'of_ticket'),
                          'columns': ('events_count',)},
 'pending._REMEMBER': {'text': 'INSERT INTO mail_id (hash, ticket_id, message_n, direction, at) VALUES (?, ?, ?, ?, ?) '
                               'ON CONFLICT (hash, ticket_id) DO UPDATE SET message_n = excluded.message_n, direction '
                               "= excluded.direction, at = excluded.at WHERE mail_id.direction = 'awaited'",
                       'parameters': ('hash', 'ticket_id', 'message_n', 'direction', 'at:time'),
                       'defaults': {'message_n': None}},
 'saved_queries._DELETE': {'text': 'DELETE FROM saved_query WHERE saved_query.owner = ? AND saved_query.name = ?',
                           'parameters': ('of_owner', 'of_name')},
 'saved_queries._INSERT': {'text': 'INSERT INTO saved_query (owner, name, text, is_default, at) VALUES (?, ?, ?, ?, ?)',
                           'parameters': ('owner', 'name', 'text', 'is_default', 'at:time'),
                           'defaults': {'is_default': 0}},
 'saved_queries._OF': {'text': 'SELECT saved_query.text FROM saved_query WHERE saved_query.owner = ? AND '
                               'saved_query.name = ?',
                       'parameters': ('of_owner', 'of_name'),
                       'columns': ('text',)},
 'saved_queries._USABLE': {'text': 'SELECT saved_query.owner, saved_query.name, saved_query.text, '
                                   'saved_query.is_default, saved_query.at FROM saved_query WHERE saved_query.owner IN '
                                   '(SELECT value FROM json_each(?)) ORDER BY saved_query.name, saved_query.owner',
                           'parameters': ('owners:list',),
                           'columns': ('owner', 'name', 'text', 'is_default', 'at:time')},
 'search._ENTRIES': {'text': 'INSERT OR REPLACE INTO search_entry (ticket_id, part, n) SELECT json_extract(value, '
                             "'$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?) "
                             'RETURNING id, ticket_id, part, n',
                     'parameters': ('entries',),
                     'columns': ('id', 'ticket_id', 'part', 'n')},
 'search._ENTRY_TEXT': {'text': 'INSERT INTO search_text (rowid, text) VALUES (?, ?)', 'parameters': ('id', 'words')},
 'search._FORGET': {'text': 'DELETE FROM search_entry WHERE search_entry.ticket_id = ? AND search_entry.part = ? AND '
                            'search_entry.n = ? RETURNING id',
                    'parameters': ('ticket', 'part', 'n'),
                    'columns': ('id',)},
 'search._FORGET_TEXT': {'text': "INSERT INTO search_text (search_text, rowid, text) VALUES ('delete', ?, ?)",
                         'parameters': ('id', 'words')},
 'search._FOUND': {'text': 'ticket.id IN (WITH RECURSIVE reached (id) AS (SELECT search_entry.ticket_id FROM '
                           'search_text CROSS JOIN search_entry ON search_entry.id = search_text.rowid WHERE '
                           'search_text MATCH CASE ? WHEN \'|\' THEN \'"\' || replace(?, \' \', \'" OR "\') || \'"\' '
                           'ELSE \'"\' || ? || \'"\' || ? END UNION SELECT gone.merged_into FROM reached CROSS JOIN '
                           'ticket AS gone WHERE gone.id = reached.id AND gone.merged_into IS NOT NULL) SELECT id FROM '
                           'reached)',
                   'parameters': ('how', 'words', 'words', 'how')},
 'search._FOUND_IN': {'text': 'ticket.id IN (WITH RECURSIVE reached (id) AS (SELECT search_entry.ticket_id FROM '
                              'search_text CROSS JOIN search_entry ON search_entry.id = search_text.rowid WHERE '
                              'search_text MATCH CASE ? WHEN \'|\' THEN \'"\' || replace(?, \' \', \'" OR "\') || '
                              '\'"\' ELSE \'"\' || ? || \'"\' || ? END AND search_entry.part = ? UNION SELECT '
                              'gone.merged_into FROM reached CROSS JOIN ticket AS gone WHERE gone.id = reached.id AND '
                              'gone.merged_into IS NOT NULL) SELECT id FROM reached)',
                      'parameters': ('how', 'words', 'words', 'how', 'part')},
 'search._INDEX': {'text': 'INSERT INTO search_entry (ticket_id, part, n, text_vector) VALUES (?, ?, ?, '
                           "to_tsvector('simple', ?)) ON CONFLICT (ticket_id, part, n) DO UPDATE SET text_vector = "
                           'excluded.text_vector',
                   'parameters': ('ticket', 'part', 'n', 'words')},
 'search._WITHIN': {'text': 'EXISTS (SELECT 1 FROM search_entry CROSS JOIN search_text ON search_text.rowid = '
                            'search_entry.id WHERE search_entry.ticket_id IN (WITH RECURSIVE held (id) AS (SELECT '
                            'ticket.id UNION SELECT part.id FROM held JOIN ticket AS part ON part.merged_into = '
                            'held.id) SELECT id FROM held) AND search_text MATCH CASE ? WHEN \'|\' THEN \'"\' || '
                            'replace(?, \' \', \'" OR "\') || \'"\' ELSE \'"\' || ? || \'"\' || ? END)',
                    'parameters': ('how', 'words', 'words', 'how')},
 'search._WITHIN_IN': {'text': 'EXISTS (SELECT 1 FROM search_entry CROSS JOIN search_text ON search_text.rowid = '
                               'search_entry.id WHERE search_entry.ticket_id IN (WITH RECURSIVE held (id) AS (SELECT '
                               'ticket.id UNION SELECT part.id FROM held JOIN ticket AS part ON part.merged_into = '
                               'held.id) SELECT id FROM held) AND search_entry.part = ? AND search_text MATCH CASE ? '
                               'WHEN \'|\' THEN \'"\' || replace(?, \' \', \'" OR "\') || \'"\' ELSE \'"\' || ? || '
                               '\'"\' || ? END)',
                       'parameters': ('part', 'how', 'words', 'words', 'how')},
 'sorting.channel': {'text': 'ticket.channel'},
 'sorting.channel <': {'text': 'ticket.channel < ?', 'parameters': ('value',)},
 'sorting.channel <=': {'text': 'ticket.channel <= ?', 'parameters': ('value',)},
 'sorting.channel >': {'text': 'ticket.channel > ?', 'parameters': ('value',)},
 'sorting.channel >=': {'text': 'ticket.channel >= ?', 'parameters': ('value',)},
 'sorting.closed': {'text': "coalesce(ticket.closed_at, '9999-12-31T00:00:00Z')"},
 'sorting.closed <': {'text': "coalesce(ticket.closed_at, '9999-12-31T00:00:00Z') < ?", 'parameters': ('value:time',)},
 'sorting.closed <=': {'text': "coalesce(ticket.closed_at, '9999-12-31T00:00:00Z') <= ?",
                       'parameters': ('value:time',)},
 'sorting.closed >': {'text': "coalesce(ticket.closed_at, '9999-12-31T00:00:00Z') > ?", 'parameters': ('value:time',)},
 'sorting.closed >=': {'text': "coalesce(ticket.closed_at, '9999-12-31T00:00:00Z') >= ?",
                       'parameters': ('value:time',)},
 'sorting.created': {'text': 'ticket.created_at'},
 'sorting.created <': {'text': 'ticket.created_at < ?', 'parameters': ('value:time',)},
 'sorting.created <=': {'text': 'ticket.created_at <= ?', 'parameters': ('value:time',)},
 'sorting.created >': {'text': 'ticket.created_at > ?', 'parameters': ('value:time',)},
 'sorting.created >=': {'text': 'ticket.created_at >= ?', 'parameters': ('value:time',)},
 'sorting.customer': {'text': 'customer.name'},
 'sorting.customer <': {'text': 'customer.name < ?', 'parameters': ('value',)},
 'sorting.customer <=': {'text': 'customer.name <= ?', 'parameters': ('value',)},
 'sorting.customer >': {'text': 'customer.name > ?', 'parameters': ('value',)},
 'sorting.customer >=': {'text': 'customer.name >= ?', 'parameters': ('value',)},
 'sorting.due': {'text': "coalesce(ticket.due_at, '9999-12-31T00:00:00Z')"},
 'sorting.due <': {'text': "coalesce(ticket.due_at, '9999-12-31T00:00:00Z') < ?", 'parameters': ('value:time',)},
 'sorting.due <=': {'text': "coalesce(ticket.due_at, '9999-12-31T00:00:00Z') <= ?", 'parameters': ('value:time',)},
 'sorting.due >': {'text': "coalesce(ticket.due_at, '9999-12-31T00:00:00Z') > ?", 'parameters': ('value:time',)},
 'sorting.due >=': {'text': "coalesce(ticket.due_at, '9999-12-31T00:00:00Z') >= ?", 'parameters': ('value:time',)},
 'sorting.id': {'text': 'ticket.id'},
 'sorting.id <': {'text': 'ticket.id < ?', 'parameters': ('value',)},
 'sorting.id <=': {'text': 'ticket.id <= ?', 'parameters': ('value',)},
 'sorting.id >': {'text': 'ticket.id > ?', 'parameters': ('value',)},
 'sorting.id >=': {'text': 'ticket.id >= ?', 'parameters': ('value',)},
 'sorting.important': {'text': 'ticket.important'},
 'sorting.important <': {'text': 'ticket.important < ?', 'parameters': ('value',)},
 'sorting.important <=': {'text': 'ticket.important <= ?', 'parameters': ('value',)},
 'sorting.important >': {'text': 'ticket.important > ?', 'parameters': ('value',)},
 'sorting.important >=': {'text': 'ticket.important >= ?', 'parameters': ('value',)},
 'sorting.mailbox': {'text': 'ticket.mailbox'},
 'sorting.mailbox <': {'text': 'ticket.mailbox < ?', 'parameters': ('value',)},
 'sorting.mailbox <=': {'text': 'ticket.mailbox <= ?', 'parameters': ('value',)},
 'sorting.mailbox >': {'text': 'ticket.mailbox > ?', 'parameters': ('value',)},
 'sorting.mailbox >=': {'text': 'ticket.mailbox >= ?', 'parameters': ('value',)},
 'sorting.owner': {'text': "coalesce(ticket.owner, '')"},
 'sorting.owner <': {'text': "coalesce(ticket.owner, '') < ?", 'parameters': ('value',)},
 'sorting.owner <=': {'text': "coalesce(ticket.owner, '') <= ?", 'parameters': ('value',)},
 'sorting.owner >': {'text': "coalesce(ticket.owner, '') > ?", 'parameters': ('value',)},
 'sorting.owner >=': {'text': "coalesce(ticket.owner, '') >= ?", 'parameters': ('value',)},
 'sorting.priority': {'text': 'ticket.priority'},
 'sorting.priority <': {'text': 'ticket.priority < ?', 'parameters': ('value',)},
 'sorting.priority <=': {'text': 'ticket.priority <= ?', 'parameters': ('value',)},
 'sorting.priority >': {'text': 'ticket.priority > ?', 'parameters': ('value',)},
 'sorting.priority >=': {'text': 'ticket.priority >= ?', 'parameters': ('value',)},
 'sorting.resolved': {'text': "coalesce(ticket.resolved_at, '9999-12-31T00:00:00Z')"},
 'sorting.resolved <': {'text': "coalesce(ticket.resolved_at, '9999-12-31T00:00:00Z') < ?",
                        'parameters': ('value:time',)},
 'sorting.resolved <=': {'text': "coalesce(ticket.resolved_at, '9999-12-31T00:00:00Z') <= ?",
                         'parameters': ('value:time',)},
 'sorting.resolved >': {'text': "coalesce(ticket.resolved_at, '9999-12-31T00:00:00Z') > ?",
                        'parameters': ('value:time',)},
 'sorting.resolved >=': {'text': "coalesce(ticket.resolved_at, '9999-12-31T00:00:00Z') >= ?",
                         'parameters': ('value:time',)},
 'sorting.segment': {'text': 'ticket.segment'},
 'sorting.segment <': {'text': 'ticket.segment < ?', 'parameters': ('value',)},
 'sorting.segment <=': {'text': 'ticket.segment <= ?', 'parameters': ('value',)},
 'sorting.segment >': {'text': 'ticket.segment > ?', 'parameters': ('value',)},
 'sorting.segment >=': {'text': 'ticket.segment >= ?', 'parameters': ('value',)},
 'sorting.status': {'text': 'ticket.status'},
 'sorting.status <': {'text': 'ticket.status < ?', 'parameters': ('value',)},
 'sorting.status <=': {'text': 'ticket.status <= ?', 'parameters': ('value',)},
 'sorting.status >': {'text': 'ticket.status > ?', 'parameters': ('value',)},
 'sorting.status >=': {'text': 'ticket.status >= ?', 'parameters': ('value',)},
 'sorting.subject': {'text': 'ticket.subject'},
 'sorting.subject <': {'text': 'ticket.subject < ?', 'parameters': ('value',)},
 'sorting.subject <=': {'text': 'ticket.subject <= ?', 'parameters': ('value',)},
 'sorting.subject >': {'text': 'ticket.subject > ?', 'parameters': ('value',)},
 'sorting.subject >=': {'text': 'ticket.subject >= ?', 'parameters': ('value',)},
 'sorting.type': {'text': "coalesce(ticket.type, '')"},
 'sorting.type <': {'text': "coalesce(ticket.type, '') < ?", 'parameters': ('value',)},
 'sorting.type <=': {'text': "coalesce(ticket.type, '') <= ?", 'parameters': ('value',)},
 'sorting.type >': {'text': "coalesce(ticket.type, '') > ?", 'parameters': ('value',)},
 'sorting.type >=': {'text': "coalesce(ticket.type, '') >= ?", 'parameters': ('value',)},
 'sorting.updated': {'text': 'ticket.updated_at'},
 'sorting.updated <': {'text': 'ticket.updated_at < ?', 'parameters': ('value:time',)},
 'sorting.updated <=': {'text': 'ticket.updated_at <= ?', 'parameters': ('value:time',)},
 'sorting.updated >': {'text': 'ticket.updated_at > ?', 'parameters': ('value:time',)},
 'sorting.updated >=': {'text': 'ticket.updated_at >= ?', 'parameters': ('value:time',)},
 'sorting.waiting': {'text': "coalesce(CASE WHEN (ticket.awaiting = 'agent' AND ticket.first_reply_at IS NULL) THEN "
                             "ticket.created_at WHEN (ticket.awaiting = 'agent') THEN coalesce((SELECT min(asked.at) "
                             'AS min_1 FROM message AS asked WHERE asked.ticket_id = ticket.id AND asked.direction = '
                             "'in' AND asked.class = 'human' AND asked.n > coalesce((SELECT message.n FROM message "
                             "WHERE message.ticket_id = ticket.id AND message.direction = 'out' AND message.class = "
                             "'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE outbox.ticket_id = message.ticket_id "
                             "AND outbox.message_n = message.n AND outbox.kind IN ('reply', 'resolution') AND "
                             "outbox.state = 'cancelled')) ORDER BY message.n DESC\n"
                             " LIMIT 1 OFFSET 0), 0)), ticket.created_at) END, '9999-12-31T00:00:00Z')"},
 'sorting.waiting <': {'text': "coalesce(CASE WHEN (ticket.awaiting = 'agent' AND ticket.first_reply_at IS NULL) THEN "
                               "ticket.created_at WHEN (ticket.awaiting = 'agent') THEN coalesce((SELECT min(asked.at) "
                               'AS min_1 FROM message AS asked WHERE asked.ticket_id = ticket.id AND asked.direction = '
                               "'in' AND asked.class = 'human' AND asked.n > coalesce((SELECT message.n FROM message "
                               "WHERE message.ticket_id = ticket.id AND message.direction = 'out' AND message.class = "
                               "'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE outbox.ticket_id = "
                               "message.ticket_id AND outbox.message_n = message.n AND outbox.kind IN ('reply', "
                               "'resolution') AND outbox.state = 'cancelled')) ORDER BY message.n DESC\n"
                               " LIMIT 1 OFFSET 0), 0)), ticket.created_at) END, '9999-12-31T00:00:00Z') < ?",
                       'parameters': ('value:time',)},
 'sorting.waiting <=': {'text': "coalesce(CASE WHEN (ticket.awaiting = 'agent' AND ticket.first_reply_at IS NULL) THEN "
                                "ticket.created_at WHEN (ticket.awaiting = 'agent') THEN coalesce((SELECT "
                                'min(asked.at) AS min_1 FROM message AS asked WHERE asked.ticket_id = ticket.id AND '
                                "asked.direction = 'in' AND asked.class = 'human' AND asked.n > coalesce((SELECT "
                                'message.n FROM message WHERE message.ticket_id = ticket.id AND message.direction = '
                                "'out' AND message.class = 'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE "
                                'outbox.ticket_id = message.ticket_id AND outbox.message_n = message.n AND outbox.kind '
                                "IN ('reply', 'resolution') AND outbox.state = 'cancelled')) ORDER BY message.n DESC\n"
                                " LIMIT 1 OFFSET 0), 0)), ticket.created_at) END, '9999-12-31T00:00:00Z') <= ?",
                        'parameters': ('value:time',)},
 'sorting.waiting >': {'text': "coalesce(CASE WHEN (ticket.awaiting = 'agent' AND ticket.first_reply_at IS NULL) THEN "
                               "ticket.created_at WHEN (ticket.awaiting = 'agent') THEN coalesce((SELECT min(asked.at) "
                               'AS min_1 FROM message AS asked WHERE asked.ticket_id = ticket.id AND asked.direction = '
                               "'in' AND asked.class = 'human' AND asked.n > coalesce((SELECT message.n FROM message "
                               "WHERE message.ticket_id = ticket.id AND message.direction = 'out' AND message.class = "
                               "'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE outbox.ticket_id = "
                               "message.ticket_id AND outbox.message_n = message.n AND outbox.kind IN ('reply', "
                               "'resolution') AND outbox.state = 'cancelled')) ORDER BY message.n DESC\n"
                               " LIMIT 1 OFFSET 0), 0)), ticket.created_at) END, '9999-12-31T00:00:00Z') > ?",
                       'parameters': ('value:time',)},
 'sorting.waiting >=': {'text': "coalesce(CASE WHEN (ticket.awaiting = 'agent' AND ticket.first_reply_at IS NULL) THEN "
                                "ticket.created_at WHEN (ticket.awaiting = 'agent') THEN coalesce((SELECT "
                                'min(asked.at) AS min_1 FROM message AS asked WHERE asked.ticket_id = ticket.id AND '
                                "asked.direction = 'in' AND asked.class = 'human' AND asked.n > coalesce((SELECT "
                                'message.n FROM message WHERE message.ticket_id = ticket.id AND message.direction = '
                                "'out' AND message.class = 'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE "
                                'outbox.ticket_id = message.ticket_id AND outbox.message_n = message.n AND outbox.kind '
                                "IN ('reply', 'resolution') AND outbox.state = 'cancelled')) ORDER BY message.n DESC\n"
                                " LIMIT 1 OFFSET 0), 0)), ticket.created_at) END, '9999-12-31T00:00:00Z') >= ?",
                        'parameters': ('value:time',)},
 'ticket_lists._COUNT': {'text': 'SELECT count(*) AS count_1 FROM ticket WHERE [[condition]]',
                         'parameters': ('[[condition]]',),
                         'columns': ('count_1',)},
 'ticket_lists._COUNT_AMONG': {'text': 'SELECT count(*) AS count_1 FROM ticket WHERE ticket.id IN (SELECT value FROM '
                                       'json_each(?)) AND [[condition]]',
                               'parameters': ('among:list', '[[condition]]'),
                               'columns': ('count_1',)},
 'ticket_lists._COUNT_UP_TO': {'text': 'SELECT count(*) AS count_1 FROM (SELECT ticket.id AS id FROM ticket WHERE '
                                       '[[condition]]\n'
                                       ' LIMIT coalesce(?, -1) OFFSET 0) AS some',
                               'parameters': ('[[condition]]', 'limit'),
                               'columns': ('count_1',)},
 'ticket_lists._NUMBERS': {'text': 'SELECT ticket.id FROM ticket WHERE [[condition]] ORDER BY [[order]]\n'
                                   ' LIMIT coalesce(?, -1) OFFSET 0',
                           'parameters': ('[[condition]]', '[[order]]', 'limit'),
                           'columns': ('id',)},
 'ticket_lists._NUMBERS_BY_CUSTOMER': {'text': 'SELECT ticket.id FROM ticket JOIN customer ON customer.id = '
                                               'ticket.customer_id WHERE [[condition]] ORDER BY [[order]]\n'
                                               ' LIMIT coalesce(?, -1) OFFSET 0',
                                       'parameters': ('[[condition]]', '[[order]]', 'limit'),
                                       'columns': ('id',)},
 'ticket_lists._OVERVIEW': {'text': 'SELECT ticket.status, count(*) AS number FROM ticket WHERE [[condition]] AND '
                                    "ticket.status IN ('new', 'open', 'waiting', 'escalated', 'resolved', 'closed', "
                                    "'spam', 'merged') GROUP BY ticket.status",
                            'parameters': ('[[condition]]',),
                            'columns': ('status', 'number')},
 'ticket_lists._OVERVIEW_OF_FOUND': {'text': 'SELECT ticket.status, count(*) AS number FROM ticket WHERE [[condition]] '
                                             "GROUP BY coalesce(ticket.status, ''), ticket.status",
                                     'parameters': ('[[condition]]',),
                                     'columns': ('status', 'number')},
 'ticket_lists._PAGE': {'text': 'SELECT ticket.id FROM ticket WHERE [[condition]] ORDER BY [[order]]\n'
                                ' LIMIT 100 OFFSET 0',
                        'parameters': ('[[condition]]', '[[order]]'),
                        'columns': ('id',)},
 'ticket_lists._PAGE_BY_CUSTOMER': {'text': 'SELECT ticket.id FROM ticket JOIN customer ON customer.id = '
                                            'ticket.customer_id WHERE [[condition]] ORDER BY [[order]]\n'
                                            ' LIMIT 100 OFFSET 0',
                                    'parameters': ('[[condition]]', '[[order]]'),
                                    'columns': ('id',)},
 'tickets._GET': {'text': 'SELECT ticket.id, ticket.subject, ticket.status, ticket.priority, ticket.important, '
                          'ticket.kind, ticket.channel, ticket.mailbox, ticket.segment, ticket.source_segment, '
                          'ticket.owner, ticket.type, ticket.customer_id, ticket.created_at, ticket.updated_at, '
                          'ticket.resolved_at, ticket.closed_at, ticket.wait_until, ticket.last_customer_at, '
                          'ticket.first_reply_at, ticket.closed_loop_at, ticket.messages_count, ticket.messages_gone, '
                          'ticket.comments_count, ticket.comments_gone, ticket.events_count, ticket.awaiting, '
                          'ticket.escalation_level, ticket.merged_into, ticket.language, ticket.fields, '
                          'ticket.version, ticket.response_id, ticket.policy, ticket.policy_version, ticket.due_by, '
                          'ticket.due_at, ticket.due_clock, ticket.warn_at, ticket.sla_state, customer.name AS '
                          "customer_name, customer.email AS customer_email, (SELECT group_concat(ticket_tag.tag, '\n"
                          "') AS aggregate_strings_1 FROM ticket_tag WHERE ticket_tag.ticket_id = ticket.id) AS tags, "
                          '(SELECT rating.comment FROM rating WHERE rating.id = ticket.response_id) AS '
                          "customer_comment, CASE WHEN (ticket.awaiting = 'agent' AND ticket.first_reply_at IS NULL) "
                          "THEN ticket.created_at WHEN (ticket.awaiting = 'agent') THEN coalesce((SELECT min(asked.at) "
                          "AS min_1 FROM message AS asked WHERE asked.ticket_id = ticket.id AND asked.direction = 'in' "
                          "AND asked.class = 'human' AND asked.n > coalesce((SELECT message.n FROM message WHERE "
                          "message.ticket_id = ticket.id AND message.direction = 'out' AND message.class = 'human' AND "
                          'NOT (EXISTS (SELECT * FROM outbox WHERE outbox.ticket_id = message.ticket_id AND '
                          "outbox.message_n = message.n AND outbox.kind IN ('reply', 'resolution') AND outbox.state = "
                          "'cancelled')) ORDER BY message.n DESC\n"
                          ' LIMIT 1 OFFSET 0), 0)), ticket.created_at) END AS awaiting_since, CASE WHEN (EXISTS '
                          '(SELECT * FROM ticket AS source WHERE source.merged_into = ticket.id)) THEN (WITH RECURSIVE '
                          'inside(id, held) AS (SELECT source.id AS id, source.messages_count AS held FROM ticket AS '
                          'source WHERE source.merged_into = ticket.id UNION SELECT deeper.id AS id, '
                          'deeper.messages_count AS messages_count FROM ticket AS deeper, inside WHERE '
                          'deeper.merged_into = inside.id)\n'
                          ' SELECT sum(inside.held) AS sum_1 FROM inside) ELSE 0 END AS merged_messages_count, CASE '
                          'WHEN (EXISTS (SELECT * FROM ticket AS source WHERE source.merged_into = ticket.id)) THEN '
                          '(WITH RECURSIVE inside(id, held) AS (SELECT source.id AS id, source.comments_count AS held '
                          'FROM ticket AS source WHERE source.merged_into = ticket.id UNION SELECT deeper.id AS id, '
                          'deeper.comments_count AS comments_count FROM ticket AS deeper, inside WHERE '
                          'deeper.merged_into = inside.id)\n'
                          ' SELECT sum(inside.held) AS sum_2 FROM inside) ELSE 0 END AS merged_comments_count FROM '
                          'ticket JOIN customer ON customer.id = ticket.customer_id WHERE ticket.id = ?',
                  'parameters': ('of_ticket',),
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
 'tickets._GET_LOCKED': {'text': 'SELECT ticket.id, ticket.subject, ticket.status, ticket.priority, ticket.important, '
                                 'ticket.kind, ticket.channel, ticket.mailbox, ticket.segment, ticket.source_segment, '
                                 'ticket.owner, ticket.type, ticket.customer_id, ticket.created_at, ticket.updated_at, '
                                 'ticket.resolved_at, ticket.closed_at, ticket.wait_until, ticket.last_customer_at, '
                                 'ticket.first_reply_at, ticket.closed_loop_at, ticket.messages_count, '
                                 'ticket.messages_gone, ticket.comments_count, ticket.comments_gone, '
                                 'ticket.events_count, ticket.awaiting, ticket.escalation_level, ticket.merged_into, '
                                 'ticket.language, ticket.fields, ticket.version, ticket.response_id, ticket.policy, '
                                 'ticket.policy_version, ticket.due_by, ticket.due_at, ticket.due_clock, '
                                 'ticket.warn_at, ticket.sla_state, customer.name AS customer_name, customer.email AS '
                                 "customer_email, (SELECT group_concat(ticket_tag.tag, '\n"
                                 "') AS aggregate_strings_1 FROM ticket_tag WHERE ticket_tag.ticket_id = ticket.id) AS "
                                 'tags, (SELECT rating.comment FROM rating WHERE rating.id = ticket.response_id) AS '
                                 "customer_comment, CASE WHEN (ticket.awaiting = 'agent' AND ticket.first_reply_at IS "
                                 "NULL) THEN ticket.created_at WHEN (ticket.awaiting = 'agent') THEN coalesce((SELECT "
                                 'min(asked.at) AS min_1 FROM message AS asked WHERE asked.ticket_id = ticket.id AND '
                                 "asked.direction = 'in' AND asked.class = 'human' AND asked.n > coalesce((SELECT "
                                 'message.n FROM message WHERE message.ticket_id = ticket.id AND message.direction = '
                                 "'out' AND message.class = 'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE "
                                 'outbox.ticket_id = message.ticket_id AND outbox.message_n = message.n AND '
                                 "outbox.kind IN ('reply', 'resolution') AND outbox.state = 'cancelled')) ORDER BY "
                                 'message.n DESC\n'
                                 ' LIMIT 1 OFFSET 0), 0)), ticket.created_at) END AS awaiting_since, CASE WHEN (EXISTS '
                                 '(SELECT * FROM ticket AS source WHERE source.merged_into = ticket.id)) THEN (WITH '
                                 'RECURSIVE inside(id, held) AS (SELECT source.id AS id, source.messages_count AS held '
                                 'FROM ticket AS source WHERE source.merged_into = ticket.id UNION SELECT deeper.id AS '
                                 'id, deeper.messages_count AS messages_count FROM ticket AS deeper, inside WHERE '
                                 'deeper.merged_into = inside.id)\n'
                                 ' SELECT sum(inside.held) AS sum_1 FROM inside) ELSE 0 END AS merged_messages_count, '
                                 'CASE WHEN (EXISTS (SELECT * FROM ticket AS source WHERE source.merged_into = '
                                 'ticket.id)) THEN (WITH RECURSIVE inside(id, held) AS (SELECT source.id AS id, '
                                 'source.comments_count AS held FROM ticket AS source WHERE source.merged_into = '
                                 'ticket.id UNION SELECT deeper.id AS id, deeper.comments_count AS comments_count FROM '
                                 'ticket AS deeper, inside WHERE deeper.merged_into = inside.id)\n'
                                 ' SELECT sum(inside.held) AS sum_2 FROM inside) ELSE 0 END AS merged_comments_count '
                                 'FROM ticket JOIN customer ON customer.id = ticket.customer_id WHERE ticket.id = ?',
                         'parameters': ('of_ticket',),
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
 'tickets._INSERT': {'text': 'INSERT INTO ticket (subject, status, priority, important, kind, channel, mailbox, '
                             'segment, source_segment, owner, type, customer_id, created_at, updated_at, resolved_at, '
                             'closed_at, wait_until, last_customer_at, first_reply_at, closed_loop_at, messages_count, '
                             'messages_gone, comments_count, comments_gone, events_count, awaiting, escalation_level, '
                             'merged_into, language, fields, version, response_id, policy, policy_version, due_by, '
                             'due_at, due_clock, warn_at, sla_state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '
                             '?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id, '
                             'subject, status, priority, important, kind, channel, mailbox, segment, source_segment, '
                             'owner, type, customer_id, created_at, updated_at, resolved_at, closed_at, wait_until, '
                             'last_customer_at, first_reply_at, closed_loop_at, messages_count, messages_gone, '
                             'comments_count, comments_gone, events_count, awaiting, escalation_level, merged_into, '
                             'language, fields, version, response_id, policy, policy_version, due_by, due_at, '
                             'due_clock, warn_at, sla_state',
                     'parameters': ('subject',
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
                                    'sla_state'),
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
                                 'sla_state'),
                     'defaults': {'important': 0,
                                  'kind': 'private',
                                  'mailbox': '',
                                  'segment': '',
                                  'source_segment': '',
                                  'owner': None,
                                  'type': None,
                                  'resolved_at': None,
                                  'closed_at': None,
                                  'wait_until': None,
                                  'last_customer_at': None,
                                  'first_reply_at': None,
                                  'closed_loop_at': None,
                                  'messages_count': 0,
                                  'messages_gone': 0,
                                  'comments_count': 0,
                                  'comments_gone': 0,
                                  'events_count': 0,
                                  'awaiting': 'agent',
                                  'escalation_level': 0,
                                  'merged_into': None,
                                  'language': None,
                                  'version': 1,
                                  'response_id': None,
                                  'policy': None,
                                  'policy_version': None,
                                  'due_by': None,
                                  'due_at': None,
                                  'due_clock': None,
                                  'warn_at': None,
                                  'sla_state': None}},
 'tickets._LOCK': {'text': 'SELECT ticket.id FROM ticket WHERE ticket.id IN (SELECT value FROM json_each(?)) ORDER BY '
                           'ticket.id',
                   'parameters': ('ids:list',),
                   'columns': ('id',)},
 'tickets._MERGED_IN': {'text': 'SELECT ticket.id FROM ticket WHERE ticket.merged_into IN (SELECT value FROM '
                                'json_each(?))',
                        'parameters': ('ids:list',),
                        'columns': ('id',)},
 'tickets._MERGED_INTO': {'text': 'SELECT ticket.merged_into FROM ticket WHERE ticket.id = ?',
                          'parameters': ('of_ticket',),
                          'columns': ('merged_into',)},
 'tickets._PARTICIPANTS': {'text': 'SELECT participant.address, participant.name, participant.role FROM participant '
                                   'WHERE participant.ticket_id = ? ORDER BY participant.address',
                           'parameters': ('of_ticket',),
                           'columns': ('address', 'name', 'role')},
 'tickets._REMOVE_PARTICIPANT': {'text': 'DELETE FROM participant WHERE participant.ticket_id = ? AND '
                                         'participant.address = ?',
                                 'parameters': ('of_ticket', 'of_address')},
 'tickets._REMOVE_TAGS': {'text': 'DELETE FROM ticket_tag WHERE ticket_tag.ticket_id = ? AND ticket_tag.tag IN (SELECT '
                                  'value FROM json_each(?))',
                          'parameters': ('of_ticket', 'tags:list')},
 'tickets._SOME': {'text': 'SELECT ticket.id, ticket.subject, ticket.status, ticket.priority, ticket.important, '
                           'ticket.kind, ticket.channel, ticket.mailbox, ticket.segment, ticket.source_segment, '
                           'ticket.owner, ticket.type, ticket.customer_id, ticket.created_at, ticket.updated_at, '
                           'ticket.resolved_at, ticket.closed_at, ticket.wait_until, ticket.last_customer_at, '
                           'ticket.first_reply_at, ticket.closed_loop_at, ticket.messages_count, ticket.messages_gone, '
                           'ticket.comments_count, ticket.comments_gone, ticket.events_count, ticket.awaiting, '
                           'ticket.escalation_level, ticket.merged_into, ticket.language, ticket.fields, '
                           'ticket.version, ticket.response_id, ticket.policy, ticket.policy_version, ticket.due_by, '
                           'ticket.due_at, ticket.due_clock, ticket.warn_at, ticket.sla_state, customer.name AS '
                           "customer_name, customer.email AS customer_email, (SELECT group_concat(ticket_tag.tag, '\n"
                           "') AS aggregate_strings_1 FROM ticket_tag WHERE ticket_tag.ticket_id = ticket.id) AS tags, "
                           '(SELECT rating.comment FROM rating WHERE rating.id = ticket.response_id) AS '
                           "customer_comment, CASE WHEN (ticket.awaiting = 'agent' AND ticket.first_reply_at IS NULL) "
                           "THEN ticket.created_at WHEN (ticket.awaiting = 'agent') THEN coalesce((SELECT "
                           'min(asked.at) AS min_1 FROM message AS asked WHERE asked.ticket_id = ticket.id AND '
                           "asked.direction = 'in' AND asked.class = 'human' AND asked.n > coalesce((SELECT message.n "
                           "FROM message WHERE message.ticket_id = ticket.id AND message.direction = 'out' AND "
                           "message.class = 'human' AND NOT (EXISTS (SELECT * FROM outbox WHERE outbox.ticket_id = "
                           "message.ticket_id AND outbox.message_n = message.n AND outbox.kind IN ('reply', "
                           "'resolution') AND outbox.state = 'cancelled')) ORDER BY message.n DESC\n"
                           ' LIMIT 1 OFFSET 0), 0)), ticket.created_at) END AS awaiting_since, CASE WHEN (EXISTS '
                           '(SELECT * FROM ticket AS source WHERE source.merged_into = ticket.id)) THEN (WITH '
                           'RECURSIVE inside(id, held) AS (SELECT source.id AS id, source.messages_count AS held FROM '
                           'ticket AS source WHERE source.merged_into = ticket.id UNION SELECT deeper.id AS id, '
                           'deeper.messages_count AS messages_count FROM ticket AS deeper, inside WHERE '
                           'deeper.merged_into = inside.id)\n'
                           ' SELECT sum(inside.held) AS sum_1 FROM inside) ELSE 0 END AS merged_messages_count, CASE '
                           'WHEN (EXISTS (SELECT * FROM ticket AS source WHERE source.merged_into = ticket.id)) THEN '
                           '(WITH RECURSIVE inside(id, held) AS (SELECT source.id AS id, source.comments_count AS held '
                           'FROM ticket AS source WHERE source.merged_into = ticket.id UNION SELECT deeper.id AS id, '
                           'deeper.comments_count AS comments_count FROM ticket AS deeper, inside WHERE '
                           'deeper.merged_into = inside.id)\n'
                           ' SELECT sum(inside.held) AS sum_2 FROM inside) ELSE 0 END AS merged_comments_count FROM '
                           'ticket JOIN customer ON customer.id = ticket.customer_id WHERE ticket.id IN (SELECT value '
                           'FROM json_each(?))',
                   'parameters': ('ids:list',),
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
 'urgency._DUE_FIRST': {'text': "CASE WHEN ((ticket.status NOT IN ('escalated', 'new', 'open', 'waiting'))) THEN "
                                "'9999-12-31T00:00:00Z' WHEN (ticket.due_at < ? AND coalesce(ticket.sla_state, "
                                "'running') IN ('breached', 'running') OR ticket.sla_state = 'breached' AND "
                                '(ticket.due_at IS NULL OR ticket.due_at >= ?)) THEN coalesce(ticket.due_at, '
                                "'9999-12-31T00:00:00Z') WHEN (coalesce(ticket.sla_state, 'running') = 'running' AND "
                                'ticket.due_at >= ? AND ticket.warn_at <= ?) THEN coalesce(ticket.due_at, '
                                "'9999-12-31T00:00:00Z') WHEN (ticket.important = 1) THEN '9999-12-31T00:00:00Z' ELSE "
                                "'9999-12-31T00:00:00Z' END",
                        'parameters': ('now:time', 'now:time', 'now:time', 'now:time')},
 'urgency._URGENCY': {'text': "CASE WHEN ((ticket.status NOT IN ('escalated', 'new', 'open', 'waiting'))) THEN 4 WHEN "
                              "(ticket.due_at < ? AND coalesce(ticket.sla_state, 'running') IN ('breached', 'running') "
                              "OR ticket.sla_state = 'breached' AND (ticket.due_at IS NULL OR ticket.due_at >= ?)) "
                              "THEN 0 WHEN (coalesce(ticket.sla_state, 'running') = 'running' AND ticket.due_at >= ? "
                              'AND ticket.warn_at <= ?) THEN 1 WHEN (ticket.important = 1) THEN 2 ELSE 3 END',
                      'parameters': ('now:time', 'now:time', 'now:time', 'now:time')},
 'urgency.breached': {'text': "coalesce(ticket.status, '') IN ('escalated', 'new', 'open', 'waiting') AND "
                              "ticket.sla_state = 'breached' AND (ticket.due_at IS NULL OR ticket.due_at >= ?)",
                      'parameters': ('now:time',)},
 'urgency.important': {'text': "ticket.important = 1 AND CASE WHEN ((ticket.status NOT IN ('escalated', 'new', 'open', "
                               "'waiting'))) THEN 4 WHEN (ticket.due_at < ? AND coalesce(ticket.sla_state, 'running') "
                               "IN ('breached', 'running') OR ticket.sla_state = 'breached' AND (ticket.due_at IS NULL "
                               "OR ticket.due_at >= ?)) THEN 0 WHEN (coalesce(ticket.sla_state, 'running') = 'running' "
                               'AND ticket.due_at >= ? AND ticket.warn_at <= ?) THEN 1 WHEN (ticket.important = 1) '
                               'THEN 2 ELSE 3 END = 2',
                       'parameters': ('now:time', 'now:time', 'now:time', 'now:time')},
 'urgency.other': {'text': "ticket.status IN ('escalated', 'new', 'open', 'waiting') AND coalesce(ticket.important, 0) "
                           "!= 1 AND CASE WHEN ((ticket.status NOT IN ('escalated', 'new', 'open', 'waiting'))) THEN 4 "
                           "WHEN (ticket.due_at < ? AND coalesce(ticket.sla_state, 'running') IN ('breached', "
                           "'running') OR ticket.sla_state = 'breached' AND (ticket.due_at IS NULL OR ticket.due_at >= "
                           "?)) THEN 0 WHEN (coalesce(ticket.sla_state, 'running') = 'running' AND ticket.due_at >= ? "
                           'AND ticket.warn_at <= ?) THEN 1 WHEN (ticket.important = 1) THEN 2 ELSE 3 END = 3',
                   'parameters': ('now:time', 'now:time', 'now:time', 'now:time')},
 'urgency.overdue': {'text': "coalesce(ticket.status, '') IN ('escalated', 'new', 'open', 'waiting') AND ticket.due_at "
                             "< ? AND coalesce(ticket.sla_state, 'running') IN ('breached', 'running')",
                     'parameters': ('now:time',)},
 'urgency.warned': {'text': "coalesce(ticket.status, '') IN ('escalated', 'new', 'open', 'waiting') AND "
                            "coalesce(ticket.sla_state, 'running') = 'running' AND ticket.due_at >= ? AND "
                            'ticket.warn_at <= ?',
                    'parameters': ('now:time', 'now:time')},
 'watchers._OF': {'text': 'SELECT watcher.agent FROM watcher WHERE watcher.ticket_id = ? ORDER BY watcher.agent',
                  'parameters': ('of_ticket',),
                  'columns': ('agent',)},
 'watchers._REMOVE': {'text': 'DELETE FROM watcher WHERE watcher.ticket_id = ? AND watcher.agent = ?',
                      'parameters': ('of_ticket', 'of_agent')},
 'writers._FORGET': {'text': 'DELETE FROM lease WHERE lease.name = ? OR lease.name LIKE ? AND lease.until <= ?',
                     'parameters': ('of_name', 'like', 'now:time')},
 'writers._NOW': {'text': 'SELECT lease.name, lease.holder FROM lease WHERE lease.name LIKE ? AND lease.until > ? '
                          'ORDER BY lease.name',
                  'parameters': ('like', 'now:time'),
                  'columns': ('name', 'holder')}}
