"""Doors: bytes in, a durable row in the inbox, then the reply."""
