"""Commands about mail: inbox, outbox, banned senders, mailboxes, the gateway."""
