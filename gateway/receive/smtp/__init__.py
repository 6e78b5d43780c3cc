"""SMTP and LMTP servers: sessions, commands, data, TLS."""
