"""From a row of the outbox to an SMTP server: compose, sign, send, retry."""
