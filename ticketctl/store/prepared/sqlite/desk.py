"""SQL of the statements in `ticketctl/store/desk`; written by `make sql`, not by hand."""

SCHEMA = "0016"
SQL = {'canned_replies._DELETE': {'text': 'DELETE FROM template WHERE template.name = ? AND template.language = ?',
                            'parameters': ('of_name', 'of_language')},
 'canned_replies._EVERY': {'text': 'SELECT template.name, template.language, template.kind, template.type, '
                                   'template.subject, template.text, template.fields, template.at, template.actor FROM '
                                   'template ORDER BY template.name, template.language',
                           'columns': ('name',
                                       'language',
                                       'kind',
                                       'type',
                                       'subject',
                                       'text',
                                       'fields:json',
                                       'at:time',
                                       'actor')},
 'canned_replies._FIELDS': {'text': 'SELECT ticket.id, ticket.fields FROM ticket WHERE [[condition]] AND '
                                    'ticket.merged_into IS NULL ORDER BY ticket.id',
                            'parameters': ('[[condition]]',),
                            'columns': ('id', 'fields:json')},
 'canned_replies._INSERT': {'text': 'INSERT INTO template (name, language, kind, type, subject, text, fields, at, '
                                    'actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
                            'parameters': ('name',
                                           'language',
                                           'kind',
                                           'type',
                                           'subject',
                                           'text',
                                           'fields:json',
                                           'at:time',
                                           'actor'),
                            'defaults': {'language': '', 'type': '', 'subject': ''}},
 'canned_replies._NAMED': {'text': 'SELECT template.name, template.language, template.kind, template.type, '
                                   'template.subject, template.text, template.fields, template.at, template.actor FROM '
                                   'template WHERE template.name = ? ORDER BY template.name, template.language',
                           'parameters': ('of_name',),
                           'columns': ('name',
                                       'language',
                                       'kind',
                                       'type',
                                       'subject',
                                       'text',
                                       'fields:json',
                                       'at:time',
                                       'actor')},
 'definitions._HISTORY': {'text': 'SELECT definition.version, definition.at, definition.actor, definition.os_user FROM '
                                  'definition ORDER BY definition.version DESC',
                          'columns': ('version', 'at:time', 'actor', 'os_user')},
 'definitions._INSERT': {'text': 'INSERT INTO definition (version, at, actor, os_user, source, document) VALUES (?, ?, '
                                 '?, ?, ?, ?)',
                         'parameters': ('version', 'at:time', 'actor', 'os_user', 'source', 'document:json')},
 'definitions._NEWEST': {'text': 'SELECT definition.version, definition.at, definition.actor FROM definition ORDER BY '
                                 'definition.version DESC\n'
                                 ' LIMIT 1 OFFSET 0',
                         'columns': ('version', 'at:time', 'actor')},
 'definitions._NEWEST_AND_KEY': {'text': 'SELECT meta.value, definition.version, definition.at, definition.actor FROM '
                                         "meta LEFT OUTER JOIN definition ON 1 WHERE meta.name = 'key' ORDER BY "
                                         'definition.version DESC\n'
                                         ' LIMIT 1 OFFSET 0',
                                 'columns': ('value', 'version', 'at:time', 'actor')},
 'definitions._ONE': {'text': 'SELECT definition.version, definition.document FROM definition WHERE definition.version '
                              '= ?',
                      'parameters': ('wanted',),
                      'columns': ('version', 'document:json')},
 'definitions._SOURCE': {'text': 'SELECT definition.source FROM definition WHERE definition.version = ?',
                         'parameters': ('wanted',),
                         'columns': ('source',)},
 'definitions._VERSION': {'text': 'SELECT max(definition.version) AS max_1 FROM definition', 'columns': ('max_1',)},
 'definitions._VERSION_AT': {'text': 'SELECT coalesce((SELECT max(definition.version) AS max_1 FROM definition WHERE '
                                     'definition.at <= ?), (SELECT min(definition.version) AS min_1 FROM definition), '
                                     '0) AS coalesce_1',
                             'parameters': ('instant:time',),
                             'columns': ('coalesce_1',)},
 'journal._INSERT': {'text': 'INSERT INTO journal (at, actor, os_user, kind, subject, type, old, new, comment, '
                             'undo_group) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
                     'parameters': ('at:time',
                                    'actor',
                                    'os_user',
                                    'kind',
                                    'subject',
                                    'type',
                                    'old:json',
                                    'new:json',
                                    'comment',
                                    'undo_group'),
                     'defaults': {'os_user': '', 'old': None, 'new': None, 'comment': None}},
 'journal._LAST': {'text': 'SELECT journal.id, journal.at, journal.actor, journal.os_user, journal.kind, '
                           'journal.subject, journal.type, journal.old, journal.new, journal.comment, '
                           'journal.undo_group FROM journal WHERE journal.kind = ? AND journal.subject = ? ORDER BY '
                           'journal.id DESC\n'
                           ' LIMIT 1 OFFSET 0',
                   'parameters': ('of_kind', 'of_subject'),
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
 'journal._OF': {'text': 'SELECT journal.id, journal.at, journal.actor, journal.os_user, journal.kind, '
                         'journal.subject, journal.type, journal.old, journal.new, journal.comment, journal.undo_group '
                         'FROM journal WHERE journal.kind = ? AND journal.subject = ? ORDER BY journal.id',
                 'parameters': ('of_kind', 'of_subject'),
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
 'journal._OF_GROUP': {'text': 'SELECT journal.id, journal.at, journal.actor, journal.os_user, journal.kind, '
                               'journal.subject, journal.type, journal.old, journal.new, journal.comment, '
                               'journal.undo_group FROM journal WHERE journal.undo_group = ? ORDER BY journal.id',
                       'parameters': ('of_group',),
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
 'loads._EARLIER': {'text': 'SELECT ticket.owner FROM ticket WHERE ticket.customer_id = ? AND ticket.id != ? AND '
                            'ticket.owner IN (SELECT value FROM json_each(?)) ORDER BY ticket.updated_at DESC, '
                            'ticket.id DESC\n'
                            ' LIMIT 1 OFFSET 0',
                    'parameters': ('customer', 'but', 'names:list'),
                    'columns': ('owner',)},
 'loads._GIVEN': {'text': 'UPDATE routed SET n=? WHERE routed.segment = ? AND routed.agent = ?',
                  'parameters': ('turn', 'in_segment', 'to_agent')},
 'loads._LOADS': {'text': "SELECT ticket.owner, sum(CASE WHEN (ticket.status = 'waiting') THEN 0 ELSE 1 END) AS open, "
                          "sum(CASE WHEN (ticket.status = 'waiting') THEN 1 ELSE 0 END) AS waiting, sum(CASE WHEN "
                          "(ticket.status = 'waiting') THEN 0 ELSE ticket.priority END) AS weight FROM ticket WHERE "
                          "ticket.owner IN (SELECT value FROM json_each(?)) AND ticket.status IN ('escalated', 'new', "
                          "'open', 'waiting') GROUP BY ticket.owner",
                  'parameters': ('names:list',),
                  'columns': ('owner', 'open', 'waiting', 'weight')},
 'loads._OWNERS': {'text': "SELECT ticket.owner, count(*) AS open FROM ticket WHERE ticket.owner != '' AND "
                           "ticket.status IN ('escalated', 'new', 'open') GROUP BY ticket.owner ORDER BY ticket.owner",
                   'columns': ('owner', 'open')},
 'loads._TURNS': {'text': 'SELECT routed.segment, routed.agent, routed.n FROM routed WHERE routed.agent IN (SELECT '
                          'value FROM json_each(?)) ORDER BY routed.segment, routed.agent',
                  'parameters': ('names:list',),
                  'columns': ('segment', 'agent', 'n')},
 'ratings._BY_ANSWER_ID': {'text': 'SELECT rating.id, rating.ticket_id, rating.customer_id, rating.survey, '
                                   'rating.scale, rating.rating, rating.comment, rating.at, rating.via, '
                                   'rating.answer_id, rating.segment, rating.owner, rating.replaced, rating.answers, '
                                   'rating.url FROM rating WHERE rating.survey = ? AND rating.answer_id = ?',
                           'parameters': ('of_survey', 'of_answer'),
                           'columns': ('id',
                                       'ticket_id',
                                       'customer_id',
                                       'survey',
                                       'scale',
                                       'rating',
                                       'comment',
                                       'at:time',
                                       'via',
                                       'answer_id',
                                       'segment',
                                       'owner',
                                       'replaced',
                                       'answers:json',
                                       'url')},
 'ratings._DELETE': {'text': 'DELETE FROM rating WHERE rating.id = ?', 'parameters': ('of_id',)},
 'ratings._GET': {'text': 'SELECT rating.id, rating.ticket_id, rating.customer_id, rating.survey, rating.scale, '
                          'rating.rating, rating.comment, rating.at, rating.via, rating.answer_id, rating.segment, '
                          'rating.owner, rating.replaced, rating.answers, rating.url FROM rating WHERE rating.id = ?',
                  'parameters': ('of_id',),
                  'columns': ('id',
                              'ticket_id',
                              'customer_id',
                              'survey',
                              'scale',
                              'rating',
                              'comment',
                              'at:time',
                              'via',
                              'answer_id',
                              'segment',
                              'owner',
                              'replaced',
                              'answers:json',
                              'url')},
 'ratings._INSERT': {'text': 'INSERT INTO rating (ticket_id, customer_id, survey, scale, rating, comment, at, via, '
                             'answer_id, segment, owner, replaced, answers, url) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '
                             '?, ?, ?, ?) RETURNING id',
                     'parameters': ('ticket_id',
                                    'customer_id',
                                    'survey',
                                    'scale',
                                    'rating',
                                    'comment',
                                    'at:time',
                                    'via',
                                    'answer_id',
                                    'segment',
                                    'owner',
                                    'replaced',
                                    'answers:json',
                                    'url'),
                     'columns': ('id',),
                     'defaults': {'ticket_id': None,
                                  'customer_id': None,
                                  'comment': '',
                                  'answer_id': None,
                                  'segment': '',
                                  'owner': None,
                                  'replaced': 0,
                                  'answers': None,
                                  'url': None}},
 'ratings._LATEST': {'text': 'SELECT rating.id, rating.ticket_id, rating.customer_id, rating.survey, rating.scale, '
                             'rating.rating, rating.comment, rating.at, rating.via, rating.answer_id, rating.segment, '
                             'rating.owner, rating.replaced, rating.answers, rating.url FROM rating WHERE '
                             'rating.ticket_id = ? ORDER BY rating.id DESC\n'
                             ' LIMIT 1 OFFSET 0',
                     'parameters': ('of_ticket',),
                     'columns': ('id',
                                 'ticket_id',
                                 'customer_id',
                                 'survey',
                                 'scale',
                                 'rating',
                                 'comment',
                                 'at:time',
                                 'via',
                                 'answer_id',
                                 'segment',
                                 'owner',
                                 'replaced',
                                 'answers:json',
                                 'url')},
 'ratings._OF': {'text': 'SELECT rating.id, rating.ticket_id, rating.customer_id, rating.survey, rating.scale, '
                         'rating.rating, rating.comment, rating.at, rating.via, rating.answer_id, rating.segment, '
                         'rating.owner, rating.replaced, rating.answers, rating.url FROM rating WHERE rating.ticket_id '
                         '= ? AND rating.survey = ? ORDER BY rating.id DESC\n'
                         ' LIMIT 1 OFFSET 0',
                 'parameters': ('of_ticket', 'of_survey'),
                 'columns': ('id',
                             'ticket_id',
                             'customer_id',
                             'survey',
                             'scale',
                             'rating',
                             'comment',
                             'at:time',
                             'via',
                             'answer_id',
                             'segment',
                             'owner',
                             'replaced',
                             'answers:json',
                             'url')},
 'ratings._REPLACE': {'text': 'UPDATE rating SET replaced=? WHERE rating.id = ?',
                      'parameters': ('is_replaced', 'of_id')},
 'rule_log._COUNTS': {'text': 'SELECT rule_log.rule, rule_log.branch, count(*) AS count_1, max(rule_log.at) AS max_1 '
                              'FROM rule_log GROUP BY rule_log.rule, rule_log.branch',
                      'columns': ('rule', 'branch', 'count_1', 'max_1:time')},
 'rule_log._DID': {'text': 'UPDATE rule_log SET branch=?, did=? WHERE rule_log.rule = ? AND rule_log.event = ?',
                   'parameters': ('new_branch', 'new_did:json', 'of_rule', 'of_event')},
 'rule_log._DONE': {'text': 'SELECT rule_log.rule FROM rule_log WHERE rule_log.event = ? AND rule_log.ticket_id = ?',
                    'parameters': ('of_event', 'of_ticket'),
                    'columns': ('rule',)},
 'rule_log._DUE': {'text': 'SELECT ticket.id FROM ticket WHERE [[condition]] AND ticket.id > ? AND NOT (EXISTS (SELECT '
                           "* FROM rule_log WHERE rule_log.rule = ? AND rule_log.event = ('time ' || CAST(ticket.id AS "
                           'TEXT)))) ORDER BY ticket.id\n'
                           ' LIMIT ? OFFSET 0',
                   'parameters': ('[[condition]]', 'after', 'of_rule', 'most'),
                   'columns': ('id',)},
 'rule_log._END': {'text': "UPDATE rule_log SET event=(rule_log.event || '/' || CAST(rule_log.id AS TEXT)) WHERE "
                           'rule_log.id IN (SELECT value FROM json_each(?))',
                   'parameters': ('ids:list',)},
 'rule_log._EXPIRED': {'text': "SELECT rule_log.id FROM rule_log WHERE rule_log.rule = ? AND rule_log.event = ('time ' "
                               '|| CAST(rule_log.ticket_id AS TEXT)) AND NOT (EXISTS (SELECT * FROM ticket WHERE '
                               'ticket.id = rule_log.ticket_id AND [[condition]]))',
                       'parameters': ('of_rule', '[[condition]]'),
                       'columns': ('id',)},
 'rule_log._FAILURES': {'text': 'SELECT count(*) AS count_1 FROM rule_log WHERE rule_log.at >= ? AND rule_log.branch '
                                "IN ('failed', 'cut')",
                        'parameters': ('since:time',),
                        'columns': ('count_1',)},
 'rule_log._LINES': {'text': 'SELECT rule_log.id, rule_log.rule, rule_log.event, rule_log.ticket_id, rule_log.at, '
                             'rule_log.branch, rule_log.did, rule_log.version FROM rule_log WHERE [[condition]] ORDER '
                             'BY rule_log.id DESC\n'
                             ' LIMIT coalesce(?, -1) OFFSET 0',
                     'parameters': ('[[condition]]', 'limit'),
                     'columns': ('id', 'rule', 'event', 'ticket_id', 'at:time', 'branch', 'did:json', 'version')},
 'rule_log._LINES_OF_TICKETS': {'text': 'SELECT rule_log.id, rule_log.rule, rule_log.event, rule_log.ticket_id, '
                                        'rule_log.at, rule_log.branch, rule_log.did, rule_log.version FROM rule_log '
                                        'JOIN ticket ON ticket.id = rule_log.ticket_id WHERE [[condition]] ORDER BY '
                                        'rule_log.id DESC\n'
                                        ' LIMIT coalesce(?, -1) OFFSET 0',
                                'parameters': ('[[condition]]', 'limit'),
                                'columns': ('id',
                                            'rule',
                                            'event',
                                            'ticket_id',
                                            'at:time',
                                            'branch',
                                            'did:json',
                                            'version')},
 'rule_log._OF_RULE': {'text': 'rule_log.rule = ?', 'parameters': ('rule',)},
 'rule_log._OF_TICKET': {'text': 'rule_log.ticket_id = ?', 'parameters': ('number',)},
 'surveys._ANSWERED': {'text': 'SELECT rating.survey, count(*) AS answered, avg(rating.rating) AS mean FROM rating '
                               'WHERE rating.replaced = 0 AND [[condition]] GROUP BY rating.survey',
                       'parameters': ('[[condition]]',),
                       'columns': ('survey', 'answered', 'mean')},
 'surveys._ANSWERED_ABOUT': {'text': 'rating.ticket_id IN (SELECT ticket.id FROM ticket WHERE [[condition]])',
                             'parameters': ('[[condition]]',)},
 'surveys._ASKED_LATELY': {'text': 'SELECT EXISTS (SELECT * FROM ticket WHERE ticket.id = ? AND (EXISTS (SELECT * FROM '
                                   'ticket AS asked_about, survey_sent WHERE asked_about.id = survey_sent.ticket_id '
                                   'AND asked_about.customer_id = ticket.customer_id AND survey_sent.at > ? AND '
                                   'survey_sent.outbox_id IS NOT NULL AND NOT (EXISTS (SELECT * FROM outbox WHERE '
                                   "outbox.id = survey_sent.outbox_id AND outbox.state = 'cancelled'))))) AS anon_1",
                           'parameters': ('of_ticket', 'asked_since:time'),
                           'columns': ('anon_1:bool',)},
 'surveys._DUE': {'text': 'SELECT ticket.resolved_at, ticket.id FROM ticket JOIN customer ON customer.id = '
                          'ticket.customer_id WHERE ticket.resolved_at >= ? AND ticket.resolved_at <= ? AND '
                          "(ticket.status || '') IN ('closed', 'resolved') AND NOT customer.email IN (SELECT value "
                          'FROM json_each(?)) AND ((EXISTS (SELECT * FROM identity WHERE identity.customer_id = '
                          "ticket.customer_id AND identity.kind = 'email' AND identity.undeliverable_at IS NULL)) OR "
                          '(EXISTS (SELECT * FROM participant WHERE participant.ticket_id = ticket.id AND '
                          "participant.role = 'answer')) OR ticket.channel IN (SELECT value FROM json_each(?)) OR "
                          '(EXISTS (SELECT * FROM message WHERE message.ticket_id = ticket.id AND message.direction = '
                          "'in' AND message.channel IN (SELECT value FROM json_each(?))))) AND "
                          '(ticket.last_customer_at IS NOT NULL OR NOT (EXISTS (SELECT * FROM message WHERE '
                          "message.ticket_id = ticket.id AND message.direction = 'in'))) AND NOT (EXISTS (SELECT * "
                          'FROM ticket AS asked_about, survey_sent WHERE asked_about.id = survey_sent.ticket_id AND '
                          'asked_about.customer_id = ticket.customer_id AND survey_sent.at > ? AND '
                          'survey_sent.outbox_id IS NOT NULL AND NOT (EXISTS (SELECT * FROM outbox WHERE outbox.id = '
                          "survey_sent.outbox_id AND outbox.state = 'cancelled')))) AND NOT (EXISTS (SELECT * FROM "
                          'survey_sent WHERE survey_sent.ticket_id = ticket.id AND survey_sent.survey = ?)) AND '
                          '(ticket.resolved_at > ? OR ticket.id > ?) ORDER BY ticket.resolved_at, ticket.id\n'
                          ' LIMIT ? OFFSET 0',
                  'parameters': ('since:time',
                                 'until:time',
                                 'inside:list',
                                 'channels:list',
                                 'channels:list',
                                 'asked_since:time',
                                 'asked_by',
                                 'since:time',
                                 'last_id',
                                 'most'),
                  'columns': ('resolved_at:time', 'id')},
 'surveys._MARK': {'text': 'INSERT INTO survey_sent (ticket_id, survey, scale, at, outbox_id, segment, owner) VALUES '
                           '(?, ?, ?, ?, ?, ?, ?)',
                   'parameters': ('ticket_id', 'survey', 'scale', 'at:time', 'outbox_id', 'segment', 'owner'),
                   'defaults': {'scale': '1-5', 'outbox_id': None, 'segment': '', 'owner': None}},
 'surveys._OF': {'text': 'SELECT survey_sent.ticket_id, survey_sent.survey, survey_sent.scale, survey_sent.at, '
                         'survey_sent.outbox_id, survey_sent.segment, survey_sent.owner FROM survey_sent WHERE '
                         'survey_sent.ticket_id = ? ORDER BY survey_sent.at DESC, survey_sent.survey',
                 'parameters': ('of_ticket',),
                 'columns': ('ticket_id', 'survey', 'scale', 'at:time', 'outbox_id', 'segment', 'owner')},
 'surveys._OF_SEGMENTS': {'text': 'SELECT ticket.resolved_at, ticket.id FROM ticket JOIN customer ON customer.id = '
                                  'ticket.customer_id WHERE ticket.resolved_at >= ? AND ticket.resolved_at <= ? AND '
                                  "(ticket.status || '') IN ('closed', 'resolved') AND NOT customer.email IN (SELECT "
                                  'value FROM json_each(?)) AND ((EXISTS (SELECT * FROM identity WHERE '
                                  "identity.customer_id = ticket.customer_id AND identity.kind = 'email' AND "
                                  'identity.undeliverable_at IS NULL)) OR (EXISTS (SELECT * FROM participant WHERE '
                                  "participant.ticket_id = ticket.id AND participant.role = 'answer')) OR "
                                  'ticket.channel IN (SELECT value FROM json_each(?)) OR (EXISTS (SELECT * FROM '
                                  "message WHERE message.ticket_id = ticket.id AND message.direction = 'in' AND "
                                  'message.channel IN (SELECT value FROM json_each(?))))) AND (ticket.last_customer_at '
                                  'IS NOT NULL OR NOT (EXISTS (SELECT * FROM message WHERE message.ticket_id = '
                                  "ticket.id AND message.direction = 'in'))) AND NOT (EXISTS (SELECT * FROM ticket AS "
                                  'asked_about, survey_sent WHERE asked_about.id = survey_sent.ticket_id AND '
                                  'asked_about.customer_id = ticket.customer_id AND survey_sent.at > ? AND '
                                  'survey_sent.outbox_id IS NOT NULL AND NOT (EXISTS (SELECT * FROM outbox WHERE '
                                  "outbox.id = survey_sent.outbox_id AND outbox.state = 'cancelled')))) AND NOT "
                                  '(EXISTS (SELECT * FROM survey_sent WHERE survey_sent.ticket_id = ticket.id AND '
                                  'survey_sent.survey = ?)) AND (ticket.resolved_at > ? OR ticket.id > ?) AND '
                                  "ticket.segment || '' IN (SELECT value FROM json_each(?)) ORDER BY "
                                  'ticket.resolved_at, ticket.id\n'
                                  ' LIMIT ? OFFSET 0',
                          'parameters': ('since:time',
                                         'until:time',
                                         'inside:list',
                                         'channels:list',
                                         'channels:list',
                                         'asked_since:time',
                                         'asked_by',
                                         'since:time',
                                         'last_id',
                                         'segments:list',
                                         'most'),
                          'columns': ('resolved_at:time', 'id')},
 'surveys._SENT': {'text': 'SELECT survey_sent.survey, count(*) AS sent FROM survey_sent WHERE survey_sent.outbox_id '
                           'IS NOT NULL AND NOT (EXISTS (SELECT * FROM outbox WHERE outbox.id = survey_sent.outbox_id '
                           "AND outbox.state = 'cancelled')) AND [[condition]] GROUP BY survey_sent.survey",
                   'parameters': ('[[condition]]',),
                   'columns': ('survey', 'sent')},
 'surveys._SENT_ABOUT': {'text': 'survey_sent.ticket_id IN (SELECT ticket.id FROM ticket WHERE [[condition]])',
                         'parameters': ('[[condition]]',)},
 'surveys._VERSIONS': {'text': 'SELECT definition.at, definition.document FROM definition WHERE definition.version >= '
                               'coalesce((SELECT max(definition.version) AS max_1 FROM definition WHERE definition.at '
                               '<= ?), 0) ORDER BY definition.version DESC',
                       'parameters': ('back_to:time',),
                       'columns': ('at:time', 'document:json')}}
