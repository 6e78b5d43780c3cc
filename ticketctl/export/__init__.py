"""Tickets in, files out, streamed."""
