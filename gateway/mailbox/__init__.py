"""`ticketctl mailbox`: the accounts by which mail comes and goes, tried and let in."""
