"""Outgoing mail: compose (template and data to MIME) and send (outbox to SMTP)."""
