"""SQL of the statements in `ticketctl/store/privacy`; written by `make sql`, not by hand."""

SCHEMA = "0016"
SQL = {'purge._LATEST': {'text': "SELECT max(journal.subject) AS max_1 FROM journal WHERE journal.kind = 'purge'",
                   'columns': ('max_1',)},
 'wipe._FOREIGN': {'text': "comment.author LIKE '%%' || '@' || '%%' ESCAPE '/'"}}
