"""SQL of the statements in `ticketctl/store/privacy`; written by `make sql`, not by hand."""

SCHEMA = "0011"
SQL = {'wipe._FOREIGN': {'text': "comment.author LIKE '%' || '@' || '%' ESCAPE '/'"}}
