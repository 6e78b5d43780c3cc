"""The gateway: everything that speaks a mail protocol or reads a raw message.

Its folders, low to high: shared, parse, trim; auth, commands, lines, oauth, page, screen, shops, thread; receive, send;
intake, mailbox; run. A folder imports only lower ones.
"""
