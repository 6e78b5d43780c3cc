"""The wire: everything that speaks a mail protocol or reads a raw message."""
