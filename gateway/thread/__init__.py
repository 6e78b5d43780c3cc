"""Which ticket is it about: token, bounce, message ids, subject tag, nothing (D2)."""
