"""Exports tickets to files, streamed."""
