"""SQL of the statements in `ticketctl/store/reports`; written by `make sql`, not by hand."""

SCHEMA = "0011"
SQL = {'figures.by channel': {'text': 'ticket.channel'},
 'figures.by customer': {'text': 'customer.email'},
 'figures.by day': {'text': 'ticket.created_at'},
 'figures.by kind': {'text': 'ticket.kind'},
 'figures.by language': {'text': 'ticket.language'},
 'figures.by mailbox': {'text': 'ticket.mailbox'},
 'figures.by month': {'text': 'ticket.created_at'},
 'figures.by owner': {'text': "CASE WHEN (ticket.owner <> '' AND ticket.owner NOT IN (SELECT json_extract(agent.value, "
                              "'$.name') FROM definition, json_each(definition.document, '$.agents') AS agent WHERE "
                              'definition.version = (SELECT max(version) FROM definition)) AND EXISTS (SELECT 1 FROM '
                              "definition, json_each(definition.document, '$.agents') AS agent WHERE "
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
 'moved._CUSTOMERS': {'text': 'SELECT journal.id, journal.at, journal.actor, journal.os_user, journal.kind, '
                              'journal.subject, journal.type, journal.old, journal.new, journal.comment, '
                              "journal.undo_group FROM journal WHERE journal.kind = 'customer' ORDER BY journal.id",
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
                                  'undo_group')}}
