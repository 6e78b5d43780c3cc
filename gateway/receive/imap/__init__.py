"""IMAP polling: one connection, one folder, what was fetched before, what becomes of a mail afterwards."""
